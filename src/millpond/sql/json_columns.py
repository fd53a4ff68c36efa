"""Which of a query's `column:path` are on strings: found out by asking Spark to analyse it."""

from __future__ import annotations

from collections.abc import Callable

from millpond.sql.json_paths import find_paths, on_strings

_OF_A_PATH = (
    "COLUMN_IS_NOT_VARIANT_TYPE",
    "visitSemiStructuredExtract",
    "expression `unresolvedextractvalue`",  # of `column:path[*]`, which VARIANT has not
)


def is_about_a_path(error: BaseException) -> bool:
    """Whether Spark refused a `column:path`: of a column that is no VARIANT, or as written.

    It says so without a place, and as an internal error.
    """
    return any(words in str(error) for words in _OF_A_PATH)


def json_on_strings(query: str, analyses: Callable[[str], bool]) -> str:
    """The query with `column:path` rewritten where the column is a string.

    Spark does it itself on VARIANT columns; a query that has both kinds is tried with the paths
    of one operand after the other left as they are.

    Args:
        query: a query or an expression that Spark refused for one of its paths.
        analyses: whether Spark can analyse such a text.
    """
    paths = find_paths(query)
    operands = list(dict.fromkeys(path.operand for path in paths))
    whole = on_strings(query, paths)
    if len(operands) < 2 or analyses(whole):
        return whole
    strings = []
    for operand in operands:
        others = [path for path in paths if path.operand != operand]
        if not analyses(on_strings(query, others, any_type=True)):
            strings += [path for path in paths if path.operand == operand]
    return on_strings(query, strings)
