"""Conditions in SQL, looked at word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.tokens import Token, TokenKind, tokenize

NOW_OR_RANDOM = frozenset(
    {
        "CURDATE",
        "CURRENT_DATE",
        "CURRENT_TIMESTAMP",
        "MONOTONICALLY_INCREASING_ID",
        "NOW",
        "RAND",
        "RANDN",
        "RANDOM",
        "SHUFFLE",
        "UUID",
    }
)
_BARE = frozenset({"CURRENT_DATE", "CURRENT_TIMESTAMP"})
AGGREGATES = frozenset(
    {
        "ANY_VALUE",
        "APPROX_COUNT_DISTINCT",
        "AVG",
        "COLLECT_LIST",
        "COLLECT_SET",
        "COUNT",
        "COUNT_IF",
        "MAX",
        "MIN",
        "STDDEV",
        "SUM",
        "VARIANCE",
    }
)
_NULL_SAFE = frozenset({"COALESCE", "IFNULL", "NVL", "NVL2", "<=>", "EQUAL_NULL"})


@lru_cache(maxsize=4096)
def tokens_of(condition: str) -> tuple[Token, ...]:
    """The tokens of a condition; none if it cannot be cut into tokens."""
    try:
        return tokenize(condition, Span(Path("<condition>"), 1))
    except MillpondError:
        return ()


def normal(condition: str) -> str:
    """A condition without the difference that spaces, case and outer brackets make."""
    tokens = tokens_of(condition)
    while _wrapped(tokens):
        tokens = tokens[1:-1]
    return " ".join(t.upper or t.text for t in tokens)


def _wrapped(tokens: Sequence[Token]) -> bool:
    if len(tokens) < 3 or tokens[0].upper != "(" or tokens[-1].upper != ")":
        return False
    depth = 0
    for token in tokens[:-1]:
        depth += (token.upper == "(") - (token.upper == ")")
        if depth == 0:
            return False
    return True


def functions(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens that name a function that is called."""
    for index, token in enumerate(tokens[:-1]):
        if token.kind is TokenKind.WORD and tokens[index + 1].upper == "(":
            yield token


def unrepeatable(tokens: Sequence[Token]) -> Iterator[Token]:
    """The words whose value is another one when a row is looked at again."""
    called = set(functions(tokens))
    for index, token in enumerate(tokens):
        field = index > 0 and tokens[index - 1].upper == "."
        if token.upper in NOW_OR_RANDOM and (token in called or token.upper in _BARE) and not field:
            yield token


def null_comparisons(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """`= NULL` and its like, which are never true: the operator and NULL."""
    for index in range(len(tokens) - 1):
        operator, operand = tokens[index], tokens[index + 1]
        if operator.upper in ("=", "==", "!=", "<>") and operand.upper == "NULL":
            yield operator, operand


def is_null_safe(tokens: Sequence[Token]) -> bool:
    """Whether a condition, or its negation, minds NULL."""
    words = [token.upper for token in tokens]
    guards = any(word in _NULL_SAFE for word in words)
    not_true = any(words[i : i + 3] == ["IS", "NOT", "TRUE"] for i in range(len(words)))
    return guards or not_true or "FALSE" in words or "CASE" in words


def is_never_null(tokens: Sequence[Token]) -> bool:
    """Whether a condition is true or false for every row, as far as its words tell.

    It minds NULL by itself, tests for nothing else, or joins by AND a test of each column that it
    compares: `id IS NOT NULL AND id > 0` is false where id is NULL.
    """
    if is_null_safe(tokens) or only_tests_null(tokens):
        return True
    words = [token.upper for token in tokens]
    tested = {
        tokens[index - 1].value.casefold()
        for index in range(1, len(tokens) - 2)
        if words[index : index + 3] == ["IS", "NOT", "NULL"]
    }
    return "OR" not in words and bool(tested) and identifiers(tokens) <= tested


def only_tests_null(tokens: Sequence[Token]) -> bool:
    """Whether a condition is true or false for every row: tests for NULL alone."""
    words = [token.upper or token.text for token in tokens]
    comparisons = {"=", "==", "<", ">", "<=", ">=", "!=", "<>", "IN", "LIKE", "RLIKE", "BETWEEN"}
    calls = any(True for _ in functions([t for t in tokens if t.upper not in ("AND", "OR", "NOT")]))
    return "NULL" in words and not comparisons.intersection(words) and not calls


def is_always_true(condition: str) -> bool:
    """Whether no row can violate a condition: `true`, `1 = 1`, `x IS NULL OR x IS NOT NULL`."""
    words = normal(condition).split(" ")
    if words in (["TRUE"], ["NOT", "FALSE"], ["1"]):
        return True
    if len(words) == 3 and words[1] in ("=", "==", ">=", "<=", "<=>"):
        literal = words[0].replace(".", "").isdigit() or words[0][:1] in "'\""
        return words[0] == words[2] and (literal or words[1] == "<=>")
    halves = " ".join(words).split(" OR ")
    if len(halves) != 2:
        return False
    ends = (" IS NULL", " IS NOT NULL")
    return any(
        one.endswith(ends[0]) and other == one.removesuffix(ends[0]) + ends[1]
        for one, other in (halves, halves[::-1])
    )


_WORDS = frozenset(
    {"AND", "OR", "NOT", "IS", "NULL", "IN", "LIKE", "RLIKE", "ILIKE", "BETWEEN", "TRUE", "FALSE"}
    | {"CASE", "WHEN", "THEN", "ELSE", "END", "CAST", "AS", "DATE", "TIMESTAMP", "INTERVAL"}
    | {"DAY", "DAYS", "HOUR", "HOURS", "STRING", "INT", "BIGINT", "DOUBLE", "EXISTS", "ESCAPE"}
)


def identifiers(tokens: Sequence[Token]) -> frozenset[str]:
    """The columns that a condition names, in lower case, without what qualifies them."""
    called = set(functions(tokens))
    found: set[str] = set()
    for index, token in enumerate(tokens):
        after = tokens[index + 1].upper if index + 1 < len(tokens) else ""
        if token.is_name and token not in called and after != "." and token.upper not in _WORDS:
            found.add(token.value.casefold())
    return frozenset(found)
