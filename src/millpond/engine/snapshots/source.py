"""Ask for the snapshots of a flow: of a function one after another, of a table the newest (1.6)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import Flow, PythonQuery, QualifiedName, SnapshotCdc
from millpond.engine.evaluation.evaluate import call
from millpond.engine.evaluation.relations import Evaluation, Relations, evaluating
from millpond.engine.snapshots.versions import Version, plain_version, type_of
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All rows of a table as of a version."""

    frame: DataFrame
    version: Version


@dataclass(slots=True)
class Asked:
    """What a function answered before the run: the snapshot after `latest`, None for none yet.

    Attributes:
        is_spent: whether the run has taken it, so that the function has to be asked again.
    """

    latest: Version | None
    snapshot: Snapshot | None
    is_spent: bool = False


def is_versioned(flow: Flow) -> bool:
    """Whether a flow's snapshots come from a function of the version before."""
    return isinstance(flow.cdc, SnapshotCdc) and flow.cdc.versioned


def ask(
    flow: Flow, target: QualifiedName, relations: Relations, latest: Version | None
) -> Snapshot | None:
    """Call the function of a flow with the version that was applied last.

    Unlike a dataset function it may act on data: how else would it know what there is.

    Raises:
        MillpondError: DATASET_FUNCTION_FAILED, SNAPSHOT_RESULT, SNAPSHOT_VERSION, or what is
            wrong in its reads.
    """
    assert isinstance(flow.query, PythonQuery), "a function is Python"
    function = functools.partial(flow.query.function, latest)
    with evaluating(Evaluation(None, relations)):
        result = call(function, flow.at, target)
    if result is None:
        return None
    if not _is_pair(result):
        raise _wrong_result(flow, target, result)
    frame, version = result
    if frame is None:
        return None
    return Snapshot(frame, _checked(version, latest, flow, target))


def _is_pair(result: object) -> bool:
    from pyspark.sql import DataFrame

    if not isinstance(result, (tuple, list)) or len(result) != 2:
        return False
    # The older form of "no more" is a pair too: no frame, and any version.
    return result[0] is None or isinstance(result[0], DataFrame)


def _wrong_result(flow: Flow, target: QualifiedName, result: object) -> MillpondError:
    value = f"a {type(result).__name__}"
    if isinstance(result, (tuple, list)):
        value = f"({', '.join(type(item).__name__ for item in result)})"
    return MillpondError(codes.SNAPSHOT_RESULT, at=flow.at, target=target, value=value)


def _checked(value: object, latest: Version | None, flow: Flow, target: QualifiedName) -> Version:
    version = plain_version(value)
    if version is None:
        kind = f"a {type(value).__name__}"
    elif latest is not None and type_of(version) != type_of(latest):
        kind = f"a {type_of(version)} after {latest!r}, a {type_of(latest)}"
    else:
        return version
    raise MillpondError(
        codes.SNAPSHOT_VERSION, at=flow.at, target=target, value=repr(value), kind=kind
    )
