"""A cluster: what is told before Spark starts, and what it is given."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from millpond import codes
from millpond.engine.spark.cluster import (
    PATIENCE,
    check_master,
    check_shared,
    cluster_settings,
    is_cluster,
)
from millpond.errors import MillpondError


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.parametrize("master", ["spark://127.0.0.1:{port}", "spark://localhost:nothing"])
def test_a_master_that_does_not_answer_is_told_at_once(master: str) -> None:
    with pytest.raises(MillpondError) as refused:
        check_master(master.format(port=free_port()))

    assert refused.value.code is codes.CLUSTER_NOT_REACHABLE


def test_one_of_several_masters_is_enough() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        check_master(f"spark://127.0.0.1:{free_port()},127.0.0.1:{port}")


def test_masters_of_other_kinds_are_left_to_spark() -> None:
    check_master("yarn")
    assert is_cluster("yarn")
    assert is_cluster("spark://host:7077")
    assert not is_cluster("local[2]")


def test_a_cluster_gets_the_jars_and_what_only_its_start_can_set() -> None:
    jars = [Path("/jars/a b.jar")]
    configuration = {
        "spark.executor.memory": "2g",
        "spark.sql.shuffle.partitions": "4",
        "landing": "/x",
    }
    settings = cluster_settings("spark://host:7077", jars, configuration)

    assert settings["spark.jars"] == "file:///jars/a%20b.jar"
    assert settings["spark.executor.memory"] == "2g"
    assert settings.keys().isdisjoint({"spark.sql.shuffle.partitions", "landing"})


@pytest.mark.parametrize(
    ("master", "host"),
    [
        ("spark://127.0.0.1:7077", "127.0.0.1"),
        ("spark://localhost:7077", "127.0.0.1"),
        ("spark://node1:7077", None),
    ],
)
def test_workers_elsewhere_reach_the_driver_by_the_name_that_spark_finds(
    master: str, host: str | None
) -> None:
    assert cluster_settings(master, [], {})["spark.driver.host"] == host


def test_a_patience_that_is_no_number_is_told_before_the_cluster_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(PATIENCE, "a minute")
    with pytest.raises(MillpondError) as caught:
        check_shared(object(), tmp_path, "spark://host:7077")  # type: ignore[arg-type]
    assert caught.value.code is codes.CLUSTER_PATIENCE_NOT_VALID
    assert caught.value.params["value"] == "a minute"
    assert list(tmp_path.iterdir()) == []
