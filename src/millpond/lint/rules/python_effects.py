"""Rules about what a dataset function may do (reference 1.2)."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.frame import Frame, Step
from millpond.lint.python_source import PythonSource
from millpond.lint.raw_streams import WRITES
from millpond.lint.rule import Category, Rule

_ACTIONS = frozenset(
    {"collect", "count", "toPandas", "toLocalIterator", "take", "tail", "first", "head", "show"}
    | {"isEmpty", "foreach", "foreachPartition", "display", "checkpoint", "localCheckpoint"}
)
_WRITES = frozenset({"save", "saveAsTable", "insertInto", "start", "toTable", "createOrReplace"})


class ActionInDatasetFunction(Rule):
    """A dataset function describes a query and runs none.

    It is called several times while the pipeline is planned. `collect`, `count`, `toPandas` or
    `display` read all data each time, on a stream they raise.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        frame = spark.read.table("raw.orders")
        print(frame.count())
        return frame
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders")
    ```
    """

    code = "PY-01"
    severity = Severity.REQUIRED
    category = Category.PYTHON
    hint = "Return the frame; put a number that you need into a dataset or an expectation."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Actions on frames, and `display(frame)`, in the body of a dataset function."""
        seen: set[ast.AST] = set()
        for frame in source.frames:
            for step in frame.steps:
                if step.name in _ACTIONS and isinstance(step.node, ast.Call):
                    grouped = step.name in ("count", "first") and _after_grouping(frame, step)
                    new = step.node not in seen and source.in_dataset(frame, step.node)
                    if not grouped and new:
                        seen.add(step.node)
                        at = source.method_span(step.node)
                        yield self.found(at, f"{step.name} runs a query in a dataset function")
        for call in source.all(ast.Call):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name in ("display", "displayHTML") and source.dataset_of(call) is not None:
                yield self.found(source.span(call), f"{name} runs a query in a dataset function")


def _after_grouping(frame: Frame, step: Step) -> bool:
    index = frame.steps.index(step)
    before = frame.steps[index - 1].name if index else ""
    return before in ("groupBy", "groupby", "pivot", "cube", "rollup")


class WriteInDatasetFunction(Rule):
    """A dataset function writes nothing; its dataset is what is written.

    A write or a stream started in it runs at every planning, without the pipeline's checkpoint,
    lineage and transaction.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        frame = spark.read.table("raw.orders")
        frame.write.mode("overwrite").saveAsTable("main.backup.orders")
        return frame
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders")


    @dp.materialized_view(name="main.backup.orders")
    def backup():
        return spark.read.table("orders")
    ```
    """

    code = "PY-02"
    severity = Severity.CRITICAL
    category = Category.PYTHON
    hint = "Make what is written a dataset or a sink of the pipeline."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Ends of `write` and `writeStream` chains in the body of a dataset function."""
        seen: set[ast.AST] = set()
        for frame in source.frames:
            if not frame.has("write", "writeStream", "writeTo"):
                continue
            last = frame.steps[-1]
            ends = last.name in _WRITES | set(WRITES) | {"append"}
            if ends and last.node not in seen and source.in_dataset(frame, last.node):
                seen.add(last.node)
                at = source.method_span(last.call)
                yield self.found(at, f"{last.name} writes in a dataset function")


class SideEffectInDatasetFunction(Rule):
    """A dataset function changes nothing outside of its frame.

    It is called at every planning, several times an update and in no certain order: files are
    moved twice, settings of other datasets change, services are called for nothing.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        dbutils.fs.rm("/Volumes/main/raw/orders/old", True)
        return spark.read.table("raw.orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders")
    ```
    """

    code = "PY-04"
    severity = Severity.REQUIRED
    category = Category.PYTHON
    hint = "Do it in a task of its own, before or after the pipeline."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Calls that change files, settings, tables or services."""
        for call in source.all(ast.Call):
            what = _effect(source, call)
            if what is not None and source.dataset_of(call) is not None:
                yield self.found(source.span(call), f"{what} in a dataset function")


_EFFECTS = {
    **{f"dbutils.fs.{name}": "files change" for name in ("rm", "mv", "cp", "mkdirs", "put")},
    "spark.conf.set": "a setting for all datasets changes",
    "spark.conf.unset": "a setting for all datasets changes",
    "dbutils.notebook.run": "another notebook runs",
    "os.remove": "files change",
    "os.makedirs": "files change",
    "shutil.rmtree": "files change",
    **{f"requests.{name}": "a service is called" for name in ("delete", "patch", "post", "put")},
}
_CHANGES = (
    "insert ",
    "merge ",
    "update ",
    "delete ",
    "drop ",
    "truncate ",
    "alter ",
    "create ",
    "optimize ",
    "vacuum ",
)


def _effect(source: PythonSource, call: ast.Call) -> str | None:
    path = source.dotted(call.func) or ""
    if path == "spark.sql" and call.args:
        text = (source.text(call.args[0]) or "").strip().casefold()
        view = text.startswith(("create temp", "create or replace temp"))
        return "a statement changes tables" if text.startswith(_CHANGES) and not view else None
    return _EFFECTS.get(path)


class GlobalInDatasetFunction(Rule):
    """A dataset function keeps no state between calls.

    Which call comes first, and how many there are, is not known.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    calls = 0


    @dp.materialized_view
    def orders():
        global calls
        calls += 1
        return spark.read.table("raw.orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders")
    ```
    """

    code = "PY-08"
    severity = Severity.REQUIRED
    category = Category.PYTHON
    hint = "Compute what it needs at the top of the module."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`global` in the body of a dataset function."""
        for node in source.all(ast.Global):
            if source.dataset_of(node) is not None:
                names = ", ".join(node.names)
                yield self.found(source.span(node), f"a dataset function changes {names}")


class CacheInDatasetFunction(Rule):
    """A dataset function caches nothing.

    Serverless compute refuses `cache` and `persist`, and elsewhere nobody frees it. A temporary
    view, or a private table, holds what several datasets need.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders").cache()
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders")
    ```
    """

    code = "PY-14"
    severity = Severity.REQUIRED
    category = Category.PYTHON
    hint = "Remove it, or make a private table of what is used more than once."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`cache` and `persist` on a frame in the body of a dataset function."""
        seen: set[ast.AST] = set()
        for frame in source.frames:
            for step in frame.steps:
                keeps = step.name in ("cache", "persist") and isinstance(step.node, ast.Call)
                if keeps and step.node not in seen and source.in_dataset(frame, step.node):
                    seen.add(step.node)
                    at = source.method_span(step.call)
                    yield self.found(at, f"{step.name} has no place in a pipeline")


class ClockOfPlanning(Rule):
    """The time of a row comes from Spark, not from Python.

    `datetime.now()` is evaluated when the pipeline is planned: every row of a continuous stream
    gets the time at which the update started.

    **Anti-pattern**

    ```python
    from datetime import datetime

    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def orders():
        return spark.readStream.table("raw.orders").withColumn("at", F.lit(datetime.now()))
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def orders():
        return spark.readStream.table("raw.orders").withColumn("at", F.current_timestamp())
    ```
    """

    code = "PY-15"
    severity = Severity.REQUIRED
    category = Category.PYTHON
    hint = "Use F.current_timestamp() or F.current_date()."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Clocks of Python in the body of a dataset function, outside of functions for columns."""
        for call in source.all(ast.Call):
            path = source.dotted(call.func) or ""
            if path not in _CLOCKS:
                continue
            dataset = source.dataset_of(call)
            inner = next((p for p in source.above(call) if isinstance(p, ast.FunctionDef)), None)
            if dataset is not None and inner is dataset.node:
                yield self.found(source.span(call), f"{path} is read when the pipeline is planned")


_CLOCKS = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "uuid.uuid4",
    }
)
