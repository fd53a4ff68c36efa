"""Tables that source writes itself: at the top level of a file, or in a function of a sink.

They are no datasets. `millpond.yml` says where a table is, or else it is kept in the state folder
under its own name, so that the pipeline, and `millpond sql`, can read it (docs/decisions/0020).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from millpond import codes, differences
from millpond.definitions import Name, parse_name, quoted
from millpond.definitions.caller import caller_span
from millpond.engine.configuration import applied_configuration
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.engine.evaluation.sql import run_query
from millpond.errors import MillpondError
from millpond.notices import note
from millpond.sql.query_tokens import QueryTokens
from millpond.sql.relations import is_path
from millpond.sql.tokens import TokenKind

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from millpond.location import Span

_NAME = r"((?:`(?:[^`]|``)+`|[^\s`.;(]+)(?:\.(?:`(?:[^`]|``)+`|[^\s`.;(]+))*)"
_COMMENTS = re.compile(r"(?:\s+|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)
_PROVIDER = "spark.sql.sources.default"
_STARTS = ("writeStream.start()", "writeStream.toTable()")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text.replace("NAME", _NAME).replace(" ", r"\s+"), re.IGNORECASE)


_WRITES = _pattern(
    r"(?:(?:CREATE )?(?:OR )?REPLACE TABLE|CREATE TABLE(?: IF NOT EXISTS)?"
    r"|INSERT (?:INTO|OVERWRITE)(?: TABLE)?|MERGE(?: WITH SCHEMA EVOLUTION)? INTO|UPDATE"
    r"|DELETE FROM|ALTER TABLE|OPTIMIZE|VACUUM) (?!TABLE\b)NAME"
)
_TRUNCATES = _pattern(r"TRUNCATE TABLE NAME")
_DROPS = _pattern(r"DROP TABLE(?P<maybe> IF EXISTS)? NAME(?: PURGE)?\s*;?\s*\Z")
_CATALOG = _pattern(
    r"(?:(?:CREATE|ALTER|DROP) (?:SCHEMA|DATABASE|CATALOG|VOLUME|EXTERNAL|EXTERNAL VOLUME)"
    r"|GRANT|REVOKE|COMMENT ON|ANALYZE TABLE|MSCK|CACHE|UNCACHE|REFRESH)\b"
)
_CREATES = re.compile(r"CREATE|REPLACE", re.IGNORECASE)
_ALIASED = re.compile(r"(?:MERGE|UPDATE|DELETE)\b", re.IGNORECASE)
_HAS_ALIAS = re.compile(r"\s+(?:AS\s+)?(?!(?:USING|SET|WHERE|AS)\b)[\w`]", re.IGNORECASE)
_USING = re.compile(rf"\sUSING\s+{_NAME}(\s+(?:AS\s+)?(?!ON\b)[\w`]+)?", re.IGNORECASE)


def write_command(
    session: SparkSession,
    text: str,
    evaluation: Evaluation,
    at: Span,
    execute: Callable[[str], DataFrame],
    frames: Mapping[str, DataFrame] | None = None,
) -> DataFrame | None:
    """The answer to a statement that writes a table or changes a catalog; None for any other.

    Args:
        execute: runs the rewritten text.
        frames: what some names stand for, whatever else has them.

    Raises:
        MillpondError: WRITE_TO_DATASET, TABLE_OR_VIEW_NOT_FOUND, CREATE_TABLE_AT_LOCATION.
    """
    text = text[getattr(_COMMENTS.match(text), "end", int)() :]
    if _CATALOG.match(text):
        note(differences.CATALOG_COMMANDS, at)
        return _nothing(session)
    dropped = _DROPS.match(text)
    if dropped is not None:
        name = parse_name(dropped[2], at=at)
        evaluation.relations.drop(name, at, missing_ok=dropped["maybe"] is not None)
        return _nothing(session)
    truncated = _TRUNCATES.match(text)
    if truncated is not None:
        text = f"DELETE FROM {truncated[1]}"
    found = _WRITES.match(text)
    if found is None or is_path(parse_name(found[1], at=at)):
        return None
    name = parse_name(found[1], at=at)
    head = f"{text[: found.start(1)]}{target(evaluation, name, at)}"
    rest = text[found.end(1) :]
    if _CREATES.match(text) and (location := _location(rest)):
        raise MillpondError(
            codes.CREATE_TABLE_AT_LOCATION, at=at.narrowed(location), name=".".join(name)
        )
    if _ALIASED.match(text) and not _HAS_ALIAS.match(rest):
        head += f" AS {quoted(name[-1])}"
    if text[:5].upper() == "MERGE":
        rest = _USING.sub(_as_query, rest, count=1)

    def written(rewritten: str) -> DataFrame:
        # Of a table that is created without USING.
        with evaluating(None), applied_configuration(session, {_PROVIDER: "delta"}):
            return execute(head + rewritten)

    return run_query(session, rest, evaluation, at, written, frames=frames)


def _location(definition: str) -> str | None:
    """The word LOCATION of a table's definition, as written, if it has the clause."""
    tokens = QueryTokens(definition)
    for index in range(len(tokens)):
        if tokens.word(index) in ("AS", "SELECT"):
            return None
        if tokens.word(index) == "LOCATION" and tokens[index + 1].kind is TokenKind.STRING:
            return tokens[index].text
    return None


def _as_query(using: re.Match[str]) -> str:
    """`USING updates` as a query, whose table is found as that of any other query."""
    alias = using[2] or f" AS {using[1].rpartition('.')[2]}"
    return f" USING (SELECT * FROM {using[1]}){alias}"


def target(evaluation: Evaluation, name: Name, at: Span) -> str:
    """The name by which Spark writes a table of the user's."""
    return f"delta.`{evaluation.relations.written(name, at)}`"


def _nothing(session: SparkSession) -> DataFrame:
    with evaluating(None):
        return session.createDataFrame([], "result STRING")


# --- methods of frames and writers (see `interception`) -----------------------------------------


def save_as_table(
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    name: str,
    format: str | None = None,
    mode: str | None = None,
    partitionBy: Any = None,
    **options: Any,
) -> None:
    """`write.saveAsTable`: as a Delta table, whatever the format."""
    at = caller_span()
    parts = parse_name(name, at=at)
    if is_path(parts):
        original(self, _target(evaluation, name), "delta", mode, partitionBy, **options)
        return
    # Appending by name, `saveAsTable` wants a table that is there; `save` makes it.
    folder = evaluation.relations.written(parts, at)
    with evaluating(None):
        self.save(str(folder), "delta", mode, partitionBy, **options)


def insert_into(
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    tableName: str,
    overwrite: bool | None = None,
) -> None:
    """`write.insertInto`."""
    original(self, _target(evaluation, tableName), overwrite)


def write_to(evaluation: Evaluation, original: Callable[..., Any], self: Any, table: str) -> Any:
    """`writeTo`; what is then called on the writer is refused in dataset functions."""
    if evaluation.dataset is not None:
        return original(self, table)
    return original(self, _target(evaluation, table)).using("delta")


def start(
    call: str,
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    *args: Any,
    **named: Any,
) -> Any:
    """A stream of the user's own: nobody would wait for it, stop it, or keep its checkpoint.

    Raises:
        MillpondError: STREAM_STARTED_BY_SOURCE.
    """
    raise MillpondError(codes.STREAM_STARTED_BY_SOURCE, at=caller_span(), call=call)


def _target(evaluation: Evaluation, name: str) -> str:
    at = caller_span()
    parts = parse_name(name, at=at)
    if is_path(parts):
        return f"{parts[0]}.`{evaluation.relations.local_path(parts[1], at)}`"
    return target(evaluation, parts, at)


METHODS: dict[str, Callable[..., Any]] = {
    "write.saveAsTable()": save_as_table,
    "write.insertInto()": insert_into,
    **{call: functools.partial(start, call) for call in _STARTS},
}
"""What calls do where they are allowed, if it is not what Spark does."""
