"""databricks-connect, in an environment of its own, drives the engine as far as its client goes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from shared_pipeline import Outcome, PipelineFolder
from spark_connect import connect_server

import millpond
from millpond import codes

ENVIRONMENT = "MILLPOND_DATABRICKS_CONNECT"
"""The Python of an environment with requirements-connect.txt; `make connect` makes one."""

pytestmark = pytest.mark.skipif(
    not os.environ.get(ENVIRONMENT),
    reason=f"{ENVIRONMENT} names no Python with databricks-connect (requirements-connect.txt)",
)

_RUN = "import sys; from millpond.cli.main import main; raise SystemExit(main(sys.argv[1:]))"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    source = Path(millpond.__file__).parents[1]
    return subprocess.run(
        [os.environ[ENVIRONMENT], "-c", _RUN, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(source)},
    )


def test_source_is_loaded_and_judged_without_a_server(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("CREATE OR REFRESH MATERIALIZED VIEW a AS SELECT 1 AS n")

    assert "a" in run("graph", str(tmp_path)).stdout


def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("CREATE OR REFRESH MATERIALIZED VIEW a AS SELECT 1 AS n")
    ended = run("run", str(tmp_path), "--remote", "sc://127.0.0.1:1")

    assert codes.REMOTE_NOT_REACHABLE.name in ended.stderr


@pytest.mark.spark
def test_it_gives_the_results_of_one_machine(
    here: Outcome, pipeline: PipelineFolder, tmp_path: Path
) -> None:
    pipeline.python = os.environ[ENVIRONMENT]
    with connect_server(tmp_path / "server") as server:
        there = pipeline.run_twice("--remote", server.url)

    assert there == here
