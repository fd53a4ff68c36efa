"""What the condition of an expectation, or a generated column, may not contain (reference 2.7)."""

from __future__ import annotations

from collections.abc import Sequence

from millpond.sql.tokens import Token, words

_AGGREGATES = frozenset(
    words(
        "ANY_VALUE APPROX_COUNT_DISTINCT APPROX_PERCENTILE ARRAY_AGG AVG BOOL_AND BOOL_OR "
        "COLLECT_LIST COLLECT_SET CORR COUNT COUNT_IF COVAR_POP COVAR_SAMP EVERY FIRST FIRST_VALUE "
        "GROUPING KURTOSIS LAST LAST_VALUE LISTAGG MAX MAX_BY MEAN MEDIAN MIN MIN_BY MODE "
        "PERCENTILE PERCENTILE_APPROX PERCENTILE_CONT PERCENTILE_DISC SKEWNESS STD STDDEV "
        "STDDEV_POP STDDEV_SAMP STRING_AGG SUM TRY_AVG TRY_SUM VARIANCE VAR_POP VAR_SAMP"
    )
)
_WINDOW = frozenset(words("ROW_NUMBER RANK DENSE_RANK PERCENT_RANK CUME_DIST NTILE LAG LEAD"))
_GENERATORS = frozenset(
    words("EXPLODE EXPLODE_OUTER POSEXPLODE POSEXPLODE_OUTER INLINE INLINE_OUTER STACK")
)
_VOLATILE = frozenset(
    words(
        "CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIMESTAMP "
        "MONOTONICALLY_INCREASING_ID NOW RAND RANDN RANDOM SESSION_USER SHUFFLE UUID"
    )
)


def volatile_part(tokens: Sequence[Token]) -> tuple[Token, str] | None:
    """The first call that gives another value each time, and what it is; None if there is none."""
    for index, token in enumerate(tokens):
        called = index + 1 < len(tokens) and tokens[index + 1].upper == "("
        bare = token.upper.startswith(("CURRENT_", "SESSION_", "LOCALTIME"))
        member = index > 0 and tokens[index - 1].upper == "."
        if token.upper in _VOLATILE and (called or bare) and not member:
            return token, f"{token.text}, which changes from call to call,"
    return None


def refused_part(tokens: Sequence[Token]) -> tuple[Token, str] | None:
    """The first token that a condition cannot have, and what it is; None if it is a fit one."""
    for index, token in enumerate(tokens):
        before = tokens[index - 1].upper if index else ""
        after = tokens[index + 1].upper if index + 1 < len(tokens) else ""
        word = token.upper
        if word == "SELECT" and before == "(":
            return token, "a subquery"
        if after != "(" or before == ".":
            continue
        if word == "OVER":
            return token, "a window function"
        if word in _AGGREGATES:
            return (
                (token, f"an aggregate ({token.text})")
                if not _over(tokens, index)
                else (token, f"a window function ({token.text})")
            )
        if word in _WINDOW:
            return token, f"a window function ({token.text})"
        if word in _GENERATORS:
            return token, f"a generator ({token.text})"
    return None


def _over(tokens: Sequence[Token], index: int) -> bool:
    """Whether OVER follows the call at `index`."""
    depth = 0
    for position in range(index + 1, len(tokens)):
        depth += (tokens[position].upper == "(") - (tokens[position].upper == ")")
        if depth == 0:
            return position + 1 < len(tokens) and tokens[position + 1].upper == "OVER"
    return False
