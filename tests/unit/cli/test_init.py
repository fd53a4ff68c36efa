"""A new project, whose first run and first test pass."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from millpond.cli.init import make_project
from millpond.codes import PROJECT_FOLDER_NOT_EMPTY, PROJECT_NAME_NOT_VALID
from millpond.errors import MillpondError


@pytest.mark.parametrize("language", ["python", "sql"])
def test_the_files_carry_the_projects_name(tmp_path: Path, language: str) -> None:
    files = make_project(tmp_path / "Web-Shop", language)

    names = {file.as_posix() for file in files}
    assert {"databricks.yml", ".gitignore", "resources/web_shop.pipeline.yml"} <= names
    suffix = {"python": "py", "sql": "sql"}[language]
    assert f"src/web_shop/transformations/silver_orders.{suffix}" in names
    texts = [(tmp_path / "Web-Shop" / file).read_text() for file in files]
    assert not [text for text in texts if "my_project" in text]


@pytest.mark.parametrize("language", ["python", "sql"])
def test_a_new_project_keeps_the_rules(tmp_path: Path, language: str) -> None:
    make_project(tmp_path / "shop", language)
    command = [Path(sys.executable).with_name("millpond"), "lint", tmp_path / "shop"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "0 findings in 3 files\n")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(MillpondError) as caught:
        make_project(tmp_path.rename(tmp_path.with_name("shop")), "sql")
    assert caught.value.code is PROJECT_FOLDER_NOT_EMPTY


def test_a_name_that_a_bundle_cannot_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MillpondError) as caught:
        make_project(tmp_path / "1 shop", "sql")
    assert caught.value.code is PROJECT_NAME_NOT_VALID


@pytest.mark.spark
@pytest.mark.parametrize("language", ["python", "sql"])
def test_a_new_project_runs_and_its_tests_pass(tmp_path: Path, language: str) -> None:
    for command in (
        ["-m", "millpond.cli.main", "init", "shop", "--language", language],
        ["-m", "millpond.cli.main", "run"],
        ["-m", "pytest", "-q"],
    ):
        if command[1] == "millpond.cli.main":
            command[:2] = ["-c", "import sys; from millpond.cli.main import main; sys.exit(main())"]
        folder = tmp_path if "init" in command else tmp_path / "shop"
        done = subprocess.run(
            [sys.executable, *command],
            cwd=folder,
            capture_output=True,
            text=True,
            env=dict(os.environ),
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
