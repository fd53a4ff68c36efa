"""A whole bundle, shaped like what `databricks bundle init` makes for pipelines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from millpond.bundle import Bundle, choose_pipeline
from millpond.errors import MillpondError

RETAIL = {
    "databricks.yml": """
        bundle:
          name: retail

        include:
          - resources/*.yml
          - resources/*/*.yml

        variables:
          catalog:
            description: The catalog to use
          schema:
            description: The schema to use

        targets:
          dev:
            mode: development
            default: true
            workspace:
              host: https://example.invalid
            variables:
              catalog: main
              schema: ${workspace.current_user.short_name}
          prod:
            mode: production
            workspace:
              host: https://example.invalid
              root_path: /Workspace/Users/me/.bundle/${bundle.name}/${bundle.target}
            variables:
              catalog: main
              schema: prod
    """,
    "resources/retail_etl.pipeline.yml": """
        resources:
          pipelines:
            retail_etl:
              name: retail_etl
              catalog: ${var.catalog}
              schema: ${var.schema}
              serverless: true
              root_path: "../src/retail"

              libraries:
                - glob:
                    include: ../src/retail/transformations/**

              configuration:
                landing: /Volumes/${var.catalog}/${var.schema}/landing

              environment:
                dependencies:
                  - --editable ${workspace.file_path}
    """,
    "resources/retail.job.yml": """
        resources:
          jobs:
            retail_job:
              name: retail_job
              tasks:
                - task_key: refresh
                  pipeline_task:
                    pipeline_id: ${resources.pipelines.retail_etl.id}
    """,
    "src/retail/transformations/sales.py": "",
    "src/retail/transformations/gold/daily.sql": "",
    "src/retail/explorations/look.ipynb": "{}",
    "src/retail/utilities/rules.py": "",
}


def test_the_default_target(load: Callable[..., Bundle], tmp_path: Path) -> None:
    bundle = load(RETAIL)
    spec = choose_pipeline(bundle)
    assert (bundle.name, bundle.target, bundle.mode) == ("retail", "dev", "development")
    assert (spec.name, spec.catalog, spec.schema) == ("[dev ann] retail_etl", "main", "ann")
    assert spec.configuration == {"landing": "/Volumes/main/ann/landing"}
    assert spec.root_path == tmp_path.resolve() / "src" / "retail"
    assert [source.path.name for source in spec.sources] == ["daily.sql", "sales.py"]
    assert spec.settings["development"] is True
    assert spec.settings["environment"] == {"dependencies": [f"--editable {tmp_path.resolve()}"]}
    assert bundle.warnings == ()


def test_another_target(load: Callable[..., Bundle]) -> None:
    dev, prod = choose_pipeline(load(RETAIL)), choose_pipeline(load(RETAIL, target="prod"))
    assert (prod.name, prod.schema) == ("retail_etl", "prod")
    assert prod.pipeline_id != dev.pipeline_id


def test_resources_refer_to_each_other(load: Callable[..., Bundle]) -> None:
    bundle = load(RETAIL)
    configuration: Any = bundle.configuration
    (task,) = configuration["resources"]["jobs"]["retail_job"]["tasks"]
    assert task["pipeline_task"]["pipeline_id"] == choose_pipeline(bundle).pipeline_id


def test_the_root_file_itself_can_be_named(
    write: Callable[..., Path], load: Callable[..., Bundle]
) -> None:
    from millpond.bundle import load_bundle

    folder = write(RETAIL)
    assert load_bundle(folder / "databricks.yml", environ={}).pipelines.keys() == {"retail_etl"}


def test_all_mistakes_come_at_once_each_with_its_place(places: Callable[..., object]) -> None:
    wrong = dict(RETAIL)
    wrong["resources/retail_etl.pipeline.yml"] = """
        resources:
          pipelines:
            retail_etl:
              catalog: ${var.catalg}
              schema: ${foo.bar}
              configuration:
                a: x ${resources.pipelines.other.name}
    """
    file = "resources/retail_etl.pipeline.yml"
    assert places(wrong) == [
        ("BUNDLE_REFERENCE_UNKNOWN", file, 4, 16),
        ("BUNDLE_REFERENCE_UNKNOWN", file, 5, 15),
        ("BUNDLE_REFERENCE_UNKNOWN", file, 7, 14),
    ]


def test_what_other_resources_say_in_braces_is_theirs(load: Callable[..., Bundle]) -> None:
    more = dict(RETAIL)
    more["resources/x.job.yml"] = """
        resources:
          jobs:
            x: {tasks: [{task_key: t, spark_python_task: {parameters: ["${HOME}"]}}]}
    """
    configuration: Any = load(more).configuration
    (task,) = configuration["resources"]["jobs"]["x"]["tasks"]
    assert task["spark_python_task"]["parameters"] == ["${HOME}"]


def test_a_bundle_has_a_name(places: Callable[..., object]) -> None:
    assert places("targets: {dev: }\n") == [("BUNDLE_FIELD_MISSING", "databricks.yml", 1, 1)]


SEVERAL = """
bundle: {name: b}
targets: {dev: {mode: development}}
resources:
  pipelines:
    one: {name: First, libraries: [file: {path: a.py}]}
    two: {name: Second, libraries: [file: {path: a.py}]}
    fed: {ingestion_definition: {}}
"""


@pytest.mark.parametrize(
    ("named", "key"), [("one", "one"), ("Second", "two"), ("[dev ann] First", "one")]
)
def test_a_pipeline_is_chosen_by_key_or_name(
    load: Callable[..., Bundle], named: str, key: str
) -> None:
    bundle = load({"databricks.yml": SEVERAL, "a.py": ""})
    assert choose_pipeline(bundle, named).key == key


@pytest.mark.parametrize(
    ("named", "code"),
    [
        (None, "PIPELINE_NOT_CHOSEN"),
        ("three", "PIPELINE_UNKNOWN"),
        ("fed", "PIPELINE_WITHOUT_SOURCE"),
    ],
)
def test_a_pipeline_that_cannot_be_chosen(
    load: Callable[..., Bundle], named: str | None, code: str
) -> None:
    bundle = load({"databricks.yml": SEVERAL, "a.py": ""})
    with pytest.raises(MillpondError) as caught:
        choose_pipeline(bundle, named)
    assert caught.value.code.name == code


def test_a_bundle_without_pipelines_has_none_to_choose(load: Callable[..., Bundle]) -> None:
    with pytest.raises(MillpondError) as caught:
        choose_pipeline(load("bundle: {name: b}"))
    assert caught.value.params == {"number": "no", "known": "none"}


def test_a_resource_without_content(places: Callable[..., object]) -> None:
    text = "bundle: {name: b}\nresources: {jobs: {j: }}\n"
    assert places(text) == [("BUNDLE_WRONG_TYPE", "databricks.yml", 2, 20)]
