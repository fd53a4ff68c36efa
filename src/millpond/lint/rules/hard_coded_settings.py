"""Rules about settings that do not belong into YAML."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.lint.bundle_source import BundleTarget
from millpond.lint.finding import Finding, Severity
from millpond.lint.rule import Category, Rule
from millpond.redaction import hide, is_secret

_FAILURES = {"on-update-failure", "on-update-fatal-failure", "on-flow-failure"}
_COST_TAGS = ("environment", "layer", "pipeline_type", "team")


class HardCodedCatalogInBundle(Rule):
    """The catalog of a pipeline comes from a variable where targets differ.

    A literal catalog makes the development target write into the tables of production.

    **Anti-pattern**

    ```yaml
    targets:
      dev: {mode: development, default: true}
      prod: {}
    resources:
      pipelines:
        sales: {catalog: main}
    ```

    **Best practice**

    ```yaml
    variables: {catalog: {default: dev}}
    targets:
      dev: {mode: development, default: true}
      prod: {variables: {catalog: main}}
    resources:
      pipelines:
        sales: {catalog: "${var.catalog}"}
    ```
    """

    code = "HC-01"
    severity = Severity.REQUIRED
    category = Category.HARD_CODED
    hint = "Write ${var.catalog} and give the variable a value in each target."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Literal catalogs of a bundle with several targets that no target replaces."""
        declared = target.files.get("targets")
        targets = declared.mapping if declared is not None else {}
        pipelines = target.files.get("resources", "pipelines")
        for key, pipeline in (pipelines.mapping if pipelines is not None else {}).items():
            catalog = pipeline.get("catalog")
            if len(targets) < 2 or catalog is None or "${" in str(catalog.data):
                continue
            path = ("resources", "pipelines", key, "catalog")
            if not any(each.get(*path) for each in targets.values()):
                yield self.found(catalog.at, f"every target writes into the catalog {catalog.data}")


class SecretInBundle(Rule):
    """Secrets stay out of a bundle.

    What stands in YAML is in the repository, in the deployed files and in every log of settings.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          configuration: {kafka.password: hunter2}
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          configuration: {kafka.password: "{{secrets/kafka/password}}"}
    ```
    """

    code = "HC-02"
    severity = Severity.CRITICAL
    category = Category.HARD_CODED
    hint = "Keep it in a secret scope and write {{secrets/<scope>/<key>}}."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Literal values of keys that are called after a secret."""
        for each in target.pipelines:
            places = [each.get("configuration")]
            for cluster in each.clusters:
                places += [cluster.get("spark_conf"), cluster.get("spark_env_vars")]
            for place in places:
                for key, value in (place.mapping if place is not None else {}).items():
                    if value.text and is_secret(key, value.text):
                        hide(value.text)
                        yield self.found(value.at, f"the value of {key} is a secret in plain text")
