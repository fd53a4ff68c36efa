"""Rules about what the condition of an expectation says (reference 3.2)."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.lint.conditions import (
    AGGREGATES,
    functions,
    is_always_true,
    null_comparisons,
    tokens_of,
    unrepeatable,
)
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import Pipeline
from millpond.lint.rule import Category, Rule, replacing
from millpond.lint.sql_source import SqlSource


class AlwaysTrueExpectation(Rule):
    """An expectation can be violated.

    `true`, `1 = 1` or `id IS NULL OR id IS NOT NULL` check nothing and look like a check.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders (CONSTRAINT fine EXPECT (1 = 1))
    AS SELECT * FROM raw.orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM raw.orders;
    ```
    """

    code = "EX-03"
    severity = Severity.REQUIRED
    category = Category.EXPECTATIONS
    hint = "State what has to hold of a row, or remove it."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Conditions that no row can violate."""
        for dataset in pipeline.datasets:
            for each in dataset.expectations:
                if each.condition and is_always_true(each.condition):
                    at = pipeline.condition_span(each)
                    yield self.found(at, f"no row can violate {each.name}")


class UnrepeatableExpectation(Rule):
    """An expectation gives the same answer for the same row.

    With `current_timestamp()` or `rand()` a batch that is run again splits otherwise: rows are
    lost between table and quarantine, or in both.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders (
      CONSTRAINT not_future EXPECT (ordered_at <= current_timestamp())
    ) AS SELECT * FROM raw.orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders (
      CONSTRAINT not_future EXPECT (ordered_at <= ingested_at)
    ) AS SELECT * FROM raw.orders;
    ```
    """

    code = "EX-04"
    severity = Severity.REQUIRED
    category = Category.EXPECTATIONS
    hint = "Compare with a column that is stored, such as the time of ingestion."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Conditions that use the time or chance."""
        for dataset in pipeline.datasets:
            for each in dataset.expectations:
                word = next(unrepeatable(tokens_of(each.condition or "")), None)
                if word is not None:
                    at = pipeline.condition_span(each)
                    yield self.found(
                        at, f"{each.name} depends on {word.text}, another one for each run"
                    )


class ExpectationNotOfOneRow(Rule):
    """An expectation looks at one row: no aggregate, window or subquery.

    Databricks refuses them when the pipeline starts. Compare whole tables in a dataset of its own
    that has the expectation.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    @dp.expect("not_empty", "count(*) > 0")
    def orders():
        return spark.read.table("raw.orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    @dp.expect("not_empty", "rows > 0")
    def orders_counted():
        return spark.read.table("raw.orders").selectExpr("count(*) AS rows")
    ```
    """

    code = "EX-05"
    severity = Severity.REQUIRED
    category = Category.EXPECTATIONS
    hint = "Compute the value in a dataset of its own and put the expectation there."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Conditions with an aggregate, OVER, or a SELECT in them."""
        for dataset in pipeline.datasets:
            for each in dataset.expectations:
                tokens = tokens_of(each.condition or "")
                words = {token.upper for token in tokens}
                called = {token.upper for token in functions(tokens)}
                odd = sorted((called & AGGREGATES) | (words & {"OVER", "SELECT"}))
                if odd:
                    at = pipeline.condition_span(each)
                    yield self.found(
                        at, f"{each.name} uses {odd[0]}, which needs more than one row"
                    )


class ComparisonWithNull(Rule):
    """NULL is tested with IS NULL; a comparison with it is never true.

    `x != NULL` is NULL for every row. As an expectation it drops all rows, in WHERE it keeps none.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders (CONSTRAINT has_id EXPECT (id != NULL))
    AS SELECT * FROM raw.orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM raw.orders;
    ```
    """

    code = "EX-08"
    severity = Severity.CRITICAL
    category = Category.EXPECTATIONS
    hint = "Write IS NULL or IS NOT NULL."
    fixable = True

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Comparisons in statements, their queries and constraints."""
        for statement in source.statements:
            for operator, null in null_comparisons(statement.tokens):
                if statement.tokens[0].upper == "SET":
                    continue
                test = "IS NULL" if operator.upper in ("=", "==") else "IS NOT NULL"
                at = statement.span(operator, null)
                fix = replacing(at, test, f"Write {test}")
                yield self.found(at, f"{operator.text} NULL is never true", fix=fix)

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Comparisons in the conditions of decorators."""
        for dataset in pipeline.datasets:
            if dataset.assembled.dataset.definition is not None:
                continue
            for each in dataset.expectations:
                found = next(null_comparisons(tokens_of(each.condition or "")), None)
                if found is not None:
                    at = pipeline.condition_span(each)
                    yield self.found(at, f"{found[0].text} NULL is never true")
