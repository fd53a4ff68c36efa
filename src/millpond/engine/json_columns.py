"""Which of a query's `column:path` are on strings: found out by asking Spark to analyse it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from millpond.sql.json_paths import find_paths, on_strings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_OF_A_PATH = ("COLUMN_IS_NOT_VARIANT_TYPE", "visitSemiStructuredExtract")


def is_about_a_path(error: Exception) -> bool:
    """Whether Spark refused a `column:path`: of a column that is no VARIANT, or as written.

    It says so without a place, and as an internal error.
    """
    return any(words in str(error) for words in _OF_A_PATH)


def json_on_strings(query: str, execute: Callable[[str], DataFrame]) -> str:
    """The query with `column:path` rewritten where the column is a string.

    Spark does it itself on VARIANT columns; a query that has both kinds is tried with the paths
    of one operand after the other left as they are.

    Args:
        query: one that Spark refused for one of its paths.
        execute: analyses a query.
    """
    paths = find_paths(query)
    operands = list(dict.fromkeys(path.operand for path in paths))
    whole = on_strings(query, paths)
    if len(operands) < 2 or _analyses(whole, execute):
        return whole
    strings = []
    for operand in operands:
        others = [path for path in paths if path.operand != operand]
        if not _analyses(on_strings(query, others, any_type=True), execute):
            strings += [path for path in paths if path.operand == operand]
    return on_strings(query, strings)


def _analyses(query: str, execute: Callable[[str], DataFrame]) -> bool:
    from pyspark.errors import PySparkException

    try:
        execute(query)
    except PySparkException:
        return False
    except Exception as error:
        if not is_about_a_path(error):
            raise
        return False
    return True
