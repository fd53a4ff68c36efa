"""AUTO CDC: `create_auto_cdc_flow`, its form for snapshots, and their older names (1.5, 1.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from millpond import codes
from millpond.api import arguments
from millpond.api.registry import active_registry
from millpond.definitions import (
    AutoCdc,
    CdcColumns,
    CdcExpression,
    Flow,
    FlowKind,
    PythonQuery,
    Query,
    SnapshotCdc,
    StoredAs,
    TableQuery,
    parse_name,
)
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.location import Span

_CHANGES = (
    "target",
    "source",
    "keys",
    "sequence_by",
    "where",
    "ignore_null_updates",
    "apply_as_deletes",
    "apply_as_truncates",
    "column_list",
    "except_column_list",
    "stored_as_scd_type",
    "track_history_column_list",
    "track_history_except_column_list",
    "flow_name",
    "name",
    "once",
    "ignore_null_updates_column_list",
    "ignore_null_updates_except_column_list",
    "columns_to_update",
    "system_sequence_by",
    "spark_conf",
    "comment",
)
_SNAPSHOTS = (
    "target",
    "source",
    "keys",
    "stored_as_scd_type",
    "track_history_column_list",
    "track_history_except_column_list",
    "snapshot_and_version",
    "flow_name",
    "name",
    "once",
    "spark_conf",
    "comment",
)
_SCD_TYPES = {"1": StoredAs.SCD_TYPE_1, "2": StoredAs.SCD_TYPE_2, "bitemporal": StoredAs.BITEMPORAL}
_COLUMN = re.compile(r"Column<'(.*)'>", re.DOTALL)


def create_auto_cdc_flow(*positional: Any, **named: Any) -> None:
    """Define a flow that applies a feed of changes to a streaming table (reference 1.5).

    Raises:
        MillpondError: INVALID_ARGUMENT, CANNOT_SET_TOGETHER, ARGUMENT_NOT_ALLOWED.
    """
    _changes("create_auto_cdc_flow", positional, named)


def apply_changes(*positional: Any, **named: Any) -> None:
    """The older name of `create_auto_cdc_flow`."""
    _changes("apply_changes", positional, named)


def create_auto_cdc_from_snapshot_flow(*positional: Any, **named: Any) -> None:
    """Define a flow that compares snapshots of a table (reference 1.6).

    Raises:
        MillpondError: INVALID_ARGUMENT, CANNOT_SET_TOGETHER, ARGUMENT_NOT_ALLOWED.
    """
    _snapshots("create_auto_cdc_from_snapshot_flow", positional, named)


def apply_changes_from_snapshot(*positional: Any, **named: Any) -> None:
    """The older name of `create_auto_cdc_from_snapshot_flow`."""
    _snapshots("apply_changes_from_snapshot", positional, named)


def _changes(feature: str, positional: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    at = caller_span()
    given = arguments.bound(feature, _CHANGES, positional, named)
    source = arguments.name_of(feature, given.get("source"), at, argument="source")
    stored_as = _stored_as(feature, given)
    _check_changes(feature, given, stored_as)
    cdc = AutoCdc(
        keys=_keys(feature, given),
        sequence_by=_sequence(feature, given, at),
        at=at,
        stored_as=stored_as,
        where=_expression(feature, given, "where", at),
        ignore_null_updates=_null_updates(feature, given, at),
        apply_as_deletes=_expression(feature, given, "apply_as_deletes", at),
        apply_as_truncates=_expression(feature, given, "apply_as_truncates", at),
        columns=_columns(feature, given, "column_list", "except_column_list", at),
        system_sequence_by=_expression(feature, given, "system_sequence_by", at),
        track_history=_history(feature, given, stored_as, at),
        columns_to_update=_expression(feature, given, "columns_to_update", at),
    )
    once = arguments.flag(feature, given, "once")
    query = TableQuery(source, streaming=not once, at=at.narrowed("source"))
    _add(feature, given, FlowKind.AUTO_CDC, query, cdc, at)


def _snapshots(feature: str, positional: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    at = caller_span()
    given = arguments.bound(feature, _SNAPSHOTS, positional, named)
    arguments.refuse_together(feature, given, "source", "snapshot_and_version")
    source = given.get("snapshot_and_version", None) or given.get("source")
    stored_as = _stored_as(feature, given)
    if stored_as is StoredAs.BITEMPORAL:
        expected = "1 or 2"
        raise arguments.wrong_argument(feature, "stored_as_scd_type", expected, "bitemporal")
    if isinstance(source, str):
        query: Query = TableQuery(parse_name(source, at=at), streaming=False, at=at)
    elif callable(source):
        query = PythonQuery(source)
    else:
        expected = "a table's name, or a function of the latest version"
        raise arguments.wrong_argument(feature, "source", expected, source)
    cdc = SnapshotCdc(
        keys=_keys(feature, given),
        versioned=not isinstance(source, str),
        at=at,
        stored_as=stored_as,
        track_history=_history(feature, given, stored_as, at),
    )
    _add(feature, given, FlowKind.SNAPSHOT_CDC, query, cdc, at)


def _add(
    feature: str,
    given: Mapping[str, Any],
    kind: FlowKind,
    query: Query,
    cdc: AutoCdc | SnapshotCdc,
    at: Span,
) -> None:
    arguments.refuse_together(feature, given, "name", "flow_name")
    target = arguments.name_of(feature, given.get("target"), at, argument="target")
    name = given.get("name") or given.get("flow_name")
    active_registry(feature).add_flow(
        Flow(
            name=target if name is None else arguments.name_of(feature, name, at),
            target=target,
            kind=kind,
            query=query,
            at=at,
            language="PYTHON",
            comment=arguments.text(feature, given, "comment"),
            once=arguments.flag(feature, given, "once"),
            spark_conf=arguments.string_map(feature, "spark_conf", given.get("spark_conf")),
            cdc=cdc,
        )
    )


def _check_changes(feature: str, given: Mapping[str, Any], stored_as: StoredAs) -> None:
    """What excludes each other, and what only one kind of history takes."""
    null_lists = (
        "ignore_null_updates_column_list",
        "ignore_null_updates_except_column_list",
    )
    arguments.refuse_together(feature, given, *null_lists)
    arguments.refuse_together(feature, given, "ignore_null_updates", "columns_to_update")
    for each in null_lists:
        arguments.refuse_together(feature, given, each, "columns_to_update")
    bitemporal = stored_as is StoredAs.BITEMPORAL
    if bitemporal and given.get("system_sequence_by") is None:
        expected = 'given, as stored_as_scd_type is "bitemporal"'
        raise arguments.wrong_argument(feature, "system_sequence_by", expected, None)
    for argument, allowed, reason in (
        ("apply_as_truncates", stored_as is StoredAs.SCD_TYPE_1, "works with SCD type 1 only"),
        ("system_sequence_by", bitemporal, "works with bitemporal history only"),
        ("columns_to_update", not bitemporal, "does not work with bitemporal history"),
    ):
        if arguments.is_set(given.get(argument)) and not allowed:
            raise _not_allowed(feature, argument, reason)


def _not_allowed(feature: str, argument: str, reason: str) -> MillpondError:
    return MillpondError(
        codes.ARGUMENT_NOT_ALLOWED,
        at=caller_span().narrowed(argument),
        function=feature,
        argument=argument,
        reason=reason,
    )


def _stored_as(feature: str, given: Mapping[str, Any]) -> StoredAs:
    value = given.get("stored_as_scd_type")
    if value is None:
        return StoredAs.SCD_TYPE_1
    known = None if isinstance(value, bool) else _SCD_TYPES.get(str(value).casefold())
    if known is None:
        expected = '1, 2 or "bitemporal"'
        raise arguments.wrong_argument(feature, "stored_as_scd_type", expected, value)
    return known


def _keys(feature: str, given: Mapping[str, Any]) -> tuple[str, ...]:
    keys = _names(feature, given, "keys")
    if not keys:
        raise arguments.wrong_argument(
            feature, "keys", "a list of at least one column", given.get("keys")
        )
    return keys


def _names(feature: str, given: Mapping[str, Any], argument: str) -> tuple[str, ...]:
    """Unqualified names of columns, each given as a string or a Column."""
    value = given.get(argument)
    if value is None:
        return ()
    expected = "a list of column names or Columns"
    items = value if isinstance(value, (list, tuple)) else [value]
    names: list[str] = []
    for item in items:
        is_column = type(item).__name__ == "Column"
        match = _COLUMN.fullmatch(str(item)) if is_column else None
        name = match.group(1) if match else item
        if not isinstance(name, str) or not name:
            raise arguments.wrong_argument(feature, argument, expected, value)
        parts = parse_name(name, what="column", at=caller_span())
        if len(parts) != 1:
            raise arguments.wrong_argument(feature, argument, "unqualified column names", name)
        names.append(parts[0])
    return tuple(names)


def _columns(
    feature: str, given: Mapping[str, Any], included: str, excluded: str, at: Span
) -> CdcColumns | None:
    """One of a pair of lists; an empty list is as good as none (reference 1.5)."""
    arguments.refuse_together(feature, given, included, excluded)
    for argument in (included, excluded):
        names = _names(feature, given, argument)
        if names:
            return CdcColumns(names, argument == excluded, at.narrowed(argument))
    return None


def _null_updates(feature: str, given: Mapping[str, Any], at: Span) -> CdcColumns | None:
    prefix = "ignore_null_updates"
    chosen = _columns(feature, given, f"{prefix}_column_list", f"{prefix}_except_column_list", at)
    every = arguments.flag(feature, given, prefix)
    return chosen or (CdcColumns((), True, at.narrowed(prefix)) if every else None)


def _history(
    feature: str, given: Mapping[str, Any], stored_as: StoredAs, at: Span
) -> CdcColumns | None:
    included, excluded = "track_history_column_list", "track_history_except_column_list"
    found = _columns(feature, given, included, excluded, at)
    if found is not None and stored_as is not StoredAs.SCD_TYPE_2:
        argument = excluded if found.excluded else included
        raise _not_allowed(feature, argument, "works with SCD type 2 only")
    return found


def _sequence(feature: str, given: Mapping[str, Any], at: Span) -> CdcExpression:
    found = _expression(feature, given, "sequence_by", at)
    if found is None:
        expected = "a column's name or a Column"
        raise arguments.wrong_argument(feature, "sequence_by", expected, None)
    return found


def _expression(
    feature: str, given: Mapping[str, Any], argument: str, at: Span
) -> CdcExpression | None:
    value = given.get(argument)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str) and type(value).__name__ != "Column":
        expected = "a SQL expression as a string, or a Column"
        raise arguments.wrong_argument(feature, argument, expected, value)
    return CdcExpression(value, at.narrowed(argument))
