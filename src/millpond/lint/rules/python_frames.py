"""Rules about methods of frames that have no place in a pipeline."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.python_source import PythonSource
from millpond.lint.rule import Category, Rule


class PivotInDatasetFunction(Rule):
    """A dataset has columns that are known before it runs.

    `pivot` has to read the data to know its columns; pipelines do not support it.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def sales_by_year():
        return spark.read.table("sales").groupBy("shop").pivot("year").sum("amount")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @dp.materialized_view
    def sales_by_year():
        by_year = [F.sum(F.expr(f"if(year = {y}, amount, 0)")).alias(f"y{y}") for y in (2025, 2026)]
        return spark.read.table("sales").groupBy("shop").agg(*by_year)
    ```
    """

    code = "PY-11"
    severity = Severity.REQUIRED
    category = Category.PYTHON
    hint = "Aggregate with a condition for each column that you want."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`pivot` on a grouping in the body of a dataset function."""
        seen: set[ast.AST] = set()
        for frame in source.frames:
            step = frame.find("pivot")
            if step is None or step.node in seen or source.dataset_of(step.node) is None:
                continue
            seen.add(step.node)
            yield self.found(source.method_span(step.call), "pipelines do not support pivot")


class WithColumnInLoop(Rule):
    """Many columns are added at once.

    Each `withColumn` makes a new plan that is analysed again; in a loop over columns planning takes
    minutes, or the stack.

    **Anti-pattern**

    ```python
    def trimmed(frame, columns):
        for name in columns:
            frame = frame.withColumn(name, F.trim(name))
        return frame
    ```

    **Best practice**

    ```python
    def trimmed(frame, columns):
        return frame.withColumns({name: F.trim(name) for name in columns})
    ```
    """

    code = "PY-12"
    severity = Severity.ADVICE
    category = Category.PYTHON
    hint = "Collect the columns in a dictionary and call withColumns once."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`x = x.withColumn(...)` in a loop over more than a few fixed items."""
        for assign in source.all(ast.Assign):
            loop = next(
                (p for p in source.above(assign) if isinstance(p, (ast.For, ast.FunctionDef))), None
            )
            if not isinstance(loop, ast.For) or _is_short(loop.iter):
                continue
            value, target = assign.value, assign.targets[0]
            if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
                continue
            owner = value.func.value
            if not isinstance(owner, ast.Name) or not isinstance(target, ast.Name):
                continue
            if value.func.attr == "withColumn" and owner.id == target.id:
                at = source.method_span(value)
                yield self.found(at, "each turn of the loop makes and analyses a new plan")


def _is_short(items: ast.expr) -> bool:
    return isinstance(items, (ast.List, ast.Tuple)) and len(items.elts) < 5


class RddOrSparkContext(Rule):
    """Pipelines use DataFrames, not RDDs.

    `rdd`, `sparkContext` and `_jvm` do not exist on serverless and shared compute.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders").rdd.map(lambda row: (row.id,)).toDF(["id"])
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders").select("id")
    ```
    """

    code = "PY-13"
    severity = Severity.REQUIRED
    category = Category.PYTHON
    hint = "Write it with DataFrame methods, or mapInPandas."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`rdd` on a frame, `spark.sparkContext`, `_jvm`, in files that define datasets."""
        if not source.decorated:
            return
        seen: set[ast.AST] = set()
        for frame in source.frames:
            step = frame.find("rdd")
            if step is not None and step.node not in seen and isinstance(step.node, ast.Attribute):
                seen.add(step.node)
                yield self.found(source.name_span(step.node), "rdd is not there on serverless")
        for node in source.all(ast.Attribute):
            path = source.dotted(node)
            if path in ("spark.sparkContext", "spark._jvm", "spark._sc"):
                yield self.found(source.name_span(node), f"{node.attr} is not there on serverless")


class SinglePartition(Rule):
    """A dataset is not squeezed into one partition.

    `coalesce(1)` and `repartition(1)` make one task do all the work; pipelines size their files by
    themselves.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders").coalesce(1)
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders")
    ```
    """

    code = "PY-18"
    severity = Severity.REQUIRED
    category = Category.PYTHON
    hint = "Remove it."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`coalesce(1)` and `repartition(1)` on a frame in a dataset function."""
        seen: set[ast.AST] = set()
        for frame in source.frames:
            step = frame.find("coalesce", "repartition")
            if step is None or step.node in seen or source.dataset_of(step.node) is None:
                continue
            arguments = step.call.args
            if len(arguments) == 1 and source.constant(arguments[0]) == 1:
                seen.add(step.node)
                at = source.method_span(step.call)
                yield self.found(at, "one task does all the work of this dataset")


class OrderWithoutLimit(Rule):
    """A table has no order.

    Sorting what a dataset stores costs a shuffle of everything, and its readers see any order. A
    streaming table cannot be sorted at all.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders").orderBy("ordered_at")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view(cluster_by=["ordered_at"])
    def orders():
        return spark.read.table("raw.orders")
    ```
    """

    code = "PY-19"
    severity = Severity.ADVICE
    category = Category.PYTHON
    hint = "Sort where the table is read; cluster_by makes that cheap."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """A sort that ends the frame of a dataset function."""
        for frame in source.frames:
            last = frame.steps[-1] if frame.steps else None
            if last is None or last.name not in ("orderBy", "sort") or not frame.returned:
                continue
            if frame.streaming is False and source.dataset_of(last.node) is not None:
                at = source.method_span(last.call)
                yield self.found(at, "the order is lost when the dataset is stored")
