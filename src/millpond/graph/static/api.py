"""The pipeline API: what its decorators and functions declare (reference 1.1 to 1.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import DatasetKind, Name, parse_name
from millpond.errors import MillpondError
from millpond.graph.static import spark
from millpond.graph.static.declared import DeclaredDataset, DeclaredFlow, Read
from millpond.graph.static.model import EXTERNAL
from millpond.graph.static.site import CallSite
from millpond.graph.static.values import (
    UNKNOWN,
    Decorator,
    Function,
    Partial,
    Placeholder,
    Value,
)

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter

Named = dict[str, Value]

_DATASETS = {
    "create_table": DatasetKind.TABLE,
    "create_view": DatasetKind.TEMPORARY_VIEW,
    "materialized_view": DatasetKind.MATERIALIZED_VIEW,
    "table": DatasetKind.TABLE,
    "temporary_view": DatasetKind.TEMPORARY_VIEW,
    "view": DatasetKind.TEMPORARY_VIEW,
}
_TARGETS = ("create_streaming_table", "create_target_table", "create_streaming_live_table")
_EXPECTATIONS = ("expect", "expect_or_drop", "expect_or_fail")
_EXPECTATION_GROUPS = ("expect_all", "expect_all_or_drop", "expect_all_or_fail")
_FLOWS = ("append_flow", "replace_flow", "update_flow")
_CDC = ("apply_changes", "create_auto_cdc_flow")
_SNAPSHOT_CDC = ("apply_changes_from_snapshot", "create_auto_cdc_from_snapshot_flow")
_READS = {"read": False, "read_stream": True, "readStream": True}
_PARAMETERS = {
    **dict.fromkeys(_EXPECTATIONS, ("description", "constraint")),
    **dict.fromkeys(_EXPECTATION_GROUPS, ("expectations",)),
    **dict.fromkeys(_TARGETS, ("name",)),
    **dict.fromkeys(_FLOWS, ("name", "target")),
    **dict.fromkeys(_CDC, ("target", "source")),
    **dict.fromkeys(_SNAPSHOT_CDC, ("target", "source")),
    "create_sink": ("name", "format", "options"),
}
"""What positional arguments are, where the API takes any."""


def call_feature(
    run: Interpreter, feature: str, arguments: list[Value], named: Named, site: CallSite
) -> Value:
    """A call of `dlt.feature(...)`, or its use as a bare decorator."""
    if feature in _READS:
        name = arguments[0] if arguments else named.get("name", UNKNOWN)
        return spark.read_table(run, name, _READS[feature], site)
    bare = arguments[0] if arguments and feature not in _PARAMETERS else None
    given = {**dict(zip(_PARAMETERS.get(feature, ()), arguments, strict=False)), **named}
    declare = _FUNCTIONS.get(feature)
    if declare is not None:
        if not _outside_source(run, feature, site):
            declare(run, given, site)
        return None
    decorator = Decorator(feature, given, site)
    return decorator if bare is None else apply_decorator(run, decorator, bare)


def apply_decorator(run: Interpreter, decorator: Decorator, target: Value) -> Value:
    """What a decorator of the API makes of the function, or of what one above it made of it."""
    feature = decorator.feature
    if feature in _EXPECTATIONS or feature in _EXPECTATION_GROUPS:
        _expect(run, decorator, target)
        return target
    if _outside_source(run, feature, decorator.site):
        return target
    if feature in _DATASETS:
        return _dataset(run, decorator, target)
    if feature in _FLOWS:
        _flow(run, decorator, target)
    if feature == "foreach_batch_sink":
        name = _name_of(run, decorator, target, "a sink")
        if name is not None:
            _add(run, DeclaredDataset(name, EXTERNAL, decorator.site.at, certain=run.certain))
    return target


def _outside_source(run: Interpreter, feature: str, site: CallSite) -> bool:
    """Whether this stands in a dataset function, where nothing may be defined."""
    if run.query is not None:
        run.warn(codes.OUTSIDE_PIPELINE_SOURCE, site.at, feature=feature)
    return run.query is not None


# --- decorators -------------------------------------------------------------------------------


def _dataset(run: Interpreter, decorator: Decorator, function: Value) -> Placeholder:
    kind = _DATASETS[decorator.feature]
    what = "a view" if kind is DatasetKind.TEMPORARY_VIEW else "a table"
    name = _name_of(run, decorator, function, what)
    if name is None:
        return Placeholder(None)
    dataset = DeclaredDataset(name, kind.value, decorator.site.at, certain=run.certain)
    _add(run, dataset)
    if isinstance(function, Function):
        dataset.expectations = list(function.expectations)
        dataset.expectations_known = function.expectations_known
    _follow(run, function, name, decorator.site)
    return Placeholder(dataset)


def _flow(run: Interpreter, decorator: Decorator, function: Value) -> None:
    target = _parsed(run, decorator.arguments.get("target", UNKNOWN), decorator.site)
    if target is None:
        run.warn(codes.STATIC_NAME_UNKNOWN, decorator.site.at, what="the target of a flow")
    else:
        _follow(run, function, target, decorator.site)


def _follow(run: Interpreter, function: Value, target: Name, site: CallSite) -> None:
    certain = run.certain
    at = site.at

    def finish(reads: tuple[Read, ...], understood: bool) -> None:
        run.declarations.flows.append(DeclaredFlow(target, at, reads, understood, certain))

    if isinstance(function, (Function, Partial)):
        run.follow_later(function, site, finish)
    else:
        finish((), False)


def _expect(run: Interpreter, decorator: Decorator, target: Value) -> None:
    names, known = _expectation_names(decorator)
    if not known:
        run.warn(codes.STATIC_EXPECTATIONS_UNKNOWN, decorator.site.at)
    if isinstance(target, Function):
        target.expectations[:0] = names
        target.expectations_known = target.expectations_known and known
    elif isinstance(target, Placeholder) and target.dataset is not None:
        target.dataset.expectations[:0] = names
        target.dataset.expectations_known = target.dataset.expectations_known and known


def _expectation_names(decorator: Decorator) -> tuple[list[str], bool]:
    given = decorator.arguments
    if decorator.feature in _EXPECTATIONS:
        name = given.get("description", given.get("name", UNKNOWN))
        return ([name], True) if isinstance(name, str) else ([], False)
    return _group_names(given.get("expectations", given.get("constraints", UNKNOWN)))


def _group_names(rules: Value) -> tuple[list[str], bool]:
    """The names of a dictionary of rules, and whether they are all of its names."""
    if rules is None:
        return [], True
    if not isinstance(rules, dict):
        return [], False
    return [name for name in rules if isinstance(name, str)], UNKNOWN not in rules


# --- functions --------------------------------------------------------------------------------


def _streaming_table(run: Interpreter, given: Named, site: CallSite) -> None:
    name = _parsed(run, given.get("name", UNKNOWN), site)
    if name is None:
        run.warn(codes.STATIC_NAME_UNKNOWN, site.at, what="a streaming table")
        return
    groups = [_group_names(given.get(group)) for group in _EXPECTATION_GROUPS]
    known = all(each for _, each in groups)
    if not known:
        run.warn(codes.STATIC_EXPECTATIONS_UNKNOWN, site.at)
    names = [each for group, _ in groups for each in group]
    kind = DatasetKind.STREAMING_TABLE.value
    _add(run, DeclaredDataset(name, kind, site.at, names, run.certain, known))


def _change_flow(run: Interpreter, given: Named, site: CallSite) -> None:
    """AUTO CDC: `source` is read as a stream (reference 1.5)."""
    _cdc(run, given, given.get("source", UNKNOWN), True, site)


def _snapshot_flow(run: Interpreter, given: Named, site: CallSite) -> None:
    """AUTO CDC from snapshots: `source` is a table, or a function that gives frames."""
    source = given.get("snapshot_and_version", given.get("source", UNKNOWN))
    _cdc(run, given, source, False, site)


def _cdc(run: Interpreter, given: Named, source: Value, streaming: bool, site: CallSite) -> None:
    target = _parsed(run, given.get("target", UNKNOWN), site)
    if target is None:
        run.warn(codes.STATIC_NAME_UNKNOWN, site.at, what="the target of a flow")
        return
    if isinstance(source, Function):
        _follow(run, source, target, site)
        return
    name = _parsed(run, source, site)
    if name is None:
        run.warn(codes.STATIC_READ_UNKNOWN, site.at)
    reads = () if name is None else (Read(name, None, streaming, run.certain),)
    flow = DeclaredFlow(target, site.at, reads, name is not None, run.certain)
    run.declarations.flows.append(flow)


def _sink(run: Interpreter, given: Named, site: CallSite) -> None:
    name = _parsed(run, given.get("name", UNKNOWN), site)
    if name is None:
        run.warn(codes.STATIC_NAME_UNKNOWN, site.at, what="a sink")
    else:
        _add(run, DeclaredDataset(name, EXTERNAL, site.at, certain=run.certain))


_FUNCTIONS: dict[str, Callable[[Interpreter, Named, CallSite], None]] = {
    **dict.fromkeys(_TARGETS, _streaming_table),
    **dict.fromkeys(_CDC, _change_flow),
    **dict.fromkeys(_SNAPSHOT_CDC, _snapshot_flow),
    "create_sink": _sink,
}


# --- names ------------------------------------------------------------------------------------


def _name_of(run: Interpreter, decorator: Decorator, function: Value, what: str) -> Name | None:
    """The name given, or the function's; None with a warning if it is not known."""
    given = decorator.arguments.get("name")
    if given is None and isinstance(function, Function) and "**" not in decorator.arguments:
        given = function.name
    name = _parsed(run, given, decorator.site)
    if name is None:
        run.warn(codes.STATIC_NAME_UNKNOWN, decorator.site.at, what=what)
    return name


def _parsed(run: Interpreter, name: Value, site: CallSite) -> Name | None:
    if not isinstance(name, str):
        return None
    try:
        return parse_name(name, at=site.at)
    except MillpondError as error:
        run.declarations.warn(error)
        return None


def _add(run: Interpreter, dataset: DeclaredDataset) -> None:
    run.declarations.datasets.append(dataset)
