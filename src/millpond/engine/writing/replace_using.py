"""Run a REPLACE USING flow: rows of a key give way to those of a higher sequence (4.9).

Of each batch only a key's rows of the highest sequence count, all of them. They replace the
key's stored rows if their sequence is higher, are added if it is equal, and are left out if it is
lower. NULL keys match each other. One MERGE a batch, so one commit, under the batch's id.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from millpond.definitions import quoted
from millpond.engine.configuration import applied_configuration
from millpond.engine.context import UpdateContext
from millpond.engine.flow_query_checks import sequence_column
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.spark.remote_delta import delta_table
from millpond.engine.writing import tables
from millpond.engine.writing.batches import run_batches
from millpond.engine.writing.output import flow_output
from millpond.engine.writing.progress import FlowProgress
from millpond.engine.writing.transactions import application_id

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_SEQUENCE, _STORED, _ADDED = "__millpond_sequence", "__millpond_stored", "__millpond_added"
_APP_ID = "spark.databricks.delta.write.txnAppId"
_VERSION = "spark.databricks.delta.write.txnVersion"


def run_replace_using(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
) -> bool:
    """Process everything that is there now, batch by batch, exactly once.

    Returns whether it got to the end; False if the update was asked to stop.
    """
    tables.create(context, dataset)
    tables.widen(context, dataset)
    output = flow_output(context, graph, dataset, flow)
    checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
    path = str(context.state.table_path(dataset.name))
    application = application_id(context, checkpoint)
    keys, sequence = flow.flow.replace_using, sequence_column(flow.flow)

    def replace(batch: DataFrame, number: int) -> None:
        # The batch is read several times, and its expectations are to be counted once: by one
        # action, since branches of one query that run on two executors would each compute it.
        batch.persist()
        batch.count()
        told = {_APP_ID: application, _VERSION: str(number)}
        try:
            with applied_configuration(batch.sparkSession, told):
                merge_batch(batch, path, keys, sequence)
        finally:
            batch.unpersist()

    return run_batches(context, dataset, flow, output.frame, replace, output.guards, progress)


def merge_batch(batch: DataFrame, path: str, keys: tuple[str, ...], sequence: Column) -> None:
    """Apply one batch to the Delta table at a path, in one commit."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    target = delta_table(batch.sparkSession, path)
    columns = batch.columns
    key_columns = [F.col(quoted(key)) for key in keys]
    stored = target.toDF().groupBy(*key_columns).agg(F.max(sequence).alias(_STORED)).alias("stored")
    newest = (
        batch.withColumn(_SEQUENCE, sequence)
        .withColumn(_STORED, F.max(_SEQUENCE).over(Window.partitionBy(*key_columns)))
        .filter(F.col(_SEQUENCE) == F.col(_STORED))
        .drop(_STORED)
        .alias("newest")
    )
    same_key = _same_key("newest", "stored", keys)
    applied = newest.join(stored, same_key, "left").filter(
        F.col(_STORED).isNull() | (F.col(_SEQUENCE) >= F.col(_STORED))
    )
    applied = applied.select("newest.*", _STORED)
    outdated = applied.filter(F.col(_SEQUENCE) > F.col(_STORED)).select(*key_columns, _SEQUENCE)
    changes = applied.drop(_STORED).withColumn(_ADDED, F.lit(True))
    changes = changes.unionByName(
        outdated.distinct().withColumn(_ADDED, F.lit(False)), allowMissingColumns=True
    )
    matches = ~F.col(f"s.{_ADDED}") & _same_key("t", "s", keys)
    (
        target.alias("t")
        .merge(changes.alias("s"), matches)
        .whenMatchedDelete()
        .whenNotMatchedInsert(
            condition=F.col(f"s.{_ADDED}"),
            values={quoted(name): F.col(f"s.{quoted(name)}") for name in columns},
        )
        .execute()
    )


def _same_key(left: str, right: str, keys: tuple[str, ...]) -> Column:
    from pyspark.sql import functions as F

    pairs = [
        F.col(f"{left}.{quoted(key)}").eqNullSafe(F.col(f"{right}.{quoted(key)}")) for key in keys
    ]
    return reduce(lambda first, second: first & second, pairs)
