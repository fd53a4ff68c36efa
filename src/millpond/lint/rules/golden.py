"""The golden rules of the house, ST-01 to ST-06 (docs/checklist.md has the whole list)."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from millpond.bundle.value import Value
from millpond.lint.bundle_source import BundleTarget
from millpond.lint.features import SNAPSHOT_CDC
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import DatasetFacts, Pipeline
from millpond.lint.python_source import PythonSource
from millpond.lint.raw_streams import WRITES, batch_functions
from millpond.lint.rule import Category, Rule

_UNSTORED = ("memory", "console", "noop")


class RawStreamWithoutApproval(Rule):
    """Streaming workloads are Lakeflow pipelines; a raw stream is an approved exception.

    A stream started by hand brings its own checkpoint, retries, monitoring and data quality. It
    is accepted for complex state, a sink that is not Delta, watermark logic of its own or a legacy
    migration, once somebody approved it: say who and why in
    `# millpond: ignore[ST-01] approved by <name>: <reason>`.

    **Anti-pattern**

    ```python
    events = spark.readStream.table("main.bronze.events")
    events.writeStream.option("checkpointLocation", "/Volumes/main/ops/cp/events").toTable("e")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def events():
        return spark.readStream.table("main.bronze.events")
    ```
    """

    code = "ST-01"
    severity = Severity.CRITICAL
    category = Category.GOLDEN
    hint = (
        "Make it a dataset of a pipeline, or note the exception: "
        "# millpond: ignore[ST-01] approved by <name>: <reason>."
    )

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Every stream that is started outside of a dataset function."""
        for stream in source.streams:
            at = source.method_span(stream.call)
            yield self.found(at, "a raw stream is started here, outside of a Lakeflow pipeline")


class StreamingTableWithoutExpectations(Rule):
    """Every streaming table has expectations.

    Rows that nobody looked at spread to all that read them. Expectations of a temporary view that
    the table reads count too, as do those of what feeds a target of AUTO CDC. Tables that hold
    rejected rows, by their name, need none, and a target of snapshots that a function gives can
    have none.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders
    AS SELECT * FROM STREAM read_files('/Volumes/main/raw/orders', format => 'json');
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (
      CONSTRAINT has_id EXPECT (order_id IS NOT NULL)
    )
    AS SELECT * FROM STREAM read_files('/Volumes/main/raw/orders', format => 'json');
    ```
    """

    code = "ST-02"
    severity = Severity.CRITICAL
    category = Category.GOLDEN
    hint = "State at least what every row must have, such as its key: EXPECT (id IS NOT NULL)."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Streaming tables of which it is known that they have none."""
        for each in pipeline.datasets:
            if each.is_streaming_table and not each.is_quarantine and not _is_watched(each):
                yield self.found(each.at, f"streaming table {each.short} has no expectations")


def _is_watched(each: DatasetFacts, feeds: bool = False, depth: int = 0) -> bool:
    """Whether rows are checked on their way into a dataset, or that is not known.

    Args:
        feeds: whether it feeds a target of AUTO CDC, whose rows any dataset before may check.
    """
    if each.expectations or not each.expectations_known or depth > 20:
        return True
    if not each.inputs and any(flow.feature in SNAPSHOT_CDC for flow in each.cdc_flows):
        return True
    feeds = feeds or bool(each.cdc_flows)
    inputs = [source for _, source in each.inputs if feeds or source.is_view]
    return any(_is_watched(source, feeds and source.is_view, depth + 1) for source in inputs)


class RawStreamWithoutCheckpoint(Rule):
    """A raw stream names its own checkpoint.

    Without `checkpointLocation` Spark makes a temporary one: after a restart the stream reads
    everything again, or skips what it missed. In a pipeline checkpoints are managed.

    **Anti-pattern**

    ```python
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    spark.readStream.table("orders").writeStream.format("kafka").start()
    ```

    **Best practice**

    ```python
    (
        spark.readStream.table("orders")
        .writeStream.format("kafka")
        .option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders_to_kafka")
        # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
        .start()
    )
    ```
    """

    code = "ST-03"
    severity = Severity.REQUIRED
    category = Category.GOLDEN
    hint = 'Set .option("checkpointLocation", ...) to a folder of its own on durable storage.'

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Streams whose options are all known and have no checkpoint."""
        for stream in source.streams:
            step = stream.settings.get("format")
            form = source.text(step.call.args[0]) if step and step.call.args else None
            known = not stream.open_options and "checkpointlocation" not in stream.options
            if known and form not in _UNSTORED:
                at = source.method_span(stream.call)
                yield self.found(at, "this stream has no checkpointLocation")


class StreamOnAllPurposeCompute(Rule):
    """Production streams run on jobs compute or pipeline compute.

    An all-purpose cluster is shared, restarted by people, and costs about twice as much as the
    same machines as jobs compute.

    **Anti-pattern**

    ```yaml
    resources:
      jobs:
        export:
          continuous: {pause_status: UNPAUSED}
          tasks:
            - task_key: export
              existing_cluster_id: 0923-164208-meows279
              notebook_task: {notebook_path: /Workspace/Shared/export}
    ```

    **Best practice**

    ```yaml
    resources:
      jobs:
        export:
          continuous: {pause_status: UNPAUSED}
          tasks:
            - task_key: export
              job_cluster_key: fixed
              notebook_task: {notebook_path: /Workspace/Shared/export}
          job_clusters:
            - job_cluster_key: fixed
              new_cluster: {spark_version: 16.4.x-scala2.12, num_workers: 2}
    ```
    """

    code = "ST-04"
    severity = Severity.CRITICAL
    category = Category.GOLDEN
    hint = "Give the task a job_cluster_key or new_cluster, or make it a pipeline."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Tasks that stream, or whose job never ends, on an existing cluster."""
        if target.mode == "development":
            return
        for task in target.tasks():
            cluster = task.get("existing_cluster_id")
            streams = target.streams(task) or task.job.get("continuous") is not None
            if cluster is not None and streams:
                yield self.found(
                    cluster.name_at, f"task {task.key} streams on an all-purpose cluster"
                )


class AutoscaledStream(Rule):
    """Streaming runs on a fixed number of workers.

    Scaling down loses cached state and shuffle files, scaling up comes after the delay. A stream's
    load is known: size the cluster for it.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          clusters:
            - label: default
              autoscale: {min_workers: 1, max_workers: 5}
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          clusters:
            - label: default
              num_workers: 4
    ```
    """

    code = "ST-05"
    severity = Severity.REQUIRED
    category = Category.GOLDEN
    hint = "Set num_workers instead of autoscale, or use serverless compute."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Clusters of pipelines, and those of jobs that stream."""
        for pipeline in target.pipelines:
            yield from self._scaled(pipeline.clusters)
        for task in target.tasks():
            if target.streams(task) or task.job.get("continuous") is not None:
                yield from self._scaled(_clusters_of(task.value, task.job))

    def _scaled(self, clusters: Iterable[Value]) -> Iterator[Finding]:
        for cluster in clusters:
            scale = cluster.get("autoscale")
            if scale is not None and scale.data is not None:
                yield self.found(scale.name_at, "a cluster for streaming scales by itself")


def _clusters_of(task: Value, job: Value) -> Iterator[Value]:
    own = task.get("new_cluster")
    if own is not None:
        yield own
    key = task.get("job_cluster_key")
    shared = job.get("job_clusters")
    for each in shared.elements() if shared is not None and key is not None else ():
        name, cluster = each.get("job_cluster_key"), each.get("new_cluster")
        if name is not None and cluster is not None and name.data == key.data:  # type: ignore[union-attr]
            yield cluster


class BatchWriteNotIdempotent(Rule):
    """What a batch writes is the same when the batch is run again.

    Spark calls `foreachBatch` again with the same batch after a failure. A plain append then
    writes the rows twice. MERGE on the key, or append with `txnAppId` and `txnVersion`.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.foreach_batch_sink(name="orders")
    def write(batch, batch_id):
        batch.write.format("delta").mode("append").saveAsTable("main.gold.orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.foreach_batch_sink(name="orders")
    def write(batch, batch_id):
        writer = batch.write.format("delta").mode("append")
        writer = writer.option("txnAppId", "orders").option("txnVersion", batch_id)
        writer.saveAsTable("main.gold.orders")
    ```
    """

    code = "ST-06"
    severity = Severity.REQUIRED
    category = Category.GOLDEN
    hint = 'MERGE by key, or set .option("txnAppId", ...) and .option("txnVersion", batch_id).'

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Appends of a batch function that has neither MERGE nor transaction ids."""
        for function in batch_functions(source):
            texts = _texts(function)
            if "txnAppId" in texts or any("merge into" in each.casefold() for each in texts):
                continue
            if any(isinstance(n, ast.Attribute) and n.attr == "merge" for n in ast.walk(function)):
                continue
            yield from self._appends(source, function)

    def _appends(self, source: PythonSource, function: ast.AST) -> Iterator[Finding]:
        seen: set[ast.AST] = set()
        for call in (each for each in ast.walk(function) if isinstance(each, ast.Call)):
            if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
                continue
            names = _chain_names(call)
            overwrites = "overwrite" in _texts(call)
            if "write" in names and call not in seen and not overwrites:
                seen.add(call)
                at = source.method_span(call)
                yield self.found(at, "a batch that is run again appends its rows twice")


def _texts(node: ast.AST) -> set[str]:
    return {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def _chain_names(call: ast.Call) -> set[str]:
    names: set[str] = set()
    node: ast.AST = call
    while isinstance(node, (ast.Call, ast.Attribute)):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
            node = node.value
        else:
            node = node.func
    return names
