"""The settings of a pipeline as a spec."""

from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.bundle import Bundle
from millpond.bundle.pipelines import pipeline_id

TEXT = """
bundle: {name: b}
resources:
  pipelines:
    p:
      libraries: [file: {path: a.py}]
      %s
"""


def test_defaults_for_a_local_run(load: Callable[..., Bundle], tmp_path: Path) -> None:
    found = load({"databricks.yml": TEXT % "", "a.py": ""}).pipelines["p"]
    root = tmp_path.resolve()
    assert (found.key, found.name, found.target) == ("p", "p", "default")
    assert (found.catalog, found.schema) == ("main", "default")
    assert (found.project, found.root_path) == (root, root)
    assert found.configuration == {}
    assert found.at is not None
    assert (found.at.line, found.at.column) == (4, 5)


@pytest.mark.parametrize("field", ["schema", "target"])
def test_the_schema_has_an_old_name(load: Callable[..., Bundle], field: str) -> None:
    files = {"databricks.yml": TEXT % f"catalog: c\n      {field}: s", "a.py": ""}
    found = load(files).pipelines["p"]
    assert (found.catalog, found.schema) == ("c", "s")


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ("schema: a\n      target: b", ("BUNDLE_SETTINGS_CONFLICT", "databricks.yml", 7, 7)),
        ("root_path: nowhere", ("PATH_NOT_FOUND", "databricks.yml", 6, 18)),
        ("root_path: ../x", ("PATH_OUTSIDE_BUNDLE", "databricks.yml", 6, 18)),
        ("root_path: a.py", ("PATH_NOT_FOUND", "databricks.yml", 6, 18)),
    ],
)
def test_settings_that_cannot_be_run(
    places: Callable[..., object], settings: str, place: tuple[str, str, int, int]
) -> None:
    text = "bundle: {name: b}\nresources:\n  pipelines:\n    p:\n"
    text += f"      libraries: [file: {{path: a.py}}]\n      {settings}\n"
    assert places({"databricks.yml": text, "a.py": ""}) == [place]


@pytest.mark.parametrize(("settings", "column"), [("{}", 5), ("{libraries: []}", 9)])
def test_a_pipeline_has_source(places: Callable[..., object], settings: str, column: int) -> None:
    text = f"bundle: {{name: b}}\nresources:\n  pipelines:\n    p: {settings}\n"
    assert places(text) == [("PIPELINE_WITHOUT_SOURCE", "databricks.yml", 4, column)]


def test_managed_ingestion_has_no_source(load: Callable[..., Bundle]) -> None:
    text = "bundle: {name: b}\nresources: {pipelines: {p: {ingestion_definition: {objects: []}}}}\n"
    assert load(text).pipelines["p"].sources == ()


def test_the_id_is_stable_for_project_target_and_key() -> None:
    project = Path("/projects/retail")
    assert pipeline_id(project, "dev", "etl") == "7239959a-4538-5045-9793-1517b23ad1ff"
    assert pipeline_id(project, "prod", "etl") != pipeline_id(project, "dev", "etl")
