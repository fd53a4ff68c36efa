"""Rules about names of datasets and flows (reference 1.3, 1.4)."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from difflib import get_close_matches

from millpond.graph.static.declared import DeclaredFlow
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import DatasetFacts, Pipeline, is_cdc
from millpond.lint.rule import Category, Rule


class DuplicateFlowName(Rule):
    """Each flow of a pipeline has a name of its own.

    The name is the identity of its checkpoint; two flows of one name are refused. In a loop, name
    the flow after what changes.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("orders", expect_all={"has_id": "id IS NOT NULL"})


    @dp.append_flow(target="orders", name="fill")
    def eu():
        return spark.readStream.table("raw.eu")


    @dp.append_flow(target="orders", name="fill")
    def us():
        return spark.readStream.table("raw.us")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("orders", expect_all={"has_id": "id IS NOT NULL"})


    @dp.append_flow(target="orders")
    def eu():
        return spark.readStream.table("raw.eu")


    @dp.append_flow(target="orders")
    def us():
        return spark.readStream.table("raw.us")
    ```
    """

    code = "GR-01"
    severity = Severity.CRITICAL
    category = Category.GRAPH
    hint = "Give each flow a name that says what it reads."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """The second flow of a name, as far as names are known."""
        seen: dict[str, DeclaredFlow] = {}
        for dataset in pipeline.datasets:
            for flow in dataset.flows:
                name = _flow_name(flow, dataset)
                if name is None or not flow.certain:
                    continue
                other = seen.setdefault(name.casefold(), flow)
                if other is not flow:
                    place = f"{other.at.file.name}:{other.at.line}"
                    yield self.found(flow.at, f"the flow of {place} is called {name} too")


def _flow_name(flow: DeclaredFlow, dataset: DatasetFacts) -> str | None:
    """The name of a flow that does not stand in its dataset's own definition."""
    if flow.definition is not None:
        own = flow.definition.name == dataset.assembled.dataset.name
        return None if own and not is_cdc(flow) else ".".join(flow.definition.name)
    given = flow.arguments.get("name", flow.arguments.get("flow_name"))
    if flow.feature in ("append_flow", "replace_flow", "update_flow"):
        if given is None and isinstance(flow.function, ast.FunctionDef):
            return flow.function.name
        return given if isinstance(given, str) else None
    if is_cdc(flow):
        target = flow.arguments.get("target")
        named = given if given is not None else target
        return named if isinstance(named, str) else None
    return None


class DuplicateDataset(Rule):
    """Each dataset is defined once.

    Two definitions of one name stop the pipeline when it is planned.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders AS SELECT * FROM raw.orders;
    CREATE OR REFRESH MATERIALIZED VIEW Orders AS SELECT * FROM raw.orders_2024;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders AS SELECT * FROM raw.orders;
    CREATE OR REFRESH MATERIALIZED VIEW orders_2024 AS SELECT * FROM raw.orders_2024;
    ```
    """

    code = "GR-02"
    severity = Severity.CRITICAL
    category = Category.GRAPH
    hint = "Rename one, or feed one table by two flows."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Further definitions of a name, if both are certain to run."""
        # A folder without a bundle may hold several pipelines; one file is of one.
        one = pipeline.settings is not None
        for dataset in pipeline.datasets:
            first = dataset.assembled.dataset
            for twin in dataset.assembled.twins:
                together = one or twin.at.file == first.at.file
                if first.certain and twin.certain and together:
                    place = f"{first.at.file.name}:{first.at.line}"
                    yield self.found(twin.at, f"{dataset.short} is defined at {place} too")


class FlowWithoutTarget(Rule):
    """A flow fills a table of the pipeline.

    The target has to be declared in the same pipeline, with `create_streaming_table` or
    `CREATE STREAMING TABLE`.

    **Anti-pattern**

    ```sql
    CREATE FLOW fill AS INSERT INTO orders BY NAME SELECT * FROM STREAM raw.orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW fill AS INSERT INTO orders BY NAME SELECT * FROM STREAM raw.orders;
    ```
    """

    code = "GR-07"
    severity = Severity.CRITICAL
    category = Category.GRAPH
    hint = "Declare the target, or correct its name."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Flows whose target no declaration has, where all names are known."""
        if pipeline.knows_all_names:
            for flow in pipeline.assembly.stray:
                if flow.certain:
                    name = ".".join(flow.target)
                    yield self.found(flow.at, f"no table of the pipeline is called {name}")


class DatasetReadsItself(Rule):
    """A dataset does not read itself.

    The graph of a pipeline has no cycle.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders AS SELECT * FROM orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders AS SELECT * FROM raw.orders;
    ```
    """

    code = "GR-08"
    severity = Severity.CRITICAL
    category = Category.GRAPH
    hint = "Read the source by its full name, or rename the dataset."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Reads of the dataset that they are in."""
        for dataset in pipeline.datasets:
            if dataset.has_twins:
                continue  # it may read its namesake of another pipeline
            for read, source in dataset.inputs:
                if source is dataset and read.certain:
                    yield self.found(read.at or dataset.at, f"{dataset.short} reads itself")
                    break


class MisspeltDataset(Rule):
    """A read names a dataset that is there.

    A bare name that no dataset has is looked up in the default schema. One that differs from a
    dataset's by a letter is most likely meant to be that.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW silver_orders AS SELECT * FROM raw.orders;
    CREATE OR REFRESH MATERIALIZED VIEW sales AS SELECT count(*) AS n FROM silver_order;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW silver_orders AS SELECT * FROM raw.orders;
    CREATE OR REFRESH MATERIALIZED VIEW sales AS SELECT count(*) AS n FROM silver_orders;
    ```
    """

    code = "GR-12"
    severity = Severity.REQUIRED
    category = Category.GRAPH
    hint = "Correct the name, or write it in full if another table is meant."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Bare names that are close to a dataset's and not one."""
        names = list(pipeline.by_short_name)
        for dataset in pipeline.datasets:
            for read in dataset.reads:
                bare = read.name is not None and _is_bare(read.name)
                if not bare or read.at is None or pipeline.assembly.find(read) is not None:
                    continue
                assert read.name is not None
                name = read.name[-1].casefold()
                near = [each for each in get_close_matches(name, names, 1, 0.9) if each != name]
                if near and not _differs_in_number(name, near[0]):
                    message = f"{read.name[-1]} is no dataset of the pipeline; {near[0]} is"
                    yield self.found(read.at, message)


def _is_bare(name: tuple[str, ...]) -> bool:
    return len(name) == 1 or (len(name) == 2 and name[0].casefold() == "live")


def _differs_in_number(one: str, other: str) -> bool:
    """`orders_1` and `orders_2` are two names, not one that is misspelt."""
    digits = [each for each in (*one, *other) if each.isdigit()]
    return bool(digits) and one != other
