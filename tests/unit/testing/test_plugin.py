"""The plugin in a user's own test suite."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest


def run(folder: Path, test: str, *arguments: str, settings: str = "") -> tuple[int, str]:
    """Run pytest as a user does, in a process of its own."""
    (folder / "test_it.py").write_text(dedent(test))
    (folder / "pytest.ini").write_text(f"[pytest]\n{dedent(settings)}")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=environment, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_suite_that_does_not_use_it_imports_no_pyspark(tmp_path: Path) -> None:
    status, output = run(
        tmp_path,
        """
        import sys

        def test_nothing_is_imported():
            packages = {name.split(".")[0] for name in sys.modules}
            assert not packages & {"pyspark", "pandas", "delta", "ruamel", "sqlglot"}
            ours = {name for name in sys.modules if name.startswith("millpond.")}
            assert ours == {"millpond.testing", "millpond.testing.plugin"}
        """,
    )
    assert status == 0, output


def test_marker_settings_and_open_choose_the_pipeline(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.sql").write_text(f"CREATE MATERIALIZED VIEW {name} AS SELECT 1 AS n")
    status, output = run(
        tmp_path,
        """
        import pytest

        def test_settings(pipeline):
            spec = pipeline.spec
            assert (spec.key, spec.schema, spec.configuration) == ("a", "s", {"limit": "3"})

        @pytest.mark.millpond("b.sql", catalog="other")
        def test_marker(pipeline):
            spec = pipeline.spec
            assert (spec.key, spec.catalog, spec.schema) == ("b", "other", "s")

        @pytest.mark.millpond("b.sql")
        def test_open(pipeline):
            spec = pipeline.open("c.sql").spec
            assert spec.key == "c"
        """,
        "--strict-markers",
        settings="""
            millpond_path = a.sql
            millpond_schema = s
            millpond_configuration =
                limit=3
            """,
    )
    assert status == 0, output


@pytest.mark.parametrize("test", ["pipeline.run()", "pipeline.feed('a', [])"])
def test_an_error_shows_the_line_of_the_test_and_none_of_ours(tmp_path: Path, test: str) -> None:
    status, output = run(tmp_path, f"def test_it(pipeline):\n    {test}\n")
    assert status == 1
    assert "error[TEST_PROJECT_NOT_FOUND]" in output
    assert f">       {test}" in " ".join(output.split("\n")) or f">   {test}" in output
    assert "millpond/testing/" not in output


def test_a_setting_that_is_no_pair_is_refused(tmp_path: Path) -> None:
    status, output = run(
        tmp_path,
        "def test_it(pipeline):\n    pass\n",
        settings="millpond_configuration = limit\n",
    )
    assert status != 0
    assert "millpond_configuration: write key=value, not 'limit'" in output
