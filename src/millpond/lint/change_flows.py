"""A flow of AUTO CDC in one form, whether it is written in Python or in SQL."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from millpond.definitions import AutoCdc, CdcColumns, SnapshotCdc
from millpond.graph.static.declared import DeclaredFlow, Read
from millpond.lint.features import SNAPSHOT_CDC
from millpond.lint.python_source import PythonSource
from millpond.location import Span

if TYPE_CHECKING:
    from millpond.lint.pipeline import DatasetFacts, Pipeline


@dataclass(frozen=True, eq=False)
class ChangeFlow:
    """A flow of changes.

    Attributes:
        scd: `1`, `2` or `bitemporal`; empty where it is not known.
        keys: as far as they are known.
        sequence, deletes: the text of the expressions, or what text there is in them.
        arguments: the names of what is given, those of Python's API.
        places: where arguments stand, as far as that is known.
    """

    declared: DeclaredFlow
    snapshot: bool
    scd: str
    keys: tuple[str, ...]
    sequence: str
    sequence_at: Span
    deletes: str
    deletes_at: Span
    arguments: frozenset[str]
    lacks_sequence: bool = False
    places: Mapping[str, Span] = field(default_factory=dict)

    @property
    def at(self) -> Span:
        """Where it is defined."""
        return self.declared.at

    def given(self, name: str) -> bool:
        """Whether an argument is given, and is not None or empty."""
        return name in self.arguments

    def argument_at(self, name: str) -> Span:
        """Where an argument stands; the flow itself where that is not known."""
        return self.places.get(name, self.at)


def change_flows(pipeline: Pipeline) -> Iterator[tuple[DatasetFacts, ChangeFlow]]:
    """All flows of changes of a pipeline, each with its target."""
    for dataset in pipeline.datasets:
        for flow in dataset.cdc_flows:
            yield dataset, change_flow(pipeline, flow)


def minds_changes(read: Read) -> bool:
    """Whether a stream is told what to do about rows that change."""
    keys = ("readchangefeed", "readchangedata", "skipchangecommits", "ignorechanges")
    return any(key in read.options for key in keys)


def change_flow(pipeline: Pipeline, flow: DeclaredFlow) -> ChangeFlow:
    """A flow in this form."""
    definition = flow.definition
    cdc = definition.cdc if definition is not None else None
    if isinstance(cdc, AutoCdc):
        return _from_sql(flow, cdc)
    if isinstance(cdc, SnapshotCdc):
        return ChangeFlow(
            *(flow, True, cdc.stored_as.value, cdc.keys, "", flow.at, "", flow.at, frozenset()),
        )
    return _from_python(pipeline, flow)


def _from_sql(flow: DeclaredFlow, cdc: AutoCdc) -> ChangeFlow:
    given: set[str] = set()
    places: dict[str, Span] = {}
    if cdc.apply_as_truncates is not None:
        given.add("apply_as_truncates")
        places["apply_as_truncates"] = cdc.apply_as_truncates.at
    given |= _lists("column_list", "except_column_list", cdc.columns)
    history = ("track_history_column_list", "track_history_except_column_list")
    given |= _lists(*history, cdc.track_history)
    deletes = cdc.apply_as_deletes
    return ChangeFlow(
        flow,
        snapshot=False,
        scd=cdc.stored_as.value,
        keys=cdc.keys,
        sequence=str(cdc.sequence_by.value),
        sequence_at=cdc.sequence_by.at,
        deletes=str(deletes.value) if deletes is not None else "",
        deletes_at=deletes.at if deletes is not None else flow.at,
        arguments=frozenset(given),
        places=places,
    )


def _lists(include: str, exclude: str, columns: CdcColumns | None) -> set[str]:
    if columns is None:
        return set()
    return {exclude if columns.excluded else include}


def _from_python(pipeline: Pipeline, flow: DeclaredFlow) -> ChangeFlow:
    given = flow.arguments
    source, call = _call(pipeline, flow)
    sequence, sequence_at = _text(source, call, given, "sequence_by", flow.at)
    deletes, deletes_at = _text(source, call, given, "apply_as_deletes", flow.at)
    scd = given.get("stored_as_scd_type")
    known = isinstance(scd, (int, str)) or ("stored_as_scd_type" not in given and "**" not in given)
    keys = given.get("keys")
    texts = [key for key in keys if isinstance(key, str)] if isinstance(keys, (list, tuple)) else []
    named = {name for name, value in given.items() if _is_given(value)}
    starred = call is not None and any(isinstance(each, ast.Starred) for each in call.args)
    return ChangeFlow(
        flow,
        snapshot=flow.feature in SNAPSHOT_CDC,
        scd=(str(scd) if scd else "1") if known else "",
        keys=tuple(texts),
        sequence=sequence,
        sequence_at=sequence_at,
        deletes=deletes,
        deletes_at=deletes_at,
        arguments=frozenset(named),
        lacks_sequence="sequence_by" not in named and "**" not in given and not starred,
        places=_places(source, call),
    )


def _places(source: PythonSource | None, call: ast.Call | None) -> dict[str, Span]:
    """Where the keyword arguments of a call stand."""
    if source is None or call is None:
        return {}
    return {each.arg: source.span(each) for each in call.keywords if each.arg is not None}


def _is_given(value: object) -> bool:
    if value is None:
        return False
    return not (isinstance(value, (list, tuple, str)) and len(value) == 0)


def _call(pipeline: Pipeline, flow: DeclaredFlow) -> tuple[PythonSource | None, ast.Call | None]:
    """The call that makes a flow."""
    for source in pipeline.python_at(flow.at.file):
        for call in source.all(ast.Call):
            ours = call.lineno == flow.at.line and source.feature(call) is not None
            if ours and source.span(call) == flow.at:
                return source, call
    return None, None


def _text(
    source: PythonSource | None,
    call: ast.Call | None,
    given: Mapping[str, object],
    name: str,
    otherwise: Span,
) -> tuple[str, Span]:
    """The text in an argument, and its place."""
    node = next((k.value for k in call.keywords if k.arg == name), None) if call else None
    value = given.get(name)
    if node is None or source is None:
        return (value if isinstance(value, str) else ""), otherwise
    at = source.span(node)
    if isinstance(value, str):
        return value, at
    texts = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
    names = [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)]
    calls = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    expression = " ".join(str(each) for each in texts if isinstance(each, str))
    sole = isinstance(node, ast.Call) and len(texts) == 1
    return (expression if sole and expression else " ".join([expression, *names, *calls])), at
