"""Rules about old spellings of the pipeline API, with their fixes (reference 1.1)."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from millpond.lint.features import TABLES, TARGETS, VIEWS
from millpond.lint.finding import Finding, Severity
from millpond.lint.python_source import PythonSource, keyword
from millpond.lint.rule import Category, Rule, replacing


class DltModule(Rule):
    """New source imports pyspark.pipelines.

    `import dlt` goes on working and gets no new features; `dlt` is also the name of another
    library.

    **Anti-pattern**

    ```python
    import dlt


    @dlt.table
    @dlt.expect("has_id", "id IS NOT NULL")
    def orders():
        return spark.readStream.table("raw.orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def orders():
        return spark.readStream.table("raw.orders")
    ```
    """

    code = "DP-01"
    severity = Severity.ADVICE
    category = Category.DEPRECATED
    hint = "Write from pyspark import pipelines as dp; batch tables become materialized views."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """The import, where its names are used."""
        for node in source.all(ast.Import):
            for alias in node.names:
                if alias.name == "dlt":
                    yield self.found(source.span(node), "dlt is the old name of pyspark.pipelines")
        for each in source.all(ast.ImportFrom):
            if each.module == "dlt":
                yield self.found(source.span(each), "dlt is the old name of pyspark.pipelines")


class ReadFunctions(Rule):
    """Datasets are read through spark.

    `dlt.read` and `dlt.read_stream` are the old forms of `spark.read.table` and
    `spark.readStream.table`.

    **Anti-pattern**

    ```python
    import dlt


    @dlt.table
    def sales():
        return dlt.read("orders").groupBy("shop").count()
    ```

    **Best practice**

    ```python
    import dlt


    @dlt.table
    def sales():
        return spark.read.table("orders").groupBy("shop").count()
    ```
    """

    code = "DP-02"
    severity = Severity.ADVICE
    category = Category.DEPRECATED
    hint = "Write {modern}."
    fixable = True

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Calls of `read`, `read_stream` and `readStream` of the pipeline API."""
        modern = {
            "read": "spark.read.table",
            "read_stream": "spark.readStream.table",
            "readStream": "spark.readStream.table",
        }
        for call in source.all(ast.Call):
            feature = source.feature(call)
            if feature in modern:
                at = source.span(call.func)
                fix = replacing(at, modern[feature], f"Write {modern[feature]}")
                hint = self.hint.format(modern=modern[feature])
                yield self.found(at, f"{feature} is an old way to read", hint=hint, fix=fix)


class RenamedFunction(Rule):
    """Functions of the pipeline API have their names of today.

    `create_table`, `create_view`, `create_target_table` and `create_streaming_live_table` only
    warn and
    forward.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    dp.create_target_table("orders", expect_all={"has_id": "id IS NOT NULL"})


    @dp.append_flow(target="orders")
    def fill():
        return spark.readStream.table("raw.orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("orders", expect_all={"has_id": "id IS NOT NULL"})


    @dp.append_flow(target="orders")
    def fill():
        return spark.readStream.table("raw.orders")
    ```
    """

    code = "DP-03"
    severity = Severity.REQUIRED
    category = Category.DEPRECATED
    hint = "Write {modern}."
    fixable = True

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Old names as attributes of the module."""
        for node in source.all(ast.Attribute):
            modern = _RENAMED.get(node.attr)
            if modern is not None and source.feature(node) == node.attr:
                at = source.name_span(node)
                fix = replacing(at, modern, f"Write {modern}")
                hint = self.hint.format(modern=modern)
                yield self.found(at, f"{node.attr} is the old name of {modern}", hint=hint, fix=fix)


_RENAMED = {
    "create_table": "table",
    "create_view": "view",
    "create_target_table": "create_streaming_table",
    "create_streaming_live_table": "create_streaming_table",
}


class ApplyChanges(Rule):
    """Changes are applied by create_auto_cdc_flow.

    `apply_changes` and `apply_changes_from_snapshot` are its old names.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.apply_changes(target="customers", source="changes", keys=["id"], sequence_by="changed_at")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers", source="changes", keys=["id"], sequence_by="changed_at"
    )
    ```
    """

    code = "DP-04"
    severity = Severity.ADVICE
    category = Category.DEPRECATED
    hint = "Write {modern}."
    fixable = True

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Old names as attributes of the module."""
        modern = {
            "apply_changes": "create_auto_cdc_flow",
            "apply_changes_from_snapshot": "create_auto_cdc_from_snapshot_flow",
        }
        for node in source.all(ast.Attribute):
            now = modern.get(node.attr)
            if now is not None and source.feature(node) == node.attr:
                at = source.name_span(node)
                fix = replacing(at, now, f"Write {now}")
                hint = self.hint.format(modern=now)
                yield self.found(at, f"{node.attr} is the old name of {now}", hint=hint, fix=fix)


class ViewDecorator(Rule):
    """A temporary view is declared as one.

    `@dp.view` is an old name of `@dp.temporary_view`.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.view
    def checked():
        return spark.read.table("raw.orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.temporary_view
    def checked():
        return spark.read.table("raw.orders")
    ```
    """

    code = "DP-05"
    severity = Severity.ADVICE
    category = Category.DEPRECATED
    hint = "Write temporary_view."
    fixable = True

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`view` of `pyspark.pipelines`; `dlt` has no other."""
        for node in source.all(ast.Attribute):
            if node.attr == "view" and source.dotted(node) == "pyspark.pipelines.view":
                at = source.name_span(node)
                fix = replacing(at, "temporary_view", "Write temporary_view")
                yield self.found(at, "view is the old name of temporary_view", fix=fix)


class TemporaryTable(Rule):
    """A table of the pipeline's own is private.

    `temporary=True` is the old spelling of `private=True`: the table is stored, and not published.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view(temporary=True)
    def checked():
        return spark.read.table("raw.orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view(private=True)
    def checked():
        return spark.read.table("raw.orders")
    ```
    """

    code = "DP-06"
    severity = Severity.ADVICE
    category = Category.DEPRECATED
    hint = "Write private=True."
    fixable = True

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """The argument in a call of `pyspark.pipelines`."""
        for call in source.all(ast.Call):
            modern = (source.dotted(call.func) or "").startswith("pyspark.pipelines.")
            for each in call.keywords if modern and source.feature(call) in TABLES else ():
                if each.arg == "temporary":
                    at = source.span(each)
                    text = f"private={source.written(each.value)}"
                    fix = replacing(at, text, "Write private")
                    yield self.found(at, "temporary is the old name of private", fix=fix)


class ExplicitLocation(Rule):
    """Unity Catalog places tables.

    `path` of a dataset, and LOCATION in SQL, are ignored or refused in a pipeline with a catalog.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view(path="/Volumes/main/sales/orders")
    def orders():
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

    code = "DP-07"
    severity = Severity.REQUIRED
    category = Category.DEPRECATED
    hint = "Remove it; set the managed location of the schema if data has to be somewhere."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`path=...` in the declaration of a dataset, unless it is None."""
        for call in source.all(ast.Call):
            if source.feature(call) in TABLES | TARGETS - VIEWS:
                path = keyword(call, "path")
                given = path is not None and source.constant(path) is not None
                if path is not None and (given or not isinstance(path, (ast.Constant, ast.Name))):
                    yield self.found(source.span(path), "the location of a table is not yours")


class OldStatefulOperator(Rule):
    """State by key is kept by transformWithState.

    `applyInPandasWithState` and its like have no timers, no several state variables and no schema
    evolution; they are deprecated.

    **Anti-pattern**

    ```python
    def counted(frame, update, schema):
        groups = frame.groupBy("user")
        return groups.applyInPandasWithState(update, schema, schema, "append", "NoTimeout")
    ```

    **Best practice**

    ```python
    def counted(frame, processor, schema):
        groups = frame.groupBy("user")
        return groups.transformWithStateInPandas(processor, schema, "append", "ProcessingTime")
    ```
    """

    code = "DP-08"
    severity = Severity.ADVICE
    category = Category.DEPRECATED
    hint = "Use transformWithState or transformWithStateInPandas."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Calls of the old methods."""
        old = ("applyInPandasWithState", "mapGroupsWithState", "flatMapGroupsWithState")
        for call in source.all(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr in old:
                message = f"{call.func.attr} gave way to transformWithState"
                yield self.found(source.name_span(call.func), message)
