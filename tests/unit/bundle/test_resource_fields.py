"""Every kind of resource is checked by the dataclasses of databricks-bundles."""

from collections.abc import Callable
from typing import Any

import pytest

from millpond.bundle import Bundle
from millpond.errors import MillpondError

JOB = """
bundle: {name: b}
resources:
  jobs:
    j:
      tasks:
        - task_key: a
          %s
"""


def found(bundle: Bundle) -> list[tuple[str, int, int]]:
    assert all(warning.at for warning in bundle.warnings)
    return [(w.code.name, w.at.line, w.at.column) for w in bundle.warnings if w.at]


def test_an_unknown_field_deep_in_a_job(load: Callable[..., Bundle]) -> None:
    bundle = load(JOB % "pipeline_task: {pipeline_id: x, full_refrsh: true}")
    assert found(bundle) == [("BUNDLE_FIELD_UNKNOWN", 7, 43)]
    (warning,) = bundle.warnings
    assert warning.params == {"field": "full_refrsh", "where": "a pipeline task"}
    assert "full_refresh" in warning.hint


def test_tasks_in_tasks_are_checked_too(load: Callable[..., Bundle]) -> None:
    text = "for_each_task: {inputs: '[1]', task: {task_key: b, max_retry: 1}}"
    assert found(load(JOB % text)) == [("BUNDLE_FIELD_UNKNOWN", 7, 62)]


@pytest.mark.parametrize(
    ("resources", "kind"),
    [
        ("volumes: {v: {catalog_name: c, schema_name: s, name: n, typ: MANAGED}}", "a volume"),
        ("dashboards: {d: {display_nam: x}}", "a dashboard"),
        ("sql_warehouses: {w: {nam: x}}", "a sql warehouse"),
        ("jobs: {j: {nam: x}}", "a job"),
    ],
)
def test_an_unknown_field_of_any_kind(
    load: Callable[..., Bundle], resources: str, kind: str
) -> None:
    unknown = [
        warning.params["where"]
        for warning in load(f"bundle: {{name: b}}\nresources: {{{resources}}}\n").warnings
        if warning.code.name == "BUNDLE_FIELD_UNKNOWN"
    ]
    assert unknown == [kind]


def test_an_unknown_kind(load: Callable[..., Bundle]) -> None:
    bundle = load("bundle: {name: b}\nresources: {pipelnes: {p: {name: x}}}\n")
    assert found(bundle) == [("BUNDLE_FIELD_UNKNOWN", 2, 13)]
    assert "pipelines" in bundle.warnings[0].hint


def test_a_field_that_is_missing_everywhere(load: Callable[..., Bundle]) -> None:
    bundle = load("bundle: {name: b}\nresources: {schemas: {s: {name: x}}}\n")
    assert found(bundle) == [("BUNDLE_FIELD_MISSING", 2, 23)]
    assert bundle.warnings[0].params == {"field": "resources.schemas.s.catalog_name"}


def test_a_field_may_come_from_the_target(load: Callable[..., Bundle]) -> None:
    text = """
        bundle: {name: b}
        resources: {schemas: {s: {name: x}}}
        targets: {t: {resources: {schemas: {s: {catalog_name: c}}}}}
    """
    assert load(text).warnings == ()


def test_a_word_that_is_not_of_the_enumeration_is_a_warning(load: Callable[..., Bundle]) -> None:
    bundle = load(JOB % "run_if: ALL_SUCESS")
    assert found(bundle) == [("BUNDLE_VALUE_INVALID", 7, 19)]
    assert "ALL_SUCCESS" in bundle.warnings[0].hint


def test_a_wrong_type_is_an_error(errors: Callable[..., tuple[MillpondError, ...]]) -> None:
    (error,) = errors(JOB % "max_retries: often")
    assert error.code.name == "BUNDLE_WRONG_TYPE"
    assert error.params["path"] == "resources.jobs.j.tasks[0].max_retries"


def test_deprecated_fields_are_known(load: Callable[..., Bundle]) -> None:
    files = {
        "databricks.yml": """
            bundle: {name: b}
            resources:
              pipelines:
                p: {trigger: {manual: {}}, libraries: [file: {path: a.py}, whl: x.whl]}
        """,
        "a.py": "",
    }
    assert {w.code.name for w in load(files).warnings} == {"BUNDLE_NOT_RUN_LOCALLY"}


def test_a_number_may_be_in_quotes(load: Callable[..., Bundle]) -> None:
    kind = "resources: {sql_warehouses: {w: {name: x, auto_stop_mins: '10'}}}"
    configuration: Any = load(f"bundle: {{name: b}}\n{kind}\n").configuration
    assert configuration["resources"]["sql_warehouses"]["w"]["auto_stop_mins"] == 10
