"""The pipeline API: what its decorators and functions declare (reference 1.1 to 1.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import Action, DatasetKind, Name, parse_name
from millpond.errors import MillpondError
from millpond.graph.static import spark
from millpond.graph.static.declared import (
    DeclaredDataset,
    DeclaredExpectation,
    DeclaredFlow,
    Read,
)
from millpond.graph.static.model import EXTERNAL
from millpond.graph.static.site import CallSite
from millpond.graph.static.values import (
    UNKNOWN,
    Decorator,
    Function,
    Partial,
    Placeholder,
    Reader,
    Value,
)

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter
    from millpond.location import Span

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
    **dict.fromkeys(_CDC, ("target", "source", "keys", "sequence_by")),
    **dict.fromkeys(_SNAPSHOT_CDC, ("target", "source", "keys")),
    "create_sink": ("name", "format", "options"),
}
"""What positional arguments are, where the API takes any."""


def call_feature(
    run: Interpreter, feature: str, arguments: list[Value], named: Named, site: CallSite
) -> Value:
    """A call of `dlt.feature(...)`, or its use as a bare decorator."""
    if feature in _READS:
        name = arguments[0] if arguments else named.get("name", UNKNOWN)
        return spark.read_table(run, name, Reader(_READS[feature]), site)
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
            _add(run, _declared(run, name, EXTERNAL, decorator))
    return target


def _outside_source(run: Interpreter, feature: str, site: CallSite) -> bool:
    """Whether this stands in a dataset function, where nothing may be defined."""
    if run.query is not None:
        run.warn(codes.OUTSIDE_PIPELINE_SOURCE, site.at, feature=feature)
    return run.query is not None


# --- decorators -------------------------------------------------------------------------------


def _dataset(run: Interpreter, decorator: Decorator, function: Value) -> Placeholder:
    kind = _DATASETS[decorator.feature]
    if kind is DatasetKind.TABLE and _replaces(decorator.arguments):
        kind = DatasetKind.STREAMING_TABLE
    what = "a view" if kind is DatasetKind.TEMPORARY_VIEW else "a table"
    name = _name_of(run, decorator, function, what)
    if name is None:
        return Placeholder(None)
    dataset = _declared(run, name, kind.value, decorator)
    _add(run, dataset)
    if isinstance(function, Function):
        dataset.expectations = list(function.expectations)
        dataset.expectations_known = function.expectations_known
        dataset.function = function.node
    _follow(run, function, name, decorator)
    return Placeholder(dataset)


def _replaces(given: Named) -> bool:
    """Whether the rows of the table are replaced, which makes it a streaming table."""
    values = [given.get(each) for each in ("replace_where", "replace_using")]
    return any(value is not None and value is not UNKNOWN for value in values)


def _declared(run: Interpreter, name: Name, kind: str, decorator: Decorator) -> DeclaredDataset:
    return DeclaredDataset(
        name,
        kind,
        decorator.site.at,
        certain=run.certain,
        feature=decorator.feature,
        arguments=decorator.arguments,
    )


def _flow(run: Interpreter, decorator: Decorator, function: Value) -> None:
    target = _parsed(run, decorator.arguments.get("target", UNKNOWN), decorator.site)
    if target is None:
        run.warn(codes.STATIC_NAME_UNKNOWN, decorator.site.at, what="the target of a flow")
    else:
        _follow(run, function, target, decorator)


def _follow(
    run: Interpreter,
    function: Value,
    target: Name,
    decorator: Decorator,
    *,
    versions: bool = False,
) -> None:
    certain, at = run.certain, decorator.site.at
    feature, arguments = decorator.feature, decorator.arguments
    node = function.node if isinstance(function, Function) else None

    def finish(reads: tuple[Read, ...], understood: bool) -> None:
        flow = DeclaredFlow(target, at, reads, understood, certain, feature, arguments, node)
        run.declarations.flows.append(flow)

    if isinstance(function, (Function, Partial)):
        run.follow_later(function, decorator.site, finish, versions=versions)
    else:
        finish((), False)


def _expect(run: Interpreter, decorator: Decorator, target: Value) -> None:
    found, known = _expectations(decorator)
    if not known:
        run.warn(codes.STATIC_EXPECTATIONS_UNKNOWN, decorator.site.at)
    if isinstance(target, Function):
        target.expectations[:0] = found
        target.expectations_known = target.expectations_known and known
    elif isinstance(target, Placeholder) and target.dataset is not None:
        target.dataset.expectations[:0] = found
        target.dataset.expectations_known = target.dataset.expectations_known and known


def _expectations(decorator: Decorator) -> tuple[list[DeclaredExpectation], bool]:
    """The expectations of a decorator, and whether they are all of its expectations."""
    given, feature, at = decorator.arguments, decorator.feature, decorator.site.at
    if feature in _EXPECTATIONS:
        name = given.get("description", given.get("name", UNKNOWN))
        condition = given.get("constraint", given.get("inv", UNKNOWN))
        known = isinstance(name, str)
        return _group({name: condition} if known else {}, feature, at)[0], known
    return _group(given.get("expectations", given.get("constraints", UNKNOWN)), feature, at)


def _group(rules: Value, feature: str, at: Span) -> tuple[list[DeclaredExpectation], bool]:
    """A dictionary of rules as expectations, and whether they are all that it has."""
    if rules is None:
        return [], True
    if not isinstance(rules, dict):
        return [], False
    action = _ACTIONS.get(feature.rpartition("_or_")[2], Action.WARN)
    found = [
        DeclaredExpectation(name, rule if isinstance(rule, str) else None, action, at)
        for name, rule in rules.items()
        if isinstance(name, str)
    ]
    return found, UNKNOWN not in rules


_ACTIONS = {"drop": Action.DROP, "fail": Action.FAIL}


# --- functions --------------------------------------------------------------------------------


def _streaming_table(run: Interpreter, given: Named, site: CallSite) -> None:
    name = _parsed(run, given.get("name", UNKNOWN), site)
    if name is None:
        run.warn(codes.STATIC_NAME_UNKNOWN, site.at, what="a streaming table")
        return
    groups = [_group(given.get(group), group, site.at) for group in _EXPECTATION_GROUPS]
    known = all(each for _, each in groups)
    if not known:
        run.warn(codes.STATIC_EXPECTATIONS_UNKNOWN, site.at)
    found = [each for group, _ in groups for each in group]
    dataset = _declared(
        run,
        name,
        DatasetKind.STREAMING_TABLE.value,
        Decorator("create_streaming_table", given, site),
    )
    dataset.expectations, dataset.expectations_known = found, known
    _add(run, dataset)


def _change_flow(run: Interpreter, given: Named, site: CallSite) -> None:
    """AUTO CDC: `source` is read as a stream (reference 1.5)."""
    call = Decorator("create_auto_cdc_flow", given, site)
    _cdc(run, call, given.get("source", UNKNOWN), True)


def _snapshot_flow(run: Interpreter, given: Named, site: CallSite) -> None:
    """AUTO CDC from snapshots: `source` is a table, or a function that gives frames."""
    source = given.get("snapshot_and_version", given.get("source", UNKNOWN))
    _cdc(run, Decorator("create_auto_cdc_from_snapshot_flow", given, site), source, False)


def _cdc(run: Interpreter, call: Decorator, source: Value, streaming: bool) -> None:
    site = call.site
    target = _parsed(run, call.arguments.get("target", UNKNOWN), site)
    if target is None:
        run.warn(codes.STATIC_NAME_UNKNOWN, site.at, what="the target of a flow")
        return
    if isinstance(source, Function):
        _follow(run, source, target, call, versions=True)
        return
    name = _parsed(run, source, site)
    if name is None:
        run.warn(codes.STATIC_READ_UNKNOWN, site.at)
    reads = () if name is None else (Read(name, None, streaming, run.certain, at=site.at),)
    understood = name is not None
    flow = DeclaredFlow(
        target, site.at, reads, understood, run.certain, call.feature, call.arguments
    )
    run.declarations.flows.append(flow)


def _sink(run: Interpreter, given: Named, site: CallSite) -> None:
    name = _parsed(run, given.get("name", UNKNOWN), site)
    if name is None:
        run.warn(codes.STATIC_NAME_UNKNOWN, site.at, what="a sink")
    else:
        _add(run, _declared(run, name, EXTERNAL, Decorator("create_sink", given, site)))


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
