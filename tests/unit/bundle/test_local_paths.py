"""Paths in jobs, dashboards and alerts: there, inside the bundle, and where they are deployed."""

from collections.abc import Callable
from typing import Any

import pytest

from millpond.bundle import Bundle
from millpond.errors import MillpondError

BUNDLE = """
bundle: {{name: b}}
include: [resources/*.yml]
resources:
  jobs:
    j:
      tasks:
        - task_key: a
          {}
"""
FILES = {
    "src/gate.py": "",
    "src/gate.sql": "",
    "src/look.ipynb": "{}",
    "resources/sales.dashboard.yml": """
        resources: {dashboards: {d: {display_name: Sales, file_path: ../src/sales.lvdash.json}}}
    """,
    "src/sales.lvdash.json": "{}",
}
FILES_AT = "/Workspace/Users/ann@example.com/.bundle/b/default/files"


def bundle_with(task: str) -> dict[str, str]:
    return {"databricks.yml": BUNDLE.format(task), **FILES}


@pytest.mark.parametrize(
    "task",
    [
        "notebook_task: {notebook_path: src/look.ipynb}",
        "spark_python_task: {python_file: ./src/gate.py}",
        "sql_task: {warehouse_id: w, file: {path: src/gate.sql}}",
        "notebook_task: {notebook_path: /Workspace/Shared/look}",
        "notebook_task: {notebook_path: src/elsewhere, source: GIT}",
        "spark_python_task: {python_file: 'dbfs:/gate.py'}",
        "libraries: [whl: dist/*.whl]",
    ],
)
def test_paths_that_are_there_or_elsewhere(load: Callable[..., Bundle], task: str) -> None:
    assert load(bundle_with(task)).warnings == ()


@pytest.mark.parametrize(
    ("task", "code", "hint"),
    [
        (
            "notebook_task: {notebook_path: src/look}",
            "PATH_NOT_FOUND",
            "Did you mean 'src/look.ipynb'?",
        ),
        (
            "spark_python_task: {python_file: src/gaet.py}",
            "PATH_NOT_FOUND",
            "Did you mean 'src/gate.py'?",
        ),
        ("spark_python_task: {python_file: ../gate.py}", "PATH_OUTSIDE_BUNDLE", None),
        ("sql_task: {warehouse_id: w, file: {path: src}}", "PATH_NOT_FOUND", None),
    ],
)
def test_paths_that_are_not_there(
    errors: Callable[..., tuple[MillpondError, ...]], task: str, code: str, hint: str | None
) -> None:
    (error,) = errors(bundle_with(task))
    assert error.code.name == code
    assert error.at is not None
    assert error.at.line == 8
    assert hint is None or error.hint == hint


def test_where_files_are_deployed(load: Callable[..., Bundle]) -> None:
    task = "for_each_task: {inputs: '[1]', task: {task_key: b, notebook_task: {notebook_path: %s}}}"
    bundle = load(bundle_with(task % "src/look.ipynb"), deployed=True)
    configuration: Any = bundle.configuration
    (deployed,) = configuration["resources"]["jobs"]["j"]["tasks"]
    inner = deployed["for_each_task"]["task"]["notebook_task"]
    assert inner["notebook_path"] == f"{FILES_AT}/src/look"
    dashboard = configuration["resources"]["dashboards"]["d"]
    assert dashboard["file_path"] == f"{FILES_AT}/src/sales.lvdash.json"
    assert configuration["workspace"]["file_path"] == FILES_AT


def test_a_deployed_pipeline(load: Callable[..., Bundle]) -> None:
    files = {
        "databricks.yml": """
            bundle: {name: b}
            resources:
              pipelines:
                p:
                  root_path: src
                  environment: {dependencies: ["--editable ${workspace.file_path}"]}
                  libraries:
                    - glob: {include: src/**}
                    - glob: {include: "${workspace.file_path}/more/**"}
        """,
        "src/a.py": "",
        "more/b.py": "",
    }
    bundle = load(files, deployed=True)
    configuration: Any = bundle.configuration
    pipeline = configuration["resources"]["pipelines"]["p"]
    assert pipeline["root_path"] == f"{FILES_AT}/src"
    assert [each["glob"]["include"] for each in pipeline["libraries"]] == [
        f"{FILES_AT}/src/**",
        f"{FILES_AT}/more/**",
    ]
    assert pipeline["environment"] == {"dependencies": [f"--editable {FILES_AT}"]}
    assert [each.path.name for each in bundle.pipelines["p"].sources] == ["a.py", "b.py"]
