"""What changed in a table between two of its versions: rows added, removed, changed. No Spark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.cdc.hidden import HISTORY, PREFIX, ROW, VISIBLE
from millpond.definitions import QualifiedName
from millpond.engine.history.updates import TableVersion, chosen_versions
from millpond.engine.plain import plain
from millpond.engine.state import State, StoredTable
from millpond.errors import MillpondError
from millpond.graph.suggestion import suggestion

if TYPE_CHECKING:
    from deltalake import DeltaTable

_BEFORE, _AFTER = "before_", "after_"


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that has another value in some columns, by its key.

    Attributes:
        columns: of each column that changed the value before and after.
    """

    key: Mapping[str, Any]
    columns: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class TableDiff:
    """The difference of two versions of a table.

    Attributes:
        before: None for the table before its first version.
        key: the columns by which rows are paired; empty if the table has no key.
        added, removed, changed: how many rows.
        added_rows, removed_rows, changed_rows: the first of them.
        new_columns, lost_columns: that only one of the versions has.
    """

    table: str
    before: TableVersion | None
    after: TableVersion
    key: tuple[str, ...]
    added: int
    removed: int
    changed: int
    added_rows: tuple[Mapping[str, Any], ...]
    removed_rows: tuple[Mapping[str, Any], ...]
    changed_rows: tuple[ChangedRow, ...]
    new_columns: tuple[str, ...] = ()
    lost_columns: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The document of `--output json` (docs/json-output.md)."""
        return {
            "schema_version": 1,
            "table": self.table,
            "from": self.before.to_json() if self.before is not None else None,
            "to": self.after.to_json(),
            "key": list(self.key),
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "columns": {"added": list(self.new_columns), "removed": list(self.lost_columns)},
            "rows": {
                "added": [dict(row) for row in self.added_rows],
                "removed": [dict(row) for row in self.removed_rows],
                "changed": [
                    {
                        "key": dict(row.key),
                        "columns": {
                            name: {"before": values[0], "after": values[1]}
                            for name, values in row.columns.items()
                        },
                    }
                    for row in self.changed_rows
                ],
            },
        }


def diff_table(
    state: State,
    name: QualifiedName,
    start: str | None = None,
    end: str | None = None,
    key: Sequence[str] = (),
    limit: int = 20,
) -> TableDiff:
    """The difference of two versions of a table as its users see it.

    Args:
        start, end: versions, or starts of ids of updates; the last two updates that changed the
            table if None.
        key: columns to pair rows by, instead of those that AUTO CDC has.
        limit: how many rows of each kind are fetched.

    Raises:
        MillpondError: HISTORY_UNKNOWN_TABLE, HISTORY_UNKNOWN_VERSION, HISTORY_UNKNOWN_COLUMN,
            DIFF_NOTHING.
    """
    stored = _stored(state, name)
    path = state.table_path(stored.qualified)
    before, after = chosen_versions(state, stored, path, start, end)
    sides = _Sides(path, before, after)
    keys = _key(tuple(key) or _cdc_key(stored), sides.columns, stored)
    added, removed, changed = sides.counts(keys)
    plus, minus = (
        tuple({each: plain(row[each]) for each in columns} for row in found[:limit])
        for found, columns in (
            (sides.rows(keys, "n_ > 0 AND minus_ = 0", limit), sides.new),
            (sides.rows(keys, "n_ < 0 AND plus_ = 0", limit), sides.old),
        )
    )
    both = sides.rows(keys, "plus_ > 0 AND minus_ > 0", 2 * limit) if changed else []
    pairs = tuple(_changed(both, keys, sides.columns))
    return TableDiff(
        str(stored.qualified),
        before,
        after,
        keys,
        added,
        removed,
        changed,
        plus,
        minus,
        pairs,
        tuple(each for each in sides.new if each not in sides.old) if before else (),
        tuple(each for each in sides.old if each not in sides.new),
    )


def _stored(state: State, name: QualifiedName) -> StoredTable:
    stored = state.tables.get(name.key)
    if stored is None or not stored.created or stored.query:
        known = [str(table.qualified) for table in state.tables.values() if table.created]
        raise MillpondError(
            codes.HISTORY_UNKNOWN_TABLE,
            name=name,
            suggestion=suggestion(str(name), known),
            known=", ".join(known) or "none yet",
        )
    return stored


def _cdc_key(stored: StoredTable) -> tuple[str, ...]:
    """The key of AUTO CDC: the state has `id int, code string`; rows of history also begin."""
    keys = stored.changes.get("keys", "")
    named = tuple(each.rsplit(" ", 1)[0] for each in keys.split(", ") if each)
    if not named or stored.changes.get("history") == "SCD type 1":
        return named
    starts = HISTORY[::2] if stored.changes["history"] == "bitemporal" else HISTORY[:1]
    return (*named, *starts)


def _key(wanted: Sequence[str], columns: Sequence[str], stored: StoredTable) -> tuple[str, ...]:
    spelt = {column.casefold(): column for column in columns}
    for column in wanted:
        if column.casefold() not in spelt:
            raise MillpondError(
                codes.HISTORY_UNKNOWN_COLUMN,
                table=stored.qualified,
                column=column,
                suggestion=suggestion(column, columns),
                known=", ".join(columns),
            )
    return tuple(spelt[column.casefold()] for column in wanted)


class _Sides:
    """Both versions of a table, for questions in SQL.

    Attributes:
        old, new: the columns of each that users see; `columns` are those of both together.
    """

    def __init__(self, path: Path, before: TableVersion | None, after: TableVersion) -> None:
        from deltalake import DeltaTable

        self._tables = {_AFTER: DeltaTable(path, version=after.version)}
        if before is not None:
            self._tables[_BEFORE] = DeltaTable(path, version=before.version)
        types = {name: _types(table) for name, table in self._tables.items()}
        self.new = _shown(types[_AFTER])
        self.old = _shown(types.get(_BEFORE, {}))
        self.columns = tuple(dict.fromkeys((*self.new, *self.old)))
        self._types = types

    def counts(self, key: Sequence[str]) -> tuple[int, int, int]:
        """How many rows were added and removed, and how many keys have other rows."""
        names = _list(key) or "1"
        (row,) = self._ask(
            key,
            "SELECT (SELECT coalesce(sum(n_), 0) FROM paired_ WHERE n_ > 0 AND minus_ = 0) AS a, "
            "(SELECT coalesce(-sum(n_), 0) FROM paired_ WHERE n_ < 0 AND plus_ = 0) AS r, "
            f"(SELECT count(*) FROM (SELECT DISTINCT {names} FROM paired_ "
            "WHERE plus_ > 0 AND minus_ > 0)) AS c",
        )
        return int(row["a"]), int(row["r"]), int(row["c"])

    def rows(self, key: Sequence[str], which: str, limit: int) -> list[dict[str, Any]]:
        """Rows of the difference, as often as they are in it, with `n_`; by their columns."""
        nested = {name for each in self._types.values() for name in each if _nested(each[name])}
        order = [*key, *(each for each in self.columns if each not in (*key, *nested))]
        by = f"ORDER BY {_list(order)}" if order else ""
        columns = _list((*self.columns, "n_"))
        found = self._ask(key, f"SELECT {columns} FROM paired_ WHERE {which} {by} LIMIT {limit}")
        return [row for row in found for _ in range(abs(row["n_"]))]

    def _ask(self, key: Sequence[str], question: str) -> list[dict[str, Any]]:
        """Answer a question about `paired_`: the rows of which there are more on one side.

        `n_` is how many more, below zero for the side before; `plus_` and `minus_` are those
        numbers for all rows of the key. A row without a key is its own.
        """
        import pyarrow as pa  # type: ignore[import-untyped]
        from deltalake import QueryBuilder

        sides = " UNION ALL ".join(map(self._side, self._tables))
        columns = _list(self.columns)
        over = f"OVER (PARTITION BY {_list(key)})" if key else ""
        plus, minus = "greatest(n_, 0)", "greatest(-n_, 0)"
        if key:
            plus, minus = f"sum({plus}) {over}", f"sum({minus}) {over}"
        builder = QueryBuilder()
        for name, table in self._tables.items():
            builder = builder.register(name, table)
        found = builder.execute(
            f"WITH different_ AS (SELECT {columns}, sum(side_) AS n_ FROM ({sides}) "
            f"GROUP BY {columns} HAVING sum(side_) <> 0), paired_ AS "
            f"(SELECT *, {plus} AS plus_, {minus} AS minus_ FROM different_) {question}"
        )
        rows: list[dict[str, Any]] = pa.table(found.read_all()).to_pylist()
        return rows

    def _side(self, name: str) -> str:
        columns = ", ".join(
            quoted_column if column in self._types[name] else f"NULL AS {quoted_column}"
            for column in self.columns
            for quoted_column in [_quoted(column)]
        )
        number = 1 if name == _AFTER else -1
        seen = f" WHERE {_quoted(ROW)} = '{VISIBLE}'" if ROW in self._types[name] else ""
        return f"SELECT {columns}, {number} AS side_ FROM {name}{seen}"


def _types(table: DeltaTable) -> dict[str, str]:
    return {field.name: str(field.type) for field in table.schema().fields}


def _shown(types: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name in types if not name.startswith(PREFIX))


def _nested(kind: str) -> bool:
    return "PrimitiveType" not in kind


def _changed(
    rows: Sequence[Mapping[str, Any]], key: Sequence[str], columns: Sequence[str]
) -> Iterator[ChangedRow]:
    """Rows of the same key, those before with those after, as far as there are both."""
    by_key: dict[str, tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]] = {}
    for row in rows:
        sides = by_key.setdefault(repr([row[each] for each in key]), ([], []))
        sides[row["n_"] > 0].append(row)
    for before, after in by_key.values():
        for one, other in zip(before, after, strict=False):
            differing = {
                column: (plain(one[column]), plain(other[column]))
                for column in columns
                if one[column] != other[column]
            }
            yield ChangedRow({each: plain(one[each]) for each in key}, differing)


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
