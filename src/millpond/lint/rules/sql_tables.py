"""Rules about how tables are laid out and started."""

from __future__ import annotations

import re
from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import DatasetFacts, Pipeline
from millpond.lint.rule import Category, Rule
from millpond.lint.sql_source import SqlSource


class ScheduleInPipeline(Rule):
    """A dataset of a pipeline has no schedule of its own.

    `SCHEDULE` and `TRIGGER ON UPDATE` are for standalone tables of a SQL warehouse; a pipeline is
    started by its job.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales SCHEDULE EVERY 1 HOUR
    AS SELECT count(*) AS n FROM orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales
    AS SELECT count(*) AS n FROM orders;
    ```
    """

    code = "SQ-07"
    severity = Severity.REQUIRED
    category = Category.SQL
    hint = "Remove it and schedule the job that updates the pipeline."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """The clauses of a dataset's statement."""
        for statement in source.statements:
            if statement.dataset is None:
                continue
            phrases = (("SCHEDULE", "EVERY"), ("SCHEDULE", "CRON"), ("SCHEDULE", "REFRESH"))
            for words in (*phrases, ("TRIGGER", "ON", "UPDATE")):
                for index in statement.phrases(*words):
                    last = statement.tokens[index + len(words) - 1]
                    at = statement.span(statement.tokens[index], last)
                    yield self.found(at, "a dataset of a pipeline has no schedule")


class PartitionedTable(Rule):
    """Tables are clustered, not partitioned.

    Partitions cannot be changed and make small files; liquid clustering (`CLUSTER BY`) adapts.
    For an
    existing table this is a full refresh.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders_by_day PARTITIONED BY (day)
    AS SELECT * FROM orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders_by_day CLUSTER BY (day)
    AS SELECT * FROM orders;
    ```
    """

    code = "SQ-10"
    severity = Severity.ADVICE
    category = Category.GRAPH
    hint = "Use CLUSTER BY, or cluster_by in Python."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Datasets with partition columns, but for the flag of a quarantine."""
        for dataset in pipeline.datasets:
            columns = _partitions(dataset)
            if columns and not any(_HIGH.search(each) or "quarantine" in each for each in columns):
                yield self.found(dataset.at, f"{dataset.short} is partitioned by {columns[0]}")


_HIGH = re.compile(r"(?:^|_)(?:id|uuid|key|ts|timestamp|datetime|at)$", re.IGNORECASE)


def _partitions(dataset: DatasetFacts) -> tuple[str, ...]:
    declared = dataset.assembled.dataset
    if declared.definition is not None:
        return declared.definition.partition_by
    given = declared.arguments.get("partition_cols")
    return tuple(c for c in given if isinstance(c, str)) if isinstance(given, (list, tuple)) else ()


class PartitionedByKey(Rule):
    """A table is not partitioned by what has many values.

    A folder for each id or timestamp means a file for each row.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW by_customer PARTITIONED BY (customer_id)
    AS SELECT * FROM orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW by_customer CLUSTER BY (customer_id)
    AS SELECT * FROM orders;
    ```
    """

    code = "SQ-11"
    severity = Severity.REQUIRED
    category = Category.GRAPH
    hint = "Use CLUSTER BY, or cluster_by in Python."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Partition columns whose names end in id, key, ts, at or timestamp."""
        for dataset in pipeline.datasets:
            for column in _partitions(dataset):
                if _HIGH.search(column):
                    message = f"{dataset.short} has a folder for each value of {column}"
                    yield self.found(dataset.at, message)
                    break
