"""Rules about where expectations stand, and what becomes of the rows they drop (reference 3)."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.lint.bundle_source import BundleTarget
from millpond.lint.conditions import (
    normal,
)
from millpond.lint.features import DATASETS, EXPECTATIONS, FLOWS
from millpond.lint.finding import Edit, Finding, Fix, Severity
from millpond.lint.pipeline import DatasetFacts, Pipeline
from millpond.lint.python_source import DecoratedFunction, PythonSource
from millpond.lint.rule import Category, Rule


class DropsWithoutQuarantine(Rule):
    """Rows that an expectation drops are kept in a quarantine table.

    A dropped row is counted and gone. Somebody will ask which rows those were and want them back
    once the rule or the source is mended. A dataset counts as a quarantine by its name
    (quarantine, invalid, rejected, errors, dead_letter, ...) if it shares an input with the table.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.table
    @dp.expect_or_drop("has_id", "id IS NOT NULL")
    def orders():
        return spark.readStream.table("raw_orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.table
    @dp.expect_or_drop("has_id", "id IS NOT NULL")
    def orders():
        return spark.readStream.table("raw_orders")


    @dp.table
    def quarantine_orders():
        return spark.readStream.table("raw_orders").where("id IS NULL")
    ```
    """

    code = "EX-01"
    severity = Severity.CRITICAL
    category = Category.EXPECTATIONS
    hint = "Write the rows that violate a rule into a quarantine table beside it."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Datasets with drop expectations and no quarantine that reads what they read."""
        if not pipeline.whole:
            return  # the quarantine may be in another file
        quarantines = [each for each in pipeline.datasets if each.is_quarantine]
        for each in pipeline.datasets:
            if not each.dropping() or each.is_quarantine or not _streams(each):
                continue
            sources = _sources(each)
            if not any(sources & _sources(q) or q in _near(each) for q in quarantines):
                dropped = each.dropping()[0]
                yield self.found(dropped.at, f"rows that {each.short} drops are kept nowhere")


def _streams(dataset: DatasetFacts) -> bool:
    """A materialized view is made anew from rows that are still there; a stream has passed."""
    readers = [reader for _, reader in dataset.readers]
    passed_on = dataset.is_view and any(each.is_streaming_table for each in readers)
    return dataset.is_streaming_table or passed_on


def _sources(dataset: DatasetFacts, depth: int = 0) -> set[str]:
    """Everything a dataset reads, through views and tables of the pipeline."""
    found: set[str] = {dataset.name.key}
    for read in dataset.reads:
        found.add((read.path or ".".join(read.name or ())).casefold())
    if depth < 20:
        for _, source in dataset.inputs:
            found |= _sources(source, depth + 1)
    return found - {""}


def _near(dataset: DatasetFacts) -> set[DatasetFacts]:
    return {source for _, source in dataset.inputs} | {reader for _, reader in dataset.readers}


class DuplicateExpectation(Rule):
    """Each expectation of a dataset has a name and a condition of its own.

    Two of one name are an error; two of one condition count the same rows twice in every metric.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders (
      CONSTRAINT has_id EXPECT (id IS NOT NULL),
      CONSTRAINT id_there EXPECT (id is not null)
    ) AS SELECT * FROM raw.orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders (
      CONSTRAINT has_id EXPECT (id IS NOT NULL),
      CONSTRAINT positive EXPECT (quantity > 0)
    ) AS SELECT * FROM raw.orders;
    ```
    """

    code = "EX-02"
    severity = Severity.REQUIRED
    category = Category.EXPECTATIONS
    hint = "Remove one of the two, or rename it if they differ."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """The second of two with one name or one condition."""
        for dataset in pipeline.datasets:
            names: set[str] = set()
            conditions: dict[str, str] = {}
            for each in dataset.expectations:
                text = normal(each.condition) if each.condition else ""
                twin = conditions.get(text) if text else None
                at = pipeline.condition_span(each)
                if each.name in names:
                    yield self.found(at, f"{dataset.short} has two expectations named {each.name}")
                elif twin is not None:
                    yield self.found(at, f"{each.name} has the same condition as {twin}")
                names.add(each.name)
                conditions.setdefault(text, each.name)


class ExpectationOnFlow(Rule):
    """Expectations stand on the dataset, not on a flow into it or on a plain function.

    Under `append_flow` or alone on a function they have no effect or stop the pipeline; they belong
    to `create_streaming_table` (`expect_all=...`) or to the dataset's function.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("orders", expect_all={"has_id": "id IS NOT NULL"})


    @dp.append_flow(target="orders")
    @dp.expect("positive", "quantity > 0")
    def orders_of_shops():
        return spark.readStream.table("raw.shop_orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp

    rules = {"has_id": "id IS NOT NULL", "positive": "quantity > 0"}
    dp.create_streaming_table("orders", expect_all=rules)


    @dp.append_flow(target="orders")
    def orders_of_shops():
        return spark.readStream.table("raw.shop_orders")
    ```
    """

    code = "EX-06"
    severity = Severity.REQUIRED
    category = Category.EXPECTATIONS
    hint = "Give it to create_streaming_table, or put it under the dataset's decorator."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Expectation decorators on a function that defines no dataset."""
        for each in source.decorated:
            decorator = each.decorator(EXPECTATIONS)
            if decorator is not None and each.decorator(DATASETS) is None:
                unknown = len(each.node.decorator_list) > len(each.decorators)
                if each.decorator(FLOWS) is not None or not unknown:
                    where = "a flow" if each.decorator(FLOWS) is not None else "no dataset"
                    at = source.span(decorator)
                    yield self.found(at, f"this expectation stands on {where}")


class ExpectationAboveDataset(Rule):
    """Expectation decorators stand below the dataset's decorator.

    Decorators are applied from the bottom: what is above `@dp.table` gets a table that is already
    defined.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.expect("has_id", "id IS NOT NULL")
    @dp.table
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

    code = "EX-07"
    severity = Severity.REQUIRED
    category = Category.EXPECTATIONS
    hint = "Move it below the decorator that defines the dataset."
    fixable = True

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Expectations above the decorator that defines the dataset."""
        for each in source.decorated:
            names = [name for name, _ in each.decorators]
            first = next((i for i, name in enumerate(names) if name in DATASETS), None)
            above = each.decorators[:first] if first else ()
            wrong = [expr for name, expr in above if name in EXPECTATIONS]
            if wrong:
                fix = self._moved(source, each, first or 0)
                at = source.span(wrong[0])
                yield self.found(
                    at, "this expectation stands above the dataset's decorator", fix=fix
                )

    @staticmethod
    def _moved(source: PythonSource, function: DecoratedFunction, first: int) -> Fix:
        """The uppermost decorator and the dataset's change places."""
        dataset, top = function.decorators[first][1], function.decorators[0][1]
        edits = (
            Edit(source.span(top), source.written(dataset)),
            Edit(source.span(dataset), source.written(top)),
        )
        return Fix("Move the dataset's decorator to the top", edits)


class ExpectationsBelowAdvanced(Rule):
    """Expectations need the ADVANCED edition.

    On classic compute an update with expectations fails in the editions CORE and PRO. Serverless
    compute has all features.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          edition: PRO
          libraries: [{file: {path: src/pipeline.sql}}]
    ```

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM STREAM raw.orders;
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          edition: ADVANCED
          libraries: [{file: {path: src/pipeline.sql}}]
    ```

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM STREAM raw.orders;
    ```
    """

    code = "EX-09"
    severity = Severity.REQUIRED
    category = Category.EXPECTATIONS
    hint = "Set edition: ADVANCED, which is also what a pipeline without the setting has."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Classic pipelines of a lower edition whose source has expectations."""
        for pipeline in target.pipelines:
            edition = pipeline.get("edition")
            if edition is None or pipeline.is_set("serverless") or pipeline.facts is None:
                continue
            low = (edition.text or "").upper() in ("CORE", "PRO")
            if low and any(each.expectations for each in pipeline.facts.datasets):
                message = f"edition {edition.text} has no expectations, and the source has some"
                yield self.found(edition.at, message)
