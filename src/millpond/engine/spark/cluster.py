"""Run on a Spark cluster: what is to be set for it, and whether it can do the work."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from millpond import codes
from millpond.engine.configuration import applied_configuration
from millpond.engine.failure import is_from_the_jvm
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_MASTER = re.compile(r"local(\[[\w*, ]+\])?$|(spark|k8s)://.|yarn$|local-cluster\[")
_PATIENCE = 5.0
"""Seconds for a master to take a connection."""
_LOOPBACK = re.compile(r"localhost|127\.|\[?::1")
_PROBES = 16
"""Files that the workers are to find; each is a task of its own."""
PATIENCE = "MILLPOND_CLUSTER_PATIENCE"
"""The environment variable with the seconds that a cluster has to take its first task."""
_ROOM_PATIENCE = 60.0
_NOT_FOR_START = ("spark.sql.", "spark.databricks.")


def is_cluster(master: str) -> bool:
    """Whether Spark's work is done by other processes than its driver."""
    return not master.startswith("local")


def check_master(master: str) -> None:
    """See that a standalone master can be reached; Spark itself tries for a minute.

    Raises:
        MillpondError: MASTER_NOT_KNOWN or CLUSTER_NOT_REACHABLE.
    """
    if not _MASTER.match(master):
        raise MillpondError(codes.MASTER_NOT_KNOWN, master=master)
    if not master.startswith("spark://"):
        return
    reasons = []
    for place in master.removeprefix("spark://").split(","):
        try:
            parts = urlsplit(f"//{place}")
            address = (parts.hostname or "", parts.port or 7077)
            socket.create_connection(address, _PATIENCE).close()
        except (OSError, ValueError) as error:
            reasons.append(f"{place}: {error}")
        else:
            return
    raise MillpondError(codes.CLUSTER_NOT_REACHABLE, master=master, reason="; ".join(reasons))


def cluster_settings(
    master: str, jars: Sequence[Path], configuration: Mapping[str, str]
) -> dict[str, str | None]:
    """Settings in place of those for a single machine; None for one to leave to Spark.

    What a cluster can only be told at its start (`spark.executor.memory`, …) is taken from the
    pipeline's configuration.
    """
    place = master.partition("://")[2]
    here = "127.0.0.1" if _LOOPBACK.match(place) else None
    return {
        "spark.master": master,
        "spark.driver.bindAddress": here,
        "spark.driver.host": here,
        "spark.jars": ",".join(jar.as_uri() for jar in jars),
        **{
            key: value
            for key, value in configuration.items()
            if key.startswith("spark.") and not key.startswith(_NOT_FOR_START)
        },
    }


@contextmanager
def cluster_errors(master: str, logs: Path) -> Iterator[None]:
    """Say what it means when a cluster takes the application and does not run it.

    Raises:
        MillpondError: CLUSTER_ENDED.
    """
    try:
        yield
    except Exception as error:
        if not is_from_the_jvm(error):
            raise
        log = logs / "spark.log"
        raise MillpondError(codes.CLUSTER_ENDED, master=master, log=log) from error


def check_shared(session: SparkSession, folder: Path, where: str) -> None:
    """See that workers take tasks, and find the files of the state folder, where all tables are.

    Args:
        where: the URL of the cluster or server.

    Raises:
        MillpondError: CLUSTER_HAS_NO_ROOM, STATE_NOT_SHARED or CLUSTER_PATIENCE_NOT_VALID.
    """
    from pyspark.errors import PySparkException

    seconds = _patience()
    probe = _written_probe(folder)
    waited = threading.Event()
    apart = {"spark.sql.files.maxPartitionBytes": "1"}
    try:
        with applied_configuration(session, apart), _interrupted_after(session, seconds, waited):
            session.read.text(probe.as_uri()).write.format("noop").mode("overwrite").save()
    except Exception as error:
        if waited.is_set():
            raise MillpondError(
                codes.CLUSTER_HAS_NO_ROOM, cluster=where, seconds=seconds, setting=PATIENCE
            ) from error
        if not isinstance(error, PySparkException):
            raise
        reason = str(error).strip().splitlines()[0]
        raise MillpondError(codes.STATE_NOT_SHARED, state=folder, reason=reason) from error
    finally:
        shutil.rmtree(probe, ignore_errors=True)


def _patience() -> float:
    given = os.environ.get(PATIENCE, "")
    try:
        return float(given) if given else _ROOM_PATIENCE
    except ValueError as error:
        raise MillpondError(codes.CLUSTER_PATIENCE_NOT_VALID, value=given) from error


def _written_probe(folder: Path) -> Path:
    probe = folder.absolute() / "probe"
    shutil.rmtree(probe, ignore_errors=True)
    probe.mkdir(parents=True)
    for number in range(_PROBES):
        (probe / f"{number}.txt").write_text("here\n", encoding="utf-8")
    return probe


@contextmanager
def _interrupted_after(
    session: SparkSession, seconds: float, waited: threading.Event
) -> Iterator[None]:
    """Stop what Spark is asked to do in the block when it takes too long: it would wait forever."""
    ended = threading.Event()

    def interrupt() -> None:
        if ended.wait(seconds):
            return
        waited.set()
        # Again and again: what is interrupted is what is running at that moment.
        while not ended.is_set():
            session.interruptAll()
            ended.wait(1)

    watcher = threading.Thread(target=interrupt, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
