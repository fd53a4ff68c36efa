"""Rules about what every pipeline of a bundle says of itself (reference 7.1)."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.lint.bundle_source import BundleTarget, PipelineResource
from millpond.lint.finding import Finding, Severity
from millpond.lint.rule import Category, Rule

_FAILURES = {"on-update-failure", "on-update-fatal-failure", "on-flow-failure"}
_COST_TAGS = ("environment", "layer", "pipeline_type", "team")


class UnknownField(Rule):
    """Every field of a bundle is one that bundles have.

    The Databricks CLI warns about a misspelt field and goes on without it: the setting has no
    effect, in production too.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          contiuous: true
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          continuous: true
    ```
    """

    code = "BU-01"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Correct the name or remove the field."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """What loading the bundle warned about."""
        for warning in target.warnings:
            if warning.code.name == "BUNDLE_FIELD_UNKNOWN" and warning.at is not None:
                yield self.found(warning.at, warning.message, hint=warning.hint)


class NoRootPath(Rule):
    """A pipeline has a root_path.

    Without it the folder of the source is not on `sys.path`: a module beside the transformations
    cannot be imported, and the editor shows single files.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          libraries: [{glob: {include: src/**}}]
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          root_path: src
          libraries: [{glob: {include: src/**}}]
    ```
    """

    code = "BU-02"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Set root_path to the folder that holds the pipeline's source."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines with libraries and no root_path."""
        for each in target.pipelines:
            libraries = each.get("libraries")
            if libraries is not None and each.get("root_path") is None:
                yield self.found(libraries.name_at, f"pipeline {each.key} has no root_path")


class NoFailureNotification(Rule):
    """Somebody is told when a pipeline fails.

    A stream that stopped is silent: the first to notice is who reads stale numbers. Targets in
    development mode need no notification.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          notifications:
            - email_recipients: [data@example.com]
              alerts: [on-update-success]
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          notifications:
            - email_recipients: [data@example.com]
              alerts: [on-update-failure, on-update-fatal-failure, on-flow-failure]
    ```
    """

    code = "BU-03"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Add notifications with on-update-failure, on-update-fatal-failure and on-flow-failure."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines outside of development whose alerts name no failure."""
        for each in target.pipelines:
            if each.in_development or each.managed or _alerts(each) & _FAILURES:
                continue
            given = each.get("notifications")
            at = given.name_at if given is not None else each.value.name_at
            yield self.found(at, f"nobody is told when pipeline {each.key} fails")


def _alerts(pipeline: PipelineResource) -> set[str]:
    notifications = pipeline.get("notifications")
    found: set[str] = set()
    for each in notifications.elements() if notifications is not None else ():
        alerts = each.get("alerts")
        found |= {str(alert.data) for alert in (alerts.elements() if alerts is not None else ())}
    return found


class NoTags(Rule):
    """A pipeline has tags.

    Tags are how its cost is told from others' in `system.billing.usage`.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          serverless: true
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          serverless: true
          tags: {environment: prod, layer: silver, pipeline_type: streaming, team: sales}
    ```
    """

    code = "BU-04"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Add tags: environment, layer, pipeline_type and team."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines without any tag, those of their clusters included."""
        for each in target.pipelines:
            if not _tags(target, each):
                yield self.found(each.value.name_at, f"pipeline {each.key} has no tags")


def _tags(target: BundleTarget, pipeline: PipelineResource) -> set[str]:
    places = [pipeline.get("tags"), target.root.get("presets", "tags")]
    places += [cluster.get("custom_tags") for cluster in pipeline.clusters]
    return {key for each in places if each is not None for key in each.mapping}


class CostTagsIncomplete(Rule):
    """The tags of a pipeline say environment, layer, pipeline_type and team.

    Cost reports group by these four; what lacks one of them is nobody's.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          tags: {team: sales}
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          tags: {environment: prod, layer: silver, pipeline_type: streaming, team: sales}
    ```
    """

    code = "BU-05"
    severity = Severity.ADVICE
    category = Category.BUNDLE
    hint = "Add the missing tags."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines with some of the tags."""
        for each in target.pipelines:
            given = _tags(target, each)
            missing = [tag for tag in _COST_TAGS if tag not in given]
            tags = each.get("tags")
            # In development mode the CLI itself adds a tag.
            if given and missing and not each.in_development:
                at = tags.name_at if tags is not None else each.value.name_at
                yield self.found(at, f"pipeline {each.key} has no tag {', '.join(missing)}")


class LegacyTargetSchema(Rule):
    """The schema of a pipeline is called schema, not target.

    `target` is the legacy publishing mode, in which a pipeline publishes to one schema only.
    Moving a pipeline that runs is a migration of its own, so this is not done for you.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          catalog: ${var.catalog}
          target: silver
    variables: {catalog: {default: main}}
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          catalog: ${var.catalog}
          schema: silver
    variables: {catalog: {default: main}}
    ```
    """

    code = "BU-07"
    severity = Severity.ADVICE
    category = Category.BUNDLE
    hint = "Use schema; a pipeline that runs already has to be migrated to it."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines with `target`."""
        for each in target.pipelines:
            legacy = each.get("target")
            if legacy is not None:
                yield self.found(legacy.name_at, "target is the legacy name of schema")


class NoCatalog(Rule):
    """A pipeline publishes to Unity Catalog.

    Without `catalog` its tables go to the workspace's Hive metastore: no lineage, no governance,
    no several schemas.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          schema: silver
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          catalog: ${var.catalog}
          schema: silver
    variables: {catalog: {default: main}}
    ```
    """

    code = "BU-08"
    severity = Severity.REQUIRED
    category = Category.BUNDLE
    hint = "Set catalog, by a variable that each target gives a value."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines without a catalog."""
        for each in target.pipelines:
            if each.get("catalog") is None and not each.managed:
                yield self.found(each.value.name_at, f"pipeline {each.key} has no catalog")


class NoEventLog(Rule):
    """A pipeline publishes its event log.

    Without `event_log` the log is a hidden table that only the owner can query; quality dashboards
    and alerts need one they can read.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          serverless: true
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          serverless: true
          event_log: {catalog: main, schema: ops, name: sales_event_log}
    ```
    """

    code = "BU-18"
    severity = Severity.ADVICE
    category = Category.BUNDLE
    hint = "Add event_log with catalog, schema and name."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Pipelines outside of development without it."""
        for each in target.pipelines:
            if each.get("event_log") is None and not each.in_development and not each.managed:
                yield self.found(each.value.name_at, f"pipeline {each.key} has no event_log")
