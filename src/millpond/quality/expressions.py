"""A SQL expression of the user's as a column: what only Databricks writes so, in Spark's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from millpond.spark_connect import is_remote
from millpond.sql.dialect import translate
from millpond.sql.json_columns import is_about_a_path, json_on_strings

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from millpond.location import Span

_T = TypeVar("_T")
_TRANSLATED = re.compile(r"\?::|[\w`]\s*\(")
"""Nothing else is translated; most conditions have neither, and need no tokens."""


def expression(text: str, frame: DataFrame, at: Span) -> Column:
    """The column that an expression is over a frame's columns; `?::` and `column:path` work.

    Raises:
        MillpondError: DATABRICKS_ONLY_FUNCTION, at `at`.
        AnalysisException: of Spark's, for what does not resolve.
    """
    from pyspark.sql import functions as F

    return F.expr(spark_text(text, frame, at))


def spark_text(text: str, frame: DataFrame, at: Span) -> str:
    """The text of an expression as open-source Spark reads it, over a frame's columns."""
    from pyspark.sql import functions as F

    translated = translate(text, lambda start, end: at) if is_translated(text) else text
    if ":" not in translated:
        return translated
    found, _ = in_sparks_words(translated, lambda each: frame.select(F.expr(each)))
    return found


def is_translated(text: str) -> bool:
    """Whether an expression may have words of Databricks' own."""
    return _TRANSLATED.search(text) is not None


def analysed(frame: _T) -> _T:
    """The frame; over Spark Connect its errors come only once its schema is asked for."""
    if is_remote(frame):
        frame.schema  # type: ignore[attr-defined]  # noqa: B018 - asked for its errors
    return frame


def in_sparks_words(text: str, analyse: Callable[[str], _T]) -> tuple[str, _T]:
    """A query or expression with `column:path` as functions where the column is a string.

    Args:
        analyse: makes Spark analyse a text.

    Returns:
        The text, and what `analyse` gave for it.
    """
    from pyspark.errors import PySparkException

    try:
        return text, analysed(analyse(text))
    except Exception as error:
        if not is_about_a_path(error):
            raise

    def analyses(each: str) -> bool:
        try:
            analysed(analyse(each))
        except PySparkException:
            return False
        except Exception as error:
            if not is_about_a_path(error):
                raise
            return False
        return True

    rewritten = json_on_strings(text, analyses)
    return rewritten, analysed(analyse(rewritten))
