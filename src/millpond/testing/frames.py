"""The frame of what a test feeds: Spark or pandas frames, rows, CSV or JSON as text or a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.bundle.suggest import closest
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.spark_message import one_line
from millpond.testing.values import session_zone, struct_rows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


@dataclass(frozen=True, slots=True)
class Given:
    """What one call of `feed` gave.

    Attributes:
        data: a Spark or pandas frame; rows as mappings or tuples; text; or the Path of a file.
        schema: DDL or a StructType, or None.
        at: the call.
    """

    name: str
    data: Any
    schema: Any
    at: Span

    def frame(self, session: SparkSession, known: StructType | None) -> DataFrame:
        """The frame, with exactly the columns of the schema in force.

        Args:
            known: the columns the input has already, or the replaced dataset declares.

        Raises:
            MillpondError: TEST_INPUT_COLUMNS for columns that the schema lacks,
                TEST_INPUT_NOT_VALID for data that does not fit or that nothing tells the types of.
        """
        from pyspark.errors import PySparkException

        try:
            schema = self._schema(session) or known
            frame = self._frame(session, schema)
            fitted = frame if schema is None else self._fitted(frame, schema)
            return fitted.coalesce(1)
        except (PySparkException, ValueError, TypeError, ArithmeticError, OSError) as error:
            reason = one_line(str(error))
            raise MillpondError(
                codes.TEST_INPUT_NOT_VALID, at=self.at, name=self.name, reason=reason
            ) from error

    def _schema(self, session: SparkSession) -> StructType | None:
        from pyspark.sql.types import StructType

        if self.schema is None or isinstance(self.schema, StructType):
            return self.schema
        return session.createDataFrame([], str(self.schema)).schema

    def _frame(self, session: SparkSession, schema: StructType | None) -> DataFrame:
        data = self.data
        if hasattr(data, "sparkSession"):
            return data  # type: ignore[no-any-return]
        if hasattr(data, "to_records"):
            return session.createDataFrame(data)
        if isinstance(data, Path) and data.suffix == ".parquet":
            return session.read.parquet(str(data.absolute()))
        if isinstance(data, (str, Path)):
            data = parsed(data)
        rows = list(data)
        if schema is None:
            return self._inferred(session, rows)
        self._check_columns([name for row in rows for name in _names(row)], schema)
        if any(isinstance(value, _Text) for row in rows for value in _values(row)):
            return _cast(session, rows, schema)
        return session.createDataFrame(struct_rows(rows, schema, session_zone(session)), schema)

    def _inferred(self, session: SparkSession, rows: list[Any]) -> DataFrame:
        if not rows or not isinstance(rows[0], Mapping):
            reason = "rows that are no dicts, or no rows at all, do not tell the columns"
            raise ValueError(reason)
        if any(isinstance(value, _Text) for row in rows for value in row.values()):
            rows = _guessed(rows)
        zone = session_zone(session)
        names = list(dict.fromkeys(name for row in rows for name in row))
        values = [tuple(_nested(row.get(name), zone) for name in names) for row in rows]
        return session.createDataFrame(values, names)

    def _fitted(self, frame: DataFrame, schema: StructType) -> DataFrame:
        from pyspark.sql import functions as F

        self._check_columns(frame.columns, schema)
        have = {name.casefold(): name for name in frame.columns}
        return frame.select(
            *(
                (
                    F.col(f"`{have[field.name.casefold()]}`")
                    if field.name.casefold() in have
                    else F.lit(None)
                )
                .cast(field.dataType)
                .alias(field.name)
                for field in schema.fields
            )
        )

    def _check_columns(self, names: Iterable[str], schema: StructType) -> None:
        given = {name.casefold(): name for name in names}
        known = {field.name.casefold(): field.name for field in schema.fields}
        extra = [name for key, name in given.items() if key not in known]
        if not extra:
            return
        missing = [name for key, name in known.items() if key not in given]
        match = closest(extra[0], missing or known.values())
        raise MillpondError(
            codes.TEST_INPUT_COLUMNS,
            at=self.at,
            name=self.name,
            extra=", ".join(extra),
            missing=", ".join(missing) or "none",
            known=", ".join(known.values()),
            hint=f"Did you mean {match!r} for {extra[0]!r}?" if match else None,
        )


class _Text(str):
    """A value of a CSV file, whose type only a schema or a guess can tell."""

    __slots__ = ()


def parsed(data: str | Path) -> list[dict[str, Any]]:
    """The rows of a text or a file: a JSON array, JSON lines, or CSV with a header.

    Raises:
        ValueError, OSError: it is neither, or there is no such file.
    """
    text = data.read_text(encoding="utf-8") if isinstance(data, Path) else data
    text = text.strip()
    if text.startswith("["):
        return list(json.loads(text))
    if text.startswith("{"):
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    lines = "\n".join(line.strip() for line in text.splitlines())
    reader = csv.DictReader(io.StringIO(lines), skipinitialspace=True, strict=True)
    rows = [dict(row) for row in reader]
    for number, row in enumerate(rows, 1):
        if None in row:
            raise ValueError(f"row {number} of the CSV has more values than the header has names")
    return [{key: _Text(value) if value else None for key, value in row.items()} for row in rows]


def _names(row: Any) -> Iterable[str]:
    return row if isinstance(row, Mapping) else ()


def _values(row: Any) -> Iterable[Any]:
    return row.values() if isinstance(row, Mapping) else ()


def _cast(session: SparkSession, rows: list[Any], schema: StructType) -> DataFrame:
    """Rows of CSV, each value cast to its column's type; nested ones are read as JSON."""
    from pyspark.sql import functions as F
    from pyspark.sql.types import ArrayType, MapType, StructType

    names = list(dict.fromkeys(name for row in rows for name in row))
    text = session.createDataFrame(
        [tuple(row.get(name) for name in names) for row in rows],
        ", ".join(f"`{name}` STRING" for name in names),
    )
    types = {field.name.casefold(): field.dataType for field in schema.fields}

    def column(name: str) -> Any:
        kind = types[name.casefold()]
        if isinstance(kind, (ArrayType, MapType, StructType)):
            return F.from_json(F.col(f"`{name}`"), kind.simpleString()).alias(name)
        return F.col(f"`{name}`").cast(kind).alias(name)

    return text.select(*map(column, names))


def _guessed(rows: list[dict[str, str | None]]) -> list[dict[str, Any]]:
    """Rows of CSV, each column of the first type that all of its values are written as."""
    readers: dict[str, Callable[[str], Any]] = {}
    for name in rows[0]:
        values = [value for row in rows if (value := row.get(name)) is not None]
        readers[name] = next(reader for reader in _READERS if _reads(reader, values))
    return [
        {name: None if value is None else readers[name](value) for name, value in row.items()}
        for row in rows
    ]


def _reads(reader: Callable[[str], Any], values: list[str]) -> bool:
    try:
        for value in values:
            reader(value)
    except ValueError:
        return False
    return bool(values) or reader is str


def _boolean(text: str) -> bool:
    if text.casefold() not in ("true", "false"):
        raise ValueError(text)
    return text.casefold() == "true"


_READERS: tuple[Callable[[str], Any], ...] = (
    int,
    float,
    _boolean,
    date.fromisoformat,
    datetime.fromisoformat,
    str,
)


def _nested(value: Any, zone: tzinfo) -> Any:
    """A value whose type Spark infers as a user of JSON expects: a mapping is a struct."""
    from pyspark.sql import Row

    if isinstance(value, Mapping):
        return Row(**{name: _nested(item, zone) for name, item in value.items()})
    if isinstance(value, list):
        return [_nested(item, zone) for item in value]
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=zone)
    return str(value) if isinstance(value, _Text) else value
