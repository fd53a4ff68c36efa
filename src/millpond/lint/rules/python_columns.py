"""Rules about columns and functions for columns."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.python_source import PythonSource, keyword
from millpond.lint.rule import Category, Rule, replacing

_SHADOWED = ("abs", "filter", "hash", "max", "min", "round", "slice", "sum")


class RowByRowUdf(Rule):
    """A function for columns is vectorised, or one of Spark's own.

    A plain `udf` moves every row through Python, ten to a hundred times slower than a built-in
    function, and Spark cannot look into it.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @F.udf("string")
    def upper(text):
        return text.upper()


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders").select(upper("id").alias("id"))
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders").select(F.upper("id").alias("id"))
    ```
    """

    code = "PY-09"
    severity = Severity.ADVICE
    category = Category.PYTHON
    hint = "Use pyspark.sql.functions, or pandas_udf for what they lack."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`udf` as a decorator or a call, unless it is told to use Arrow."""
        if not source.decorated and not source.streams and not source.in_bundle:
            return  # a notebook that makes data, or the like
        for name in [*source.all(ast.Name), *source.all(ast.Attribute)]:
            if source.dotted(name) != "pyspark.sql.functions.udf":
                continue
            parent = source.parents.get(name)
            call = parent if isinstance(parent, ast.Call) and parent.func is name else None
            if call is not None and keyword(call, "useArrow") is not None:
                continue
            if call is None and not isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            yield self.found(source.span(name), "this function sees one row at a time")


class StarImportOfFunctions(Rule):
    """Functions of Spark are imported by a name.

    `from pyspark.sql.functions import *` replaces Python's own `sum`, `min`, `max`, `abs`, `round`
    and `filter` in the whole file.

    **Anti-pattern**

    ```python
    from pyspark.sql.functions import *

    widest = max([1, 2, 3])
    ```

    **Best practice**

    ```python
    from pyspark.sql import functions as F

    widest = max([1, 2, 3])
    ```
    """

    code = "PY-10"
    severity = Severity.ADVICE
    category = Category.PYTHON
    hint = "Write from pyspark.sql import functions as F."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """The import, where the file uses a name that it replaces."""
        for node in source.all(ast.ImportFrom):
            stars = any(alias.name == "*" for alias in node.names)
            if node.module != "pyspark.sql.functions" or not stars:
                continue
            calls = (c.func.id for c in source.all(ast.Call) if isinstance(c.func, ast.Name))
            used = sorted({name for name in calls if name in _SHADOWED})
            if used:
                message = f"the import replaces Python's own {', '.join(used)}"
                yield self.found(source.span(node), message)


class ColumnComparedWithNone(Rule):
    """A column is tested for NULL with isNull.

    `col("x") == None` is a comparison with NULL, which is never true.

    **Anti-pattern**

    ```python
    from pyspark.sql import functions as F


    def with_id(frame):
        return frame.where(F.col("id") != None)
    ```

    **Best practice**

    ```python
    from pyspark.sql import functions as F


    def with_id(frame):
        return frame.where(F.col("id").isNotNull())
    ```
    """

    code = "PY-16"
    severity = Severity.CRITICAL
    category = Category.PYTHON
    hint = "Write .isNull() or .isNotNull()."
    fixable = True

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Comparisons of `col(...)` with None."""
        for node in source.all(ast.Compare):
            if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
                continue
            right = node.comparators[0]
            none = isinstance(right, ast.Constant) and right.value is None
            if none and source.column_function(node.left) in ("col", "column"):
                method = "isNull" if isinstance(node.ops[0], ast.Eq) else "isNotNull"
                text = f"{source.written(node.left)}.{method}()"
                fix = replacing(source.span(node), text, f"Write .{method}()")
                yield self.found(source.span(node), "this comparison is never true", fix=fix)


class BooleanOperatorOnColumns(Rule):
    """Conditions on columns are joined with &, | and ~.

    Python's `and`, `or` and `not` ask a column whether it is true, which raises.

    **Anti-pattern**

    ```python
    from pyspark.sql import functions as F


    def valid(frame):
        return frame.where(F.col("a") > 1 and F.col("b") > 1)
    ```

    **Best practice**

    ```python
    from pyspark.sql import functions as F


    def valid(frame):
        return frame.where((F.col("a") > 1) & (F.col("b") > 1))
    ```
    """

    code = "PY-17"
    severity = Severity.CRITICAL
    category = Category.PYTHON
    hint = "Write &, | or ~, with brackets around each condition."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`and`, `or` and `not` with an operand that is a condition on `col(...)`."""
        for node in source.all(ast.BoolOp):
            word = "and" if isinstance(node.op, ast.And) else "or"
            if all(_is_condition(source, value) for value in node.values):
                yield self.found(source.span(node), f"{word} does not work on columns")
        for negation in source.all(ast.UnaryOp):
            if isinstance(negation.op, ast.Not) and _is_condition(source, negation.operand):
                yield self.found(source.span(negation), "not does not work on columns")


def _is_condition(source: PythonSource, node: ast.expr) -> bool:
    if isinstance(node, ast.Compare):
        return any(source.column_function(n) == "col" for n in (node.left, *node.comparators))
    method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    if method and node.func.attr in ("isNull", "isNotNull", "isin", "like", "rlike"):  # type: ignore[attr-defined]
        return source.column_function(node.func.value) == "col"  # type: ignore[attr-defined]
    return False
