"""The same pipeline here and on a cluster of two workers: the same results."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_pipeline import Outcome, PipelineFolder
from spark_cluster import standalone_cluster

pytestmark = pytest.mark.spark


def test_a_cluster_of_two_workers_gives_the_results_of_one_machine(
    here: Outcome, pipeline: PipelineFolder, tmp_path: Path
) -> None:
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    with standalone_cluster(cluster) as master:
        there = pipeline.run_twice("--master", master)

    assert there == here
    workers = [log for log in cluster.glob("worker*.log") if "Asked to launch" in log.read_text()]
    assert len(workers) == 2


def test_a_cluster_without_workers_is_told(
    pipeline: PipelineFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILLPOND_CLUSTER_PATIENCE", "1")
    with standalone_cluster(tmp_path, workers=0) as master:
        [error] = pipeline.run_once("--master", master)["errors"]

    assert error["code"] == "CLUSTER_HAS_NO_ROOM"
