"""Rules about paths, catalogs and secrets in source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from millpond.lint.finding import Finding, Severity, text_at
from millpond.lint.pipeline import Pipeline
from millpond.lint.python_source import PythonSource
from millpond.lint.reads import arguments_of, reads_of
from millpond.lint.rule import Category, Rule
from millpond.lint.sql_source import SqlSource
from millpond.location import Span
from millpond.redaction import hide, holds_secret, is_secret
from millpond.sql.tokens import TokenKind


class HardCodedPath(Rule):
    """Paths come from the pipeline's configuration.

    A path in the source makes every target read the same files, those of production.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def stores():
        return spark.read.format("parquet").load("s3://shop-prod/stores")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def stores():
        return spark.read.format("parquet").load(spark.conf.get("stores_path"))
    ```
    """

    code = "HC-03"
    severity = Severity.ADVICE
    category = Category.HARD_CODED
    hint = 'Read it from the configuration: spark.conf.get("...") or ${...}.'

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Paths of clouds and volumes that are read in files of a pipeline."""
        if not source.decorated:
            return
        for origin in reads_of(source):
            text = source.text(origin.path) if origin.name is None else None
            if origin.path is not None and text is not None and _PATH.match(text):
                yield self.found(source.span(origin.path), "this path is the same in every target")

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Paths given to functions that read files, with no `${...}` in them."""
        for query, reference, given in arguments_of(source):
            path = given.get("path") or given.get("")
            if path is None or reference.function == "read_kafka":
                continue
            at = query.span(path)
            if _PATH.match(path.value) and "${" not in text_at(at):
                yield self.found(at, "this path is the same in every target")


_PATH = re.compile(r"(?:s3a?|abfss?|gs|wasbs?|adl)://|/Volumes/", re.IGNORECASE)


class SecretInSource(Rule):
    """Secrets stay out of source.

    What stands in source is in the repository for ever. Take it from a secret scope.

    **Anti-pattern**

    ```python
    orders = spark.readStream.format("kafka").option("subscribe", "orders")
    orders = orders.option("kafka.ssl.keystore.password", "hunter2").load()
    ```

    **Best practice**

    ```python
    password = dbutils.secrets.get("kafka", "keystore-password")
    orders = spark.readStream.format("kafka").option("subscribe", "orders")
    orders = orders.option("kafka.ssl.keystore.password", password).load()
    ```
    """

    code = "HC-04"
    severity = Severity.CRITICAL
    category = Category.HARD_CODED
    hint = "Use dbutils.secrets.get(scope, key), in SQL secret('scope', 'key')."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Literal values of options, settings and names that are called after a secret."""
        for call in source.all(ast.Call):
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if method in ("option", "set") and len(call.args) == 2:
                yield from self._secret(source, source.text(call.args[0]), call.args[1])
            elif method == "options":
                for each in call.keywords:
                    yield from self._secret(source, each.arg, each.value)
        for assign in source.all(ast.Assign):
            target = assign.targets[0]
            if isinstance(target, ast.Name):
                yield from self._secret(source, target.id, assign.value)
        for table in source.all(ast.Dict):
            for key, value in zip(table.keys, table.values, strict=True):
                yield from self._secret(source, source.text(key), value)

    def _secret(self, source: PythonSource, name: str | None, value: ast.expr) -> Iterator[Finding]:
        text = value.value if isinstance(value, ast.Constant) else None
        if name and isinstance(text, str) and is_secret(name, text):
            hide(text)
            yield self.found(source.span(value), f"the value of {name} is a secret in plain text")

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Arguments of functions that read, and strings that hold a token."""
        for query, _, given in arguments_of(source):
            for name, value in given.items():
                if value.kind is TokenKind.STRING and is_secret(name, value.value):
                    hide(value.value)
                    at = query.span(value)
                    yield self.found(at, f"the value of {name} is a secret in plain text")
        for statement in source.statements:
            for token in statement.tokens if statement.query is None else ():
                if token.kind is TokenKind.STRING and holds_secret(token.value):
                    hide(token.value)
                    yield self.found(statement.span(token), "this text holds a secret")


class HardCodedCatalogInSource(Rule):
    """Names in source leave the catalog to the pipeline.

    `main.sales.orders` is the table of production in every target. `sales.orders` takes the
    catalog of
    the pipeline's settings.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW prod.sales.totals AS SELECT count(*) AS n FROM orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales.totals AS SELECT count(*) AS n FROM orders;
    ```
    """

    code = "HC-05"
    severity = Severity.ADVICE
    category = Category.HARD_CODED
    hint = "Leave the catalog out, or take it from the configuration."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Datasets with three parts in their name, all written out."""
        for dataset in pipeline.datasets:
            declared = dataset.assembled.dataset
            if len(declared.name) == 3 and not dataset.is_sink:
                written = text_at(_line_of(declared.at))
                name = ".".join(declared.name)
                if name in written.replace("`", ""):
                    yield self.found(
                        declared.at, f"{dataset.short} is in catalog {declared.name[0]} everywhere"
                    )


def _line_of(at: Span) -> Span:
    last = at.end_line or at.line
    return Span(at.file, at.line, 1, last, len(at.lines()[last - 1]) + 1)


class DbfsPath(Rule):
    """Files are in volumes, not in DBFS mounts.

    `/mnt`, `dbfs:/` and `/FileStore` bypass Unity Catalog, and are deprecated and closed on new
    workspaces.

    **Anti-pattern**

    ```python
    stores = spark.read.format("parquet").load("dbfs:/mnt/shop/stores")
    ```

    **Best practice**

    ```python
    stores = spark.read.format("parquet").load("/Volumes/main/shop/stores")
    ```
    """

    code = "HC-06"
    severity = Severity.REQUIRED
    category = Category.HARD_CODED
    hint = "Use a volume: /Volumes/<catalog>/<schema>/<volume>/..."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Paths that are read."""
        for origin in reads_of(source):
            text = source.text(origin.path) if origin.name is None else None
            if origin.path is not None and text is not None and _DBFS.match(text):
                yield self.found(source.span(origin.path), "this path is in DBFS")

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Paths given to functions that read files."""
        for query, _, given in arguments_of(source):
            path = given.get("path") or given.get("")
            if path is not None and _DBFS.match(path.value):
                yield self.found(query.span(path), "this path is in DBFS")


_DBFS = re.compile(
    r"dbfs:/(?!/?Volumes|/?databricks-datasets)|/dbfs/|/mnt/|/?FileStore/", re.IGNORECASE
)
