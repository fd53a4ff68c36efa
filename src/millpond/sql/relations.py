"""One relation of a FROM clause: a name, a function or STREAM of either, with what follows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from millpond.definitions import Name, parse_name
from millpond.errors import MillpondError
from millpond.sql.arguments import read_arguments
from millpond.sql.constants import constant_string
from millpond.sql.mapped import position
from millpond.sql.query_tokens import QUERY_SPAN, QueryTokens
from millpond.sql.references import SOURCE_FUNCTIONS, Reference
from millpond.sql.table_changes import changes_of
from millpond.sql.tokens import TokenKind, words

FILE_FORMATS = frozenset(
    {"delta", "parquet", "json", "csv", "orc", "text", "avro", "xml", "binaryfile", "iceberg"}
)
_NOT_A_NAME = frozenset(
    words(
        "SELECT FROM WHERE GROUP HAVING ORDER SORT DISTRIBUTE LIMIT OFFSET QUALIFY UNION EXCEPT "
        "INTERSECT MINUS JOIN ON USING INNER LEFT RIGHT FULL CROSS NATURAL SEMI ANTI LATERAL AS"
    )
)
_NOT_AN_ALIAS = _NOT_A_NAME | frozenset(
    words(
        "CLUSTER WINDOW PIVOT UNPIVOT TABLESAMPLE WATERMARK WITH FOR VERSION TIMESTAMP OUTER SET "
        "MATCH_RECOGNIZE"
    )
)
_UNITS = frozenset(
    word + plural
    for word in words("YEAR QUARTER MONTH WEEK DAY HOUR MINUTE SECOND MILLISECOND MICROSECOND")
    for plural in ("", "S")
)


@dataclass(frozen=True, slots=True)
class _Source:
    """What a relation names, before the clauses behind it: the reference's core."""

    parts: Name
    function: str | None
    end: int
    inside: tuple[int, int] | None = None
    options: tuple[tuple[str, str], ...] = ()


def read_relation(
    tokens: QueryTokens,
    index: int,
    is_local: Callable[[Name], bool],
    *,
    takes_alias: bool = True,
) -> tuple[Reference | None, int]:
    """The reference that starts at token `index`, if one does, and the token after it.

    Args:
        is_local: whether a name is one of the query's own (a common table expression).
        takes_alias: false for `TABLE t`, behind which the grammar has nothing more.
    """
    first = index
    streaming = _is_stream(tokens, index)
    bracketed = streaming and tokens.word(index + 1) == "("
    source = _source(tokens, index + streaming + bracketed)
    if source is None or (bracketed and tokens.word(source.end) != ")"):
        return None, index
    after = source.end + bracketed
    if source.function is not None and source.function not in SOURCE_FUNCTIONS:
        return None, after
    if source.function is None and is_local(source.parts):
        return None, after
    if not takes_alias:
        return _reference(tokens, (first, after), source, streaming), after
    return _with_clauses(tokens, first, after, source, streaming)


def _is_stream(tokens: QueryTokens, index: int) -> bool:
    """Whether the word here is the keyword STREAM and not the name of a table."""
    if tokens.word(index) != "STREAM":
        return False
    following = tokens.word(index + 1)
    return following == "(" or (
        tokens.is_name(index + 1)
        and following not in _NOT_AN_ALIAS - {"VERSION", "TIMESTAMP", "WINDOW", "SET"}
        and following != "TABLESAMPLE"
    )


def _source(tokens: QueryTokens, index: int) -> _Source | None:
    if not tokens.is_name(index) or tokens.word(index) in _NOT_A_NAME:
        return None
    if tokens.word(index) == "IDENTIFIER" and tokens.word(index + 1) == "(":
        return _identifier_clause(tokens, index)
    parts = [tokens[index].value]
    index += 1
    while tokens.word(index) == "." and tokens.is_name(index + 1):
        parts.append(tokens[index + 1].value)
        index += 2
    if tokens.word(index) == "(":
        close = tokens.closing(index)
        changes = changes_of(tokens, index + 1, close) if _is_table_changes(parts) else None
        if changes is not None:
            return _Source(changes[0], None, close + 1, options=changes[1])
        return _Source(tuple(parts), ".".join(parts).lower(), close + 1, (index + 1, close))
    return _Source(tuple(parts), None, index)


def _is_table_changes(parts: list[str]) -> bool:
    return [part.casefold() for part in parts] == ["table_changes"]


def _identifier_clause(tokens: QueryTokens, index: int) -> _Source | None:
    """`IDENTIFIER('a.b')` of a constant; others are left to Spark."""
    close = tokens.closing(index + 1)
    value = constant_string(tokens.between(index + 2, close))
    if value is None:
        return _Source((), "identifier", close + 1)
    try:
        return _Source(parse_name(value), None, close + 1)
    except MillpondError:
        return _Source((), "identifier", close + 1)


def _with_clauses(
    tokens: QueryTokens, first: int, after: int, source: _Source, streaming: bool
) -> tuple[Reference, int]:
    """The reference with its options, and its alias or where one can be put."""
    options = source.options
    if tokens.word(after) == "WITH" and tokens.word(after + 1) == "(":
        close = tokens.closing(after + 1)
        options += _options(tokens, after + 2, close)
        after = close + 1
    travel, after = _time_travel(tokens, after)
    options += travel
    alias_index = _behind_modifiers(tokens, after)
    name = alias_index + (tokens.word(alias_index) == "AS")
    has_alias = tokens.is_name(name) and tokens.word(name) not in _NOT_AN_ALIAS
    reference = _reference(
        tokens,
        (first, after),
        source,
        streaming,
        alias=tokens[name].value if has_alias else None,
        alias_at=tokens[alias_index - 1].end,
        options=options,
    )
    return reference, name + 1 if has_alias else alias_index


def _reference(
    tokens: QueryTokens,
    whole: tuple[int, int],
    source: _Source,
    streaming: bool,
    *,
    alias: str | None = None,
    alias_at: int | None = None,
    options: tuple[tuple[str, str], ...] = (),
) -> Reference:
    start, end = tokens[whole[0]].start, tokens[whole[1] - 1].end
    at = position(QUERY_SPAN, tokens.text, start)
    inside = tokens.between(*source.inside) if source.inside else ()
    parts = source.parts
    return Reference(
        kind="function" if source.function else "path" if is_path(parts) else "table",
        parts=parts,
        start=start,
        end=end,
        streaming=streaming or source.function == "cloud_files",  # which only ever streams
        line=at.line,
        column=at.column,
        alias_follows=alias is not None,
        arguments=read_arguments(tokens.text, inside),
        function=source.function,
        alias=alias,
        alias_at=alias_at,
        options=options,
    )


def is_path(parts: Name) -> bool:
    """Whether a name is a format and a path: ``delta.`/folder` ``."""
    if len(parts) != 2 or parts[0].lower() not in FILE_FORMATS:
        return False
    return "/" in parts[1] or ":" in parts[1]


def _options(tokens: QueryTokens, start: int, end: int) -> tuple[tuple[str, str], ...]:
    """`key = value, ...`: keys may have dots or quotes, values are constants or words."""
    found: list[tuple[str, str]] = []
    key, value, in_value = "", "", False
    for token in (*tokens.between(start, end), None):
        if token is None or token.upper == ",":
            if key:
                found.append((key, value))
            key, value, in_value = "", "", False
        elif token.upper in ("=", "=="):
            in_value = True
        elif in_value:
            value += token.value
        else:
            key += token.value
    return tuple(found)


def _behind_modifiers(tokens: QueryTokens, index: int) -> int:
    """The token after time travel, sampling and watermark, where Spark's grammar has the alias."""
    while True:
        word = tokens.word(index)
        if word == "FOR" and tokens.word(index + 1) in _TRAVEL:
            index += 1
        elif word in _TRAVEL and tokens.word(index + 1) == "AS":
            index = _behind_value(tokens, index + 3)
        elif word == "TABLESAMPLE" and tokens.word(index + 1) == "(":
            index = tokens.closing(index + 1) + 1
            if tokens.word(index) == "REPEATABLE" and tokens.word(index + 1) == "(":
                index = tokens.closing(index + 1) + 1
        elif word == "WATERMARK":
            index = _behind_watermark(tokens, index)
        else:
            return index


def _time_travel(tokens: QueryTokens, after: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """`t@v3`, `t VERSION AS OF 3` and `t TIMESTAMP AS OF '...'` as Delta's read options."""
    if tokens.word(after) == "@" and tokens[after + 1].start == tokens[after].end:
        version = re.fullmatch(r"[vV](\d+)", tokens[after + 1].text)
        if version:
            return (("versionAsOf", version.group(1)),), after + 2
        moment = re.fullmatch(
            r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})", tokens[after + 1].text
        )
        if moment:
            text = "{}-{}-{} {}:{}:{}.{}".format(*moment.groups())
            return (("timestampAsOf", text),), after + 2
    start = after + (tokens.word(after) == "FOR")
    if tokens.word(start) not in _TRAVEL or tokens.word(start + 1) != "AS":
        return (), after
    value, following = tokens[start + 3], tokens.word(start + 4)
    is_version = tokens.word(start) in ("VERSION", "SYSTEM_VERSION")
    constant = value.kind in (TokenKind.NUMBER, TokenKind.STRING)
    if tokens.word(start + 2) != "OF" or not constant or following in ("+", "-", "||", "::"):
        return (), after
    return ((("versionAsOf" if is_version else "timestampAsOf"), value.value),), start + 4


_TRAVEL = ("VERSION", "TIMESTAMP", "SYSTEM_VERSION", "SYSTEM_TIME")


def _behind_value(tokens: QueryTokens, index: int) -> int:
    """The token after a value: a constant, or a function with its arguments."""
    index += 1
    return tokens.closing(index) + 1 if tokens.word(index) == "(" else index


def _behind_watermark(tokens: QueryTokens, index: int) -> int:
    """The token after `WATERMARK column DELAY OF INTERVAL 10 MINUTES`."""
    while index < len(tokens) and tokens.word(index) != "DELAY":
        index = tokens.closing(index) + 1 if tokens.word(index) == "(" else index + 1
    index += 2
    if tokens.word(index) == "INTERVAL":
        index += 1
    while index < len(tokens) and (not tokens.is_name(index) or tokens.word(index) in _UNITS):
        if tokens.word(index) in (",", ")"):
            break
        index += 1
    return min(index, len(tokens))
