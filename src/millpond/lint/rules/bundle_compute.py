"""Rules about the compute, edition and mode of pipelines (reference 7.2, 7.3)."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.lint.bundle_source import BundleTarget
from millpond.lint.finding import Finding, Severity, text_at
from millpond.lint.rule import Category, Rule, replacing

_FAILURES = {"on-update-failure", "on-update-fatal-failure", "on-flow-failure"}
_COST_TAGS = ("environment", "layer", "pipeline_type", "team")


class ServerlessWithClusters(Rule):
    """A serverless pipeline has no clusters.

    With `serverless: true` Databricks refuses a pipeline that has `clusters`.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          serverless: true
          clusters: [{label: default, num_workers: 2}]
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          serverless: true
    ```
    """

    code = "BU-06"
    severity = Severity.CRITICAL
    category = Category.BUNDLE
    hint = "Remove clusters, or serverless in the targets that have them."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines with both."""
        for each in target.pipelines:
            clusters = each.get("clusters")
            if clusters is not None and each.clusters and each.is_set("serverless"):
                message = f"pipeline {each.key} is serverless and has clusters"
                yield self.found(clusters.name_at, message)


class PreviewChannelInProduction(Rule):
    """Production runs on channel CURRENT.

    PREVIEW gets the next runtime weeks before all others; PREVIOUS is deprecated.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          channel: PREVIEW
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          channel: CURRENT
    ```
    """

    code = "BU-09"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Write channel: CURRENT, and PREVIEW in a development target."
    fixable = True

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines outside of development on another channel."""
        for each in target.pipelines:
            channel = each.get("channel")
            name = str(channel.data).upper() if channel is not None else "CURRENT"
            if channel is not None and name != "CURRENT" and not each.in_development:
                fix = replacing(channel.at, "CURRENT", "Use channel CURRENT")
                written = channel.at.end_line is not None and text_at(channel.at) == channel.data
                message = f"channel {name} in production"
                yield self.found(channel.at, message, fix=fix if written else None)


class DevelopmentInProduction(Rule):
    """A production target does not run in development mode.

    `development: true` keeps clusters running and switches retries off.

    **Anti-pattern**

    ```yaml
    targets:
      prod:
        workspace: {root_path: /Workspace/Shared/.bundle/sales}
    resources:
      pipelines:
        sales:
          development: true
    ```

    **Best practice**

    ```yaml
    targets:
      dev:
        mode: development
        default: true
      prod:
        workspace: {root_path: /Workspace/Shared/.bundle/sales}
    resources:
      pipelines:
        sales:
          serverless: true
    ```
    """

    code = "BU-10"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Remove it: a target of mode development sets it by itself."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines of a target that is for production by its mode or name."""
        production = target.mode == "production" or target.name.casefold().startswith("prod")
        for each in target.pipelines if production else ():
            flag = each.get("development")
            if flag is not None and flag.data is True:
                message = f"pipeline {each.key} is in development mode in target {target.name}"
                yield self.found(flag.name_at, message)


class CdcBelowPro(Rule):
    """AUTO CDC needs the PRO or ADVANCED edition.

    On classic compute an update with AUTO CDC fails in the edition CORE.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          edition: CORE
          libraries: [{file: {path: src/pipeline.py}}]
    ```

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers", source="raw.changes", keys=["id"], sequence_by="changed_at"
    )
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          edition: PRO
          libraries: [{file: {path: src/pipeline.py}}]
    ```

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers", source="raw.changes", keys=["id"], sequence_by="changed_at"
    )
    ```
    """

    code = "BU-11"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Set edition: PRO, or ADVANCED if there are expectations."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Classic pipelines of edition CORE with a flow of changes."""
        for each in target.pipelines:
            edition = each.get("edition")
            if edition is None or each.is_set("serverless") or each.facts is None:
                continue
            changes = any(dataset.cdc_flows for dataset in each.facts.datasets)
            if (edition.text or "").upper() == "CORE" and changes:
                yield self.found(edition.at, "edition CORE has no AUTO CDC, and the source uses it")


class UnsizedCluster(Rule):
    """A classic pipeline says how many workers it has.

    Without `num_workers` Databricks gives it one to five and scales by itself, which ST-05 rules
    out for streaming.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          serverless: false
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          serverless: false
          clusters: [{label: default, num_workers: 4}]
    ```
    """

    code = "BU-12"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Add clusters: [{label: default, num_workers: N}], or serverless: true."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Classic pipelines none of whose clusters has a size or a policy."""
        for each in target.pipelines:
            if each.is_set("serverless") or each.managed:
                continue
            sized = ("num_workers", "autoscale", "policy_id")
            if not any(cluster.get(field) for cluster in each.clusters for field in sized):
                place = each.get("clusters") or each.get("serverless") or each.value
                yield self.found(place.name_at, f"pipeline {each.key} has no fixed size")


class SingleNodeInProduction(Rule):
    """Production has workers.

    `num_workers: 0` runs everything on the driver: one task that needs memory ends the update.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          clusters: [{label: default, num_workers: 0}]
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          clusters: [{label: default, num_workers: 4}]
    ```
    """

    code = "BU-13"
    severity = Severity.ADVICE
    category = Category.BUNDLE
    hint = "Set num_workers to one or more outside of development."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Clusters of no workers outside of development."""
        for each in target.pipelines:
            for cluster in each.clusters:
                workers = cluster.get("num_workers")
                if workers is not None and workers.data == 0 and not each.in_development:
                    message = f"pipeline {each.key} has a driver and no workers"
                    yield self.found(workers.name_at, message)


class StorageBesideCatalog(Rule):
    """A pipeline in Unity Catalog has no storage location.

    `storage` is where a pipeline of the Hive metastore keeps its tables; with `catalog` it is
    refused or ignored.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          catalog: ${var.catalog}
          storage: /pipelines/sales
    variables: {catalog: {default: main}}
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          catalog: ${var.catalog}
    variables: {catalog: {default: main}}
    ```
    """

    code = "BU-14"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Remove storage; tables live in the catalog's managed location."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines with both."""
        for each in target.pipelines:
            storage = each.get("storage")
            if storage is not None and each.get("catalog") is not None:
                yield self.found(storage.name_at, "storage has no place beside a catalog")
