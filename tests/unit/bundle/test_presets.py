"""Development mode and presets on every kind of resource."""

from collections.abc import Callable
from typing import Any

import pytest

from millpond.bundle import Bundle
from millpond.bundle.presets import identifier_prefix

BUNDLE = """
bundle: {name: b}
targets: {t: {mode: %s, presets: {%s}}}
resources:
  pipelines:
    p: {name: etl, continuous: true, libraries: [file: {path: a.py}], %s}
  jobs:
    j: {name: nightly, schedule: {quartz_cron_expression: x}, tags: {dev: mine}}
    k: {trigger: {periodic: {interval: 1}, pause_status: UNPAUSED}}
  schemas: {s: {name: silver, catalog_name: main}}
  volumes: {v: {name: landing, catalog_name: main, schema_name: "${resources.schemas.s.name}"}}
  experiments: {e: {name: /Users/me/exp}}
  dashboards: {d: {display_name: Sales}}
"""


def resources(
    load: Callable[..., Bundle], mode: str = "development", presets: str = "", more: str = ""
) -> Any:
    files = {"databricks.yml": BUNDLE % (mode, presets, more), "a.py": ""}
    return load(files).configuration["resources"]


def test_development_prefixes_pauses_and_tags(load: Callable[..., Bundle]) -> None:
    found = resources(load)
    pipeline = found["pipelines"]["p"]
    assert pipeline["name"] == "[dev ann] etl"
    assert pipeline["development"] is True
    assert pipeline["continuous"] is False
    assert pipeline["tags"] == {"dev": "ann"}
    job, triggered = found["jobs"]["j"], found["jobs"]["k"]
    assert job["name"] == "[dev ann] nightly"
    assert job["schedule"]["pause_status"] == "PAUSED"
    assert job["max_concurrent_runs"] == 4
    assert job["tags"] == {"dev": "mine"}
    assert triggered["trigger"]["pause_status"] == "UNPAUSED"
    assert found["schemas"]["s"]["name"] == "dev_ann_silver"
    assert found["experiments"]["e"]["name"] == "/Users/me/[dev ann] exp"
    assert found["dashboards"]["d"]["display_name"] == "[dev ann] Sales"


def test_references_see_names_with_their_prefix(load: Callable[..., Bundle]) -> None:
    assert resources(load)["volumes"]["v"]["schema_name"] == "dev_ann_silver"


def test_production_changes_no_name(load: Callable[..., Bundle]) -> None:
    found = resources(load, "production")
    assert found["pipelines"]["p"]["name"] == "etl"
    assert "development" not in found["pipelines"]["p"]
    assert found["jobs"]["j"]["max_concurrent_runs"] == 1
    assert found["jobs"]["j"]["schedule"]["pause_status"] == "UNPAUSED"
    assert found["pipelines"]["p"]["edition"] == "ADVANCED"


def test_presets_go_before_the_modes_own(load: Callable[..., Bundle]) -> None:
    presets = "name_prefix: 'x_${workspace.current_user.short_name} ', pipelines_development: no"
    found = resources(load, presets=presets)
    assert found["pipelines"]["p"]["name"] == "x_ann etl"
    assert "development" not in found["pipelines"]["p"]


def test_presets_work_without_a_mode(load: Callable[..., Bundle]) -> None:
    text = (
        BUNDLE % ("", "tags: {team: a}, trigger_pause_status: PAUSED", "tags: {own: b}")
    ).replace("mode: ,", "")
    configuration: Any = load({"databricks.yml": text, "a.py": ""}).configuration
    pipeline = configuration["resources"]["pipelines"]["p"]
    assert pipeline["tags"] == {"own": "b", "team": "a"}
    assert pipeline["continuous"] is False
    assert pipeline["name"] == "etl"


def test_development_pipelines_have_no_place_in_production(places: Callable[..., object]) -> None:
    files = {"databricks.yml": BUNDLE % ("production", "", "development: true"), "a.py": ""}
    assert places(files) == [("BUNDLE_SETTINGS_CONFLICT", "databricks.yml", 5, 71)]


def test_production_without_a_root_path_is_a_warning(load: Callable[..., Bundle]) -> None:
    bundle = load({"databricks.yml": BUNDLE % ("production", "", ""), "a.py": ""})
    assert "BUNDLE_PRODUCTION_ADVICE" in [warning.code.name for warning in bundle.warnings]
    text = (BUNDLE % ("production", "", "")).replace("mode:", "workspace: {root_path: /x}, mode:")
    found = load({"databricks.yml": text, "a.py": ""}).warnings
    assert {warning.params["field"] for warning in found} == {
        "resources.jobs.j.schedule.timezone_id",
        "resources.jobs.k.trigger.periodic.unit",
    }


def test_development_cannot_unpause(places: Callable[..., object]) -> None:
    files = {"databricks.yml": BUNDLE % ("development", "trigger_pause_status: UNPAUSED", "")}
    found = places({**files, "a.py": ""})
    assert found == [("BUNDLE_VALUE_INVALID", "databricks.yml", 2, 66)]


@pytest.mark.parametrize(
    ("prefix", "identifier"), [("[dev ann] ", "dev_ann_"), ("", ""), ("Ann-", "ann_")]
)
def test_the_prefix_of_identifiers(prefix: str, identifier: str) -> None:
    assert identifier_prefix(prefix) == identifier


def test_schemas_may_keep_their_names(load: Callable[..., Bundle]) -> None:
    text = BUNDLE % ("development", "", "") + "experimental: {skip_name_prefix_for_schema: true}\n"
    found: Any = load({"databricks.yml": text, "a.py": ""}).configuration["resources"]
    assert found["schemas"]["s"]["name"] == "silver"
    assert found["dashboards"]["d"]["display_name"].startswith("[dev ann] ")
