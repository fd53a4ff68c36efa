"""The plugin in a user's own test suite."""

from __future__ import annotations

import os
import re
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


README = Path(__file__).parents[3] / "README.md"
_FILES = re.compile(r"cat > hello/(\S+) <<'(\w+)'\n(.*?)\n\2\n", re.DOTALL)


@pytest.mark.spark
def test_workers_run_pipelines_at_once_fed_by_what_a_test_has_at_hand(tmp_path: Path) -> None:
    """One of the two is the example that README gives, as it stands there."""
    for name, _, text in _FILES.findall(README.read_text(encoding="utf-8")):
        file = tmp_path / "hello" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "sums.sql").write_text(
        "CREATE STREAMING TABLE seen AS SELECT id, n FROM STREAM arriving;"
        "CREATE MATERIALIZED VIEW sums AS SELECT label, sum(n) AS n FROM seen"
        " JOIN labels USING (id) JOIN known USING (label) GROUP BY label"
    )
    test = """
        import pandas
        import pytest

        @pytest.mark.millpond("sums.sql")
        def test_two_updates_with_data_in_between(pipeline, millpond_spark):
            pipeline.feed("labels", "id,label\\n1,a\\n2,b\\n", "id INT, label STRING")
            pipeline.feed("known", '{"label": "a"}\\n{"label": "b"}')
            pipeline.feed("arriving", pandas.DataFrame({"id": [1, 2], "n": [10, 20]}))
            first = pipeline.run()
            assert first["sums"] == [{"label": "a", "n": 10}, {"label": "b", "n": 20}]
            assert first.dataset("seen").rows_written == 2

            frame = millpond_spark.createDataFrame([(1, 5)], "id BIGINT, n BIGINT")
            pipeline.feed("arriving", frame)
            second = pipeline.run()
            assert second["sums"] == [{"label": "a", "n": 15}, {"label": "b", "n": 20}]
            assert second.dataset("seen").rows_written == 1
            assert second.frame("seen").count() == 3
    """
    status, output = run(tmp_path, test, "-v", "-n", "2", "test_it.py", "hello")
    assert status == 0, output
    assert "2 passed" in output
    assert {"[gw0]", "[gw1]"} <= set(re.findall(r"\[gw\d\]", output)), "one pipeline a worker"
