"""Rules about Auto Loader and other streams of files."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache

from millpond.lint.finding import Finding, Severity
from millpond.lint.python_source import PythonSource
from millpond.lint.reads import reads_of
from millpond.lint.rule import Category, Rule, replacing
from millpond.lint.sql_source import SqlSource


class NewColumnsIgnored(Rule):
    """New columns of files are noticed.

    With `schemaEvolutionMode` `none` and no rescued data column, whatever the schema lacks is
    dropped
    without a trace.

    **Anti-pattern**

    ```python
    orders = spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
    orders = orders.schema("id INT").option("cloudFiles.schemaEvolutionMode", "none")
    orders = orders.load("/Volumes/main/raw/orders")
    ```

    **Best practice**

    ```python
    orders = spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
    orders = orders.schema("id INT").option("cloudFiles.schemaEvolutionMode", "none")
    orders = orders.option("rescuedDataColumn", "_rescued_data").load("/Volumes/main/raw/orders")
    ```
    """

    code = "SR-05"
    severity = Severity.REQUIRED
    category = Category.SOURCES
    hint = "Set rescuedDataColumn, or another mode."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Mode `none` without a rescued data column."""
        for origin in reads_of(source):
            mode = origin.options.get("cloudfiles.schemaevolutionmode")
            rescued = {"rescueddatacolumn", "cloudfiles.rescueddatacolumn"} & set(origin.options)
            if mode is not None and source.text(mode) == "none" and not rescued:
                yield self.found(source.span(mode), "what the schema lacks is dropped unnoticed")


class LocationInPipeline(Rule):
    """A pipeline manages checkpoints and schemas of its sources.

    `checkpointLocation` and `cloudFiles.schemaLocation` belong to raw streams; in a pipeline they
    have
    no effect, or tie two targets to one folder.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def orders():
        files = spark.readStream.format("cloudFiles").option("cloudFiles.format", "parquet")
        files = files.option("cloudFiles.schemaLocation", "/Volumes/main/ops/schemas/orders")
        return files.load("/Volumes/main/raw/orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def orders():
        files = spark.readStream.format("cloudFiles").option("cloudFiles.format", "parquet")
        return files.load("/Volumes/main/raw/orders")
    ```
    """

    code = "SR-06"
    severity = Severity.ADVICE
    category = Category.SOURCES
    hint = "Remove the option."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """The options in the body of a dataset function."""
        for origin in reads_of(source):
            if source.dataset_of(origin.node) is None:
                continue
            for key in ("checkpointlocation", "cloudfiles.schemalocation"):
                value = origin.options.get(key)
                if value is not None:
                    yield self.found(source.span(value), "the pipeline manages this location")


_SCHEMA_NEEDED = frozenset({"json", "csv", "parquet", "orc", "avro", "xml"})


class FileStreamWithoutSchema(Rule):
    """A stream of files has a schema.

    Only Auto Loader infers one; `readStream` of JSON, CSV or Parquet without a schema is refused.

    **Anti-pattern**

    ```python
    orders = spark.readStream.format("json").load("/Volumes/main/raw/orders")
    ```

    **Best practice**

    ```python
    orders = spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
    orders = orders.option("cloudFiles.inferColumnTypes", "true").load("/Volumes/main/raw/orders")
    ```
    """

    code = "SR-07"
    severity = Severity.CRITICAL
    category = Category.SOURCES
    hint = "Read with cloudFiles, or give a schema."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Streams of such files without a schema."""
        for origin in reads_of(source):
            form = (origin.format or "").casefold()
            files = origin.streaming and form in _SCHEMA_NEEDED
            if files and origin.schema is None and "schema" not in origin.options:
                yield self.found(source.span(origin.node), "this stream of files has no schema")


class InferSchemaOfAutoLoader(Rule):
    """Auto Loader's option for types is cloudFiles.inferColumnTypes.

    `inferSchema` belongs to batch reads; Auto Loader takes no notice of it.

    **Anti-pattern**

    ```python
    orders = spark.readStream.format("cloudFiles").option("cloudFiles.format", "parquet")
    orders = orders.option("inferSchema", "true").load("/Volumes/main/raw/orders")
    ```

    **Best practice**

    ```python
    orders = spark.readStream.format("cloudFiles").option("cloudFiles.format", "parquet")
    orders = orders.load("/Volumes/main/raw/orders")
    ```
    """

    code = "SR-08"
    severity = Severity.REQUIRED
    category = Category.SOURCES
    hint = "Write cloudFiles.inferColumnTypes, or remove it."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """The option on a cloudFiles reader."""
        for origin in reads_of(source):
            value = origin.options.get("inferschema")
            if origin.is_auto_loader and value is not None:
                yield self.found(source.span(value), "inferSchema has no effect on Auto Loader")


class UnknownAutoLoaderOption(Rule):
    """Options of Auto Loader are spelt as it knows them.

    One that it does not know is ignored, or stops the stream.

    **Anti-pattern**

    ```python
    orders = spark.readStream.format("cloudFiles").option("cloudFiles.format", "parquet")
    orders = orders.option("cloudFiles.maxFilePerTrigger", 10).load("/Volumes/main/raw/orders")
    ```

    **Best practice**

    ```python
    orders = spark.readStream.format("cloudFiles").option("cloudFiles.format", "parquet")
    orders = orders.option("cloudFiles.maxFilesPerTrigger", 10).load("/Volumes/main/raw/orders")
    ```
    """

    code = "SR-09"
    severity = Severity.REQUIRED
    category = Category.SOURCES
    hint = "Correct the name or remove the option."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Keys that begin with `cloudFiles.` and are none of Auto Loader's."""
        for origin in reads_of(source):
            for key, value in origin.options.items():
                rare = key.startswith("cloudfiles.") and key not in _COMMON_OPTIONS
                if rare and key not in _all_options():
                    yield self.found(source.span(value), f"Auto Loader has no option {key}")


_COMMON_OPTIONS = frozenset(
    f"cloudfiles.{name}"
    for name in (
        *("format", "includeexistingfiles", "infercolumntypes", "maxbytespertrigger"),
        *("maxfilespertrigger", "partitioncolumns", "rescueddatacolumn", "schemaevolutionmode"),
        *("schemahints", "schemalocation", "schemainference.samplesize.numbytes"),
    )
)
"""Those of nearly every pipeline, so that the module of all of them is seldom loaded."""


@lru_cache(maxsize=1)
def _all_options() -> frozenset[str]:
    from millpond.sources.auto_loader.known_options import IGNORED, USED

    return frozenset(name.casefold() for name in (*USED, *IGNORED))


class InputFileName(Rule):
    """The file of a row is in _metadata.

    `input_file_name()` is not there on serverless and shared compute, and gives an empty text
    after a
    shuffle.

    **Anti-pattern**

    ```python
    from pyspark.sql import functions as F


    def with_file(frame):
        return frame.withColumn("file", F.input_file_name())
    ```

    **Best practice**

    ```python
    from pyspark.sql import functions as F


    def with_file(frame):
        return frame.withColumn("file", F.col("_metadata.file_path"))
    ```
    """

    code = "SR-10"
    severity = Severity.REQUIRED
    category = Category.SOURCES
    hint = "Use the column _metadata.file_path."
    fixable = True

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Calls of the function of `pyspark.sql.functions`."""
        for call in source.all(ast.Call):
            if source.column_function(call) == "input_file_name":
                at = source.span(call)
                fix = None
                if isinstance(call.func, ast.Attribute):
                    text = f'{source.written(call.func.value)}.col("_metadata.file_path")'
                    fix = replacing(at, text, "Read _metadata.file_path")
                yield self.found(at, "input_file_name is not there on serverless", fix=fix)

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Calls of the function."""
        for statement in source.statements:
            for index in statement.phrases("INPUT_FILE_NAME", "(", ")"):
                at = statement.span(statement.tokens[index], statement.tokens[index + 2])
                fix = replacing(at, "_metadata.file_path", "Read _metadata.file_path")
                yield self.found(at, "input_file_name is not there on serverless", fix=fix)
