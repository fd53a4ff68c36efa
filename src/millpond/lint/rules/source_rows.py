"""Rules about what becomes of rows that are odd or change."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from millpond.definitions import DatasetKind
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import DatasetFacts, Pipeline
from millpond.lint.python_source import PythonSource, argument
from millpond.lint.reads import reads_of
from millpond.lint.rule import Category, Rule
from millpond.lint.sql_source import Query, SqlSource
from millpond.location import Span


class JsonWithoutErrorHandling(Rule):
    """What from_json cannot parse is noticed.

    It gives NULL, and the row goes on. Check the parsed column by an expectation, or keep the text
    with `columnNameOfCorruptRecord` or `rescuedDataColumn`.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    # millpond: ignore[ST-02] an example
    @dp.table
    def orders():
        raw = spark.readStream.table("raw_orders")
        return raw.select(F.from_json("value", "id INT").alias("order"))
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @dp.table
    @dp.expect("parsed", "order IS NOT NULL")
    def orders():
        raw = spark.readStream.table("raw_orders")
        return raw.select(F.from_json("value", "id INT").alias("order"))
    ```
    """

    code = "SR-04"
    severity = Severity.REQUIRED
    category = Category.SOURCES
    hint = "Expect the parsed column to be there, or set columnNameOfCorruptRecord."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`from_json` without options in a dataset function without expectations."""
        for call in source.all(ast.Call):
            if source.column_function(call) != "from_json":
                continue
            dataset = source.dataset_of(call)
            if dataset is None or argument(call, 2, "options") is not None:
                continue
            if source.pipeline is None or _is_checked(source.pipeline, dataset.node):
                continue
            yield self.found(source.span(call), "text that is no JSON becomes NULL unnoticed")

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """`from_json(a, b)` in a statement of a dataset without expectations."""
        for statement in source.statements:
            dataset, query = statement.dataset, statement.query
            if dataset is None or query is None or dataset.expectations or source.pipeline is None:
                continue
            if dataset.kind is DatasetKind.TEMPORARY_VIEW:
                continue  # what reads it is looked at
            facts = _facts_at(source.pipeline, dataset.at)
            if facts is not None and _readers_check(facts, 0):
                continue
            for index, token in enumerate(query.tokens[:-1]):
                called = token.upper == "FROM_JSON" and query.tokens[index + 1].upper == "("
                if called and "map" not in _inside(query, index + 1):
                    message = "text that is no JSON becomes NULL unnoticed"
                    yield self.found(query.span(token), message)


def _is_checked(pipeline: Pipeline, function: ast.AST) -> bool:
    """Whether the dataset of a function, or one that reads it, has expectations."""
    for dataset in pipeline.datasets:
        if any(flow.function is function for flow in dataset.flows):
            return _readers_check(dataset, 0)
    return True


def _readers_check(dataset: DatasetFacts, depth: int) -> bool:
    if dataset.expectations or not dataset.expectations_known or depth > 3:
        return bool(dataset.expectations) or not dataset.expectations_known
    return any(_readers_check(reader, depth + 1) for _, reader in dataset.readers)


def _facts_at(pipeline: Pipeline, at: Span) -> DatasetFacts | None:
    return next((each for each in pipeline.datasets if each.at == at), None)


def _inside(query: Query, opening: int) -> list[str]:
    """The words between a bracket and the one that closes it, in lower case."""
    depth, words = 0, []
    for token in query.tokens[opening:]:
        depth += (token.upper == "(") - (token.upper == ")")
        words.append(token.text.casefold())
        if depth == 0:
            break
    return words


class IgnoredChanges(Rule):
    """A stream says what it does about changed rows.

    `ignoreChanges` sends rewritten rows again, `ignoreDeletes` covers whole partitions only; both
    are
    deprecated. `skipChangeCommits` skips such commits, a change feed keeps them.

    **Anti-pattern**

    ```python
    orders = spark.readStream.option("ignoreChanges", "true").table("main.raw.orders")
    ```

    **Best practice**

    ```python
    orders = spark.readStream.option("skipChangeCommits", "true").table("main.raw.orders")
    ```
    """

    code = "SR-11"
    severity = Severity.REQUIRED
    category = Category.SOURCES
    hint = "Use skipChangeCommits, or readChangeFeed if the changes matter."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Both options of a stream."""
        for origin in reads_of(source):
            for key in ("ignorechanges", "ignoredeletes"):
                value = origin.options.get(key)
                if origin.streaming and value is not None:
                    message = f"{'ignoreChanges' if key == 'ignorechanges' else 'ignoreDeletes'}"
                    yield self.found(source.span(value), f"{message} is deprecated")
