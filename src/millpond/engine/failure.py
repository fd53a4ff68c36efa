"""The exception that ended a flow, as an error at the user's line."""

from __future__ import annotations

import re
from pathlib import Path

from millpond import codes
from millpond.definitions import QualifiedName
from millpond.definitions.caller import is_user_code
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow
from millpond.engine.spark_error import spark_error
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.quality.violation import find_violation
from millpond.spark_message import named

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
_MERGE = re.compile(r"Failed to merge fields '([^']+)'")
_CAUSE = re.compile(r"^(?:Caused by: |: )?([\w.$]*(?:Exception|Error)): (.*)$", re.MULTILINE)

_LOST = frozenset({"Py4JNetworkError", "ConnectionRefusedError", "ConnectionResetError"})
_SESSION_CHANGED = "INVALID_HANDLE.SESSION_CHANGED"

_CONDITIONS = (
    (re.compile("DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE"), codes.DIFFERENT_DELTA_TABLE),
    (
        re.compile("DELTA_SOURCE_TABLE_IGNORE_CHANGES|DELTA_SOURCE_IGNORE_DELETE"),
        codes.SOURCE_CHANGED_ROWS,
    ),
    (
        re.compile(
            "DELTA_FILE_NOT_FOUND_DETAILED|DELTA_LOG_FILE_NOT_FOUND|DELTA_VERSION_NOT_FOUND"
            "|DELTA_MISSING_FILES_UNEXPECTED_VERSION|DELTA_LOG_FILE_NOT_FOUND_FOR_STREAMING_SOURCE"
        ),
        codes.SOURCE_VERSIONS_GONE,
    ),
    (
        re.compile(
            "STATEFUL_OPERATOR_NOT_MATCH_IN_STATE_METADATA|STATE_STORE_(?:KEY|VALUE)_SCHEMA_NOT_COMP"
            "|STATE_STORE_INVALID_(?:KEY|VALUE|NUM)"
        ),
        codes.STATEFUL_OPERATORS_CHANGED,
    ),
)
"""What breaks a stream between two updates (reference 5.6), by Spark's and Delta's conditions."""


def is_lost_connection(error: BaseException) -> bool:
    """Whether Spark's process, or the server in its place, no longer answers.

    A Spark Connect server that was started anew in the meantime knows nothing of the update.
    """
    met = [each for each in (error, error.__cause__, error.__context__) if each is not None]
    if {type(each).__name__ for each in met} & _LOST:
        return True
    return any(_is_unavailable(each) for each in met) or _SESSION_CHANGED in str(error)


def _is_unavailable(error: BaseException) -> bool:
    """Whether an error of gRPC's says that nobody answers; it has its status as a method."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    status = getattr(error, "code", None)
    return "RpcError" in kinds and callable(status) and status().name == "UNAVAILABLE"


def flow_error(error: BaseException, flow: ResolvedFlow, dataset: ResolvedDataset) -> MillpondError:
    """What a flow failed with: a violated expectation, a schema change, or Spark's message."""
    from pyspark.errors import AnalysisException, PySparkException

    if isinstance(error, MillpondError):
        return error
    message = _whole_message(error)
    violation = find_violation(message)
    if violation is not None:
        return _violated(violation.names, violation.row, flow, dataset)
    for pattern, code in _CONDITIONS:
        if pattern.search(message):
            return MillpondError(
                code,
                at=flow.flow.at,
                flow=flow.name,
                dataset=dataset.name,
                error=innermost(message),
            )
    if "DELTA_FAILED_TO_MERGE_FIELDS" in message or _MERGE.search(message):
        return _schema_change(message, flow, dataset.name)
    where = _user_frame(message) or flow.flow.at
    if isinstance(error, AnalysisException):
        return spark_error(error, dataset.name, where)
    if isinstance(error, PySparkException) or is_from_the_jvm(error):
        return MillpondError(codes.FLOW_FAILED, at=where, flow=flow.name, error=innermost(message))
    raise error


def _whole_message(error: BaseException) -> str:
    """What an exception and its causes say.

    A stream's exception names what stopped it only in the stack trace that pyspark keeps.
    """
    return f"{error}\n{getattr(error, '_stackTrace', '')}"


def is_from_the_jvm(error: BaseException) -> bool:
    """Whether a failure of the JVM reached us without pyspark knowing its kind."""
    return type(error).__module__.split(".")[0] == "py4j"


def _violated(
    names: tuple[str, ...], row: str, flow: ResolvedFlow, dataset: ResolvedDataset
) -> MillpondError:
    rules = {rule.name: rule for rule in dataset.dataset.expectations}
    at = rules[names[0]].at if names and names[0] in rules else flow.flow.at
    return MillpondError(
        codes.EXPECTATION_VIOLATION, at=at, flow=flow.name, names=", ".join(names), row=row
    )


def _schema_change(message: str, flow: ResolvedFlow, name: QualifiedName) -> MillpondError:
    column = _MERGE.search(message)
    return MillpondError(
        codes.INCOMPATIBLE_SCHEMA_CHANGE,
        at=flow.flow.at,
        dataset=name,
        column=column.group(1) if column else "?",
        detail=innermost(message),
    )


def _user_frame(message: str) -> Span | None:
    """The innermost line of the user's own Python that a worker's traceback names."""
    frames = [match.groups() for match in _FRAME.finditer(message)]
    mine = [(Path(file), int(line)) for file, line in frames if is_user_code(file)]
    return _whole_line(*mine[-1]) if mine else None


def _whole_line(file: Path, line: int) -> Span:
    """A line from its first character that is no space."""
    text = Span(file, line).source_line() or ""
    start = len(text) - len(text.lstrip())
    return Span(file, line, start + 1, line, len(text.rstrip()) + 1) if text else Span(file, line)


def innermost(message: str) -> str:
    """The line of Spark's message that says what happened, without stack and wrappers.

    The class of a Java exception is one of them; that of a Python one is half the message.
    """
    causes = _CAUSE.findall(message)
    text = next(iter(message.strip().splitlines()), "no message")
    if causes:
        kind, text = causes[-1]
        text = text if "." in kind else f"{kind}: {text}"
    return named(re.sub(r"\s*SQLSTATE: \w+\s*$", "", text).strip())
