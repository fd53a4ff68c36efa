"""`column:path`, which Spark knows for VARIANT columns only, as JSON extraction from strings.

Only Spark's analysis knows the type of a column, so the engine first runs a query as it is, and
asks for it to be rewritten when Spark says that some column is no VARIANT.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from millpond.sql.mapped import Edit, MappedText, edited
from millpond.sql.operands import operand_start, type_end
from millpond.sql.query_tokens import QueryTokens
from millpond.sql.tokens import TokenKind, words

_PLAIN = re.compile(r"[A-Za-z_]\w*\Z")
_ITEM_ENDS = frozenset(
    words(
        ", ) FROM WHERE GROUP HAVING ORDER LIMIT UNION EXCEPT INTERSECT MINUS QUALIFY LATERAL "
        "CLUSTER DISTRIBUTE SORT WINDOW |>"
    )
)
_NO_LIST = _ITEM_ENDS - {","} | frozenset(words("ON USING JOIN BY VALUES WHEN THEN ELSE CASE"))


@dataclass(frozen=True, slots=True)
class JsonPath:
    """One `operand:path` of a query.

    Attributes:
        operand: its text; paths of one operand are all of VARIANT or all of strings.
        start: where the operand starts; `colon`, `end`: the range of `:path`.
        path: as `get_json_object` wants it: `$.a[0]`.
        alias, alias_at: the name of the column and where to put it, if the query gives none.
    """

    operand: str
    start: int
    colon: int
    end: int
    path: str
    alias: str
    alias_at: int | None


def find_paths(query: str) -> tuple[JsonPath, ...]:
    """Every `operand:path` of a query, the last one first."""
    tokens = QueryTokens(query)
    typed = _in_types(tokens)
    found = []
    for index in reversed(range(len(tokens))):
        if tokens.word(index) == ":" and index not in typed:
            path = _path(tokens, index)
            if path is not None:
                found.append(path)
    return tuple(found)


def on_strings(query: str, paths: Collection[JsonPath], *, any_type: bool = False) -> MappedText:
    """The query with these paths as `get_json_object(operand, '$.path')`.

    Args:
        any_type: let the operand be of any type that can be cast to a string, VARIANT too.
    """
    edits: list[Edit] = []
    for path in paths:
        opening = "get_json_object(CAST(" if any_type else "get_json_object("
        literal = path.path.replace("\\", "\\\\").replace("'", "\\'")
        closing = f"{' AS STRING)' if any_type else ''}, '{literal}')"
        edits.append(Edit(path.start, path.start, opening))
        edits.append(Edit(path.colon, path.end, closing))
        if path.alias_at is not None:
            edits.append(Edit(path.alias_at, path.alias_at, f" AS `{path.alias}`"))
    return edited(query, edits)


def casts(query: str, path: JsonPath) -> bool:
    """Whether a path is followed by `::` or `?::`."""
    return query[path.end :].lstrip().startswith(("::", "?::"))


def _path(tokens: QueryTokens, colon: int) -> JsonPath | None:
    start = operand_start(tokens, colon)
    steps, index = [], colon + 1
    name = ""
    while True:
        step, after, key = _step(tokens, index, first=index == colon + 1)
        if step is None:
            break
        steps.append(step)
        name, index = key or name, after
    if start == colon or not steps:
        return None
    first, last = tokens[start].start, tokens[index - 1].end
    alias_at = _alias_at(tokens, start, index)
    operand = tokens.text[first : tokens[colon - 1].end]
    return JsonPath(
        " ".join(operand.casefold().split()),
        first,
        tokens[colon].start,
        last,
        "$" + "".join(steps),
        name.replace("`", "``"),
        alias_at if name else None,
    )


def _step(tokens: QueryTokens, index: int, *, first: bool) -> tuple[str | None, int, str]:
    """One step of a path, the token after it, and the name it selects if it selects by name."""
    if tokens.word(index) == "[" and tokens.word(index + 2) == "]":
        key = tokens[index + 1]
        if key.kind is TokenKind.STRING:
            return f"['{key.value}']", index + 3, key.value
        if key.kind is TokenKind.NUMBER or key.upper == "*":
            return f"[{key.text}]", index + 3, ""
    index += not first and tokens.word(index) == "."
    named = first or tokens.word(index - 1) == "."
    if named and tokens.is_name(index):
        value = tokens[index].value
        return f".{value}" if _PLAIN.match(value) else f"['{value}']", index + 1, value
    return None, index, ""


def _alias_at(tokens: QueryTokens, start: int, end: int) -> int | None:
    """Where a column's name can be put, if the path alone, perhaps cast, is a whole column."""
    if tokens.word(start - 1) not in ("SELECT", "DISTINCT", "ALL", ","):
        return None
    while tokens.word(end) == "::":
        end = type_end(tokens, end + 1)
    if end < len(tokens) and tokens.word(end) not in _ITEM_ENDS:
        return None
    return tokens[end - 1].end if _in_select_list(tokens, start - 1) else None


def _in_select_list(tokens: QueryTokens, index: int) -> bool:
    depth = 0
    while index >= 0:
        word = tokens.word(index)
        depth += (word in (")", "]")) - (word in ("(", "["))
        if depth < 0 or (depth == 0 and word in _NO_LIST - {")"}):
            return False
        if depth == 0 and word == "SELECT":
            return True
        index -= 1
    return False


def _in_types(tokens: QueryTokens) -> frozenset[int]:
    """The tokens within `STRUCT<name: TYPE>`."""
    return frozenset(_type_tokens(tokens))


def _type_tokens(tokens: QueryTokens) -> Iterator[int]:
    for index in range(len(tokens)):
        if tokens.word(index) == "STRUCT" and tokens.word(index + 1) == "<":
            yield from range(index, type_end(tokens, index))
