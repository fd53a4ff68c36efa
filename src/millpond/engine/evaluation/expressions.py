"""SQL expressions within Python source: Databricks' words in them, in Spark's own.

What `selectExpr`, `filter` and `where` are given is known to be over a frame's columns; `F.expr`
stands alone, so that of its `column:path` only those which are cast can be told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from millpond.definitions.caller import caller_span
from millpond.engine.evaluation import record_functions
from millpond.engine.evaluation.relations import Evaluation, current_evaluation, evaluating
from millpond.quality.expressions import in_sparks_words, is_translated
from millpond.sql.dialect import translate
from millpond.sql.json_paths import casts, find_paths, on_strings

if TYPE_CHECKING:
    from pyspark.sql import Column

_SELECT = "SELECT "
"""Before an expression that is a column of its own, so that `column:path` gets its name."""


def alone(text: str) -> str:
    """The text of `F.expr`, which knows no frame.

    A path that is cast is the same of a string and of a VARIANT, taken as JSON text.

    Raises:
        MillpondError: as `translate`, at the user's line.
    """
    evaluation = current_evaluation()
    if evaluation is None:
        return text
    text = _translated(text)
    record_functions.connect(text, evaluation, caller_span())
    paths = [path for path in find_paths(text) if casts(text, path)] if ":" in text else []
    return on_strings(text, paths, any_type=True) if paths else text


def _translated(text: str) -> str:
    at = caller_span()
    return translate(text, lambda start, end: at) if is_translated(text) else text


def _select(
    evaluation: Evaluation, original: Callable[..., Any], self: Any, *expr: str | list[str]
) -> Any:
    given = expr[0] if len(expr) == 1 and isinstance(expr[0], list) else expr
    for text in given:
        record_functions.connect(str(text), evaluation, caller_span())
    texts = [_translated(text) if isinstance(text, str) else text for text in given]

    def analysed(text: str) -> Any:
        with evaluating(None):
            return original(self, text.removeprefix(_SELECT))

    found = [
        in_sparks_words(f"{_SELECT}{text}", analysed)[0].removeprefix(_SELECT)
        if isinstance(text, str) and ":" in text
        else text
        for text in texts
    ]
    return original(self, *found)


def _filter(_: Evaluation, original: Callable[..., Any], self: Any, condition: Column | str) -> Any:
    if not isinstance(condition, str):
        return original(self, condition)
    return in_sparks_words(_translated(condition), lambda each: original(self, each))[1]


METHODS: dict[str, Callable[..., Any]] = {
    "selectExpr": _select,
    "filter": _filter,
    "where": _filter,
}
"""What takes the place of a frame's methods (see `interception`)."""
