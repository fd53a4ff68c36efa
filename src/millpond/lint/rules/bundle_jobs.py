"""Rules about what starts pipelines and streams."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.lint.bundle_source import BundleTarget
from millpond.lint.finding import Finding, Severity
from millpond.lint.rule import Category, Rule

_FAILURES = {"on-update-failure", "on-update-fatal-failure", "on-flow-failure"}
_COST_TAGS = ("environment", "layer", "pipeline_type", "team")


class PipelineTrigger(Rule):
    """A pipeline is scheduled by a job.

    `trigger` in a pipeline is deprecated: it knows no retries, no dependencies and no parameters.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          trigger: {cron: {quartz_cron_schedule: 0 0 * * * ?, timezone_id: UTC}}
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          serverless: true
      jobs:
        hourly:
          schedule: {quartz_cron_expression: 0 0 * * * ?, timezone_id: UTC}
          tasks:
            - task_key: update
              pipeline_task: {pipeline_id: "${resources.pipelines.sales.id}"}
    ```
    """

    code = "BU-15"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Write a job with a schedule and a pipeline_task."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines with `trigger`."""
        for each in target.pipelines:
            trigger = each.get("trigger")
            if trigger is not None:
                yield self.found(trigger.name_at, "a trigger in a pipeline is deprecated")


class FullRefreshOnEveryRun(Rule):
    """A job refreshes a pipeline, it does not start it anew.

    `full_refresh: true` empties every streaming table and reads all sources again, each time; what
    the source no longer holds is lost.

    **Anti-pattern**

    ```yaml
    resources:
      jobs:
        nightly:
          tasks:
            - task_key: update
              pipeline_task: {pipeline_id: some-id, full_refresh: true}
    ```

    **Best practice**

    ```yaml
    resources:
      jobs:
        nightly:
          tasks:
            - task_key: update
              pipeline_task: {pipeline_id: some-id}
    ```
    """

    code = "BU-16"
    severity = Severity.CRITICAL
    category = Category.BUNDLE
    hint = "Remove it; do a full refresh by hand when one is due."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipeline tasks with a full refresh."""
        for task in target.tasks():
            flag = task.get("pipeline_task", "full_refresh")
            if flag is not None and flag.data is True:
                message = f"task {task.key} empties and refills all tables at every run"
                yield self.found(flag.name_at, message)


class StreamJobWithoutRetries(Rule):
    """A job whose stream never ends is tried again for ever.

    A stream stops at the first lost machine; `max_retries: -1` starts it again from its checkpoint.

    **Anti-pattern**

    ```yaml
    resources:
      jobs:
        export:
          tasks:
            - task_key: export
              spark_python_task: {python_file: src/pipeline.py}
    ```

    ```python
    stream = spark.readStream.table("orders").writeStream
    stream = stream.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    stream.format("kafka").trigger(processingTime="10 seconds").start()
    ```

    **Best practice**

    ```yaml
    resources:
      jobs:
        export:
          tasks:
            - task_key: export
              max_retries: -1
              spark_python_task: {python_file: src/pipeline.py}
    ```

    ```python
    stream = spark.readStream.table("orders").writeStream
    stream = stream.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    stream.format("kafka").trigger(processingTime="10 seconds").start()
    ```
    """

    code = "BU-17"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Set max_retries: -1 on the task, or make the job continuous."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Tasks that start a stream, of jobs that are not continuous."""
        for task in target.tasks():
            retries = task.get("max_retries")
            forever = retries is not None and retries.data == -1
            continuous = task.job.get("continuous") is not None
            if target.streams_forever(task) and not forever and not continuous:
                place = retries or task.get("task_key") or task.value
                message = f"task {task.key} streams and is not tried again for ever"
                yield self.found(place.name_at, message)
