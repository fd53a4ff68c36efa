"""Rules about variables and configuration: what is declared is used, what is used exists."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from millpond.bundle.value import Value
from millpond.lint.bundle_source import BundleTarget
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import Pipeline
from millpond.lint.python_source import PythonSource
from millpond.lint.rule import Category, Rule

_FAILURES = {"on-update-failure", "on-update-fatal-failure", "on-flow-failure"}
_COST_TAGS = ("environment", "layer", "pipeline_type", "team")


class UnusedVariable(Rule):
    """A variable of a bundle is used.

    One that nothing refers to suggests a setting that it does not make.

    **Anti-pattern**

    ```yaml
    variables:
      catalog: {default: main}
      schema: {default: silver}
    resources:
      pipelines:
        sales: {catalog: "${var.catalog}"}
    ```

    **Best practice**

    ```yaml
    variables:
      catalog: {default: main}
    resources:
      pipelines:
        sales: {catalog: "${var.catalog}"}
    ```
    """

    code = "BU-19"
    severity = Severity.ADVICE
    category = Category.BUNDLE
    hint = "Remove it, or write ${{var.{name}}} where its value belongs."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Declared variables that no text of the bundle refers to."""
        declared = target.files.get("variables")
        texts = "\n".join(_texts(target.files))
        for name, variable in (declared.mapping if declared is not None else {}).items():
            used = f"var.{name}" in texts or f"variables.{name}" in texts
            if not used and variable.name_at.file.suffix in (".yml", ".yaml"):
                hint = self.hint.format(name=name)
                yield self.found(variable.name_at, f"variable {name} is not used", hint=hint)


def _texts(value: Value) -> Iterator[str]:
    stack = [value]
    while stack:
        each = stack.pop()
        if each.text is not None:
            yield each.text
        stack.extend(each.elements())


class UnusedConfiguration(Rule):
    """A key of a pipeline's configuration is read by its source.

    One that no file mentions was renamed or misspelt on one of the two sides.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          configuration: {landing: /Volumes/main/raw/orders}
          libraries: [{file: {path: src/pipeline.py}}]
    ```

    ```python
    path = spark.conf.get("landing_path", "/tmp")
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          configuration: {landing_path: /Volumes/main/raw/orders}
          libraries: [{file: {path: src/pipeline.py}}]
    ```

    ```python
    path = spark.conf.get("landing_path", "/tmp")
    ```
    """

    code = "BU-20"
    severity = Severity.ADVICE
    category = Category.BUNDLE
    hint = "Remove it, or correct its name."

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Keys of the user's own that no file of the pipeline mentions as a word."""
        for each in target.pipelines:
            settings = each.get("configuration")
            if settings is None or each.facts is None or not each.facts.readable:
                continue
            words = each.facts.words
            for key, value in settings.mapping.items():
                own = not key.startswith(("spark.", "pipelines.", "bundle."))
                if own and key not in words:
                    yield self.found(value.name_at, f"no source of {each.key} reads {key}")


class MissingConfiguration(Rule):
    """What the source reads from the configuration is configured.

    `spark.conf.get("key")` without a default raises when the pipeline has no such key.

    **Anti-pattern**

    ```yaml
    resources:
      pipelines:
        sales:
          configuration: {landing: /Volumes/main/raw/orders}
          libraries: [{file: {path: src/pipeline.py}}]
    ```

    ```python
    path = spark.conf.get("landing_path")
    ```

    **Best practice**

    ```yaml
    resources:
      pipelines:
        sales:
          configuration: {landing_path: /Volumes/main/raw/orders}
          libraries: [{file: {path: src/pipeline.py}}]
    ```

    ```python
    path = spark.conf.get("landing_path")
    ```
    """

    code = "BU-21"
    severity = Severity.CRITICAL
    category = Category.BUNDLE
    hint = "Add it to the pipeline's configuration, or give get a default."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Reads without a default of keys that neither settings nor source set."""
        if pipeline.settings is None:
            return
        gets = [each for source in pipeline.python for each in _conf_calls(source, "get")]
        known = {key for source in pipeline.python for _, _, key in _conf_calls(source, "set")}
        known |= set(pipeline.spec.configuration)
        for source, call, key in gets:
            builtin = key.startswith(("spark.", "pipelines."))
            if key not in known and not builtin and len(call.args) + len(call.keywords) == 1:
                at = source.span(call.args[0] if call.args else call)
                yield self.found(at, f"the pipeline's configuration has no {key}")


def _conf_calls(source: PythonSource, method: str) -> Iterator[tuple[PythonSource, ast.Call, str]]:
    for call in source.all(ast.Call):
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr != method:
            continue
        owner = function.value
        if isinstance(owner, ast.Attribute) and owner.attr == "conf" and call.args:
            key = source.text(call.args[0])
            if key is not None:
                yield source, call, key
