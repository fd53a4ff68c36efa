"""Start the Spark session, quietly: what the JVM prints goes to the log folder."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.engine.evaluation import interception
from millpond.engine.spark.cluster import (
    check_master,
    check_shared,
    cluster_errors,
    cluster_settings,
    is_cluster,
)
from millpond.engine.spark.remote import connect, shown_url
from millpond.engine.spark.settings import java_options, spark_settings, write_log_settings
from millpond.runtime import archive
from millpond.runtime.jars import jars
from millpond.runtime.java import find_java
from millpond.runtime.settings import machine_environment

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


_QUIET_LOGGERS = ("DataFrameQueryContextLogger", "SQLQueryContextLogger", "py4j.clientserver")
"""Loggers that print every analysis error to stderr as JSON, or what is raised in a function for
each batch as a traceback; ours say it better."""


@dataclass(frozen=True, slots=True)
class SessionChoice:
    """Where Spark works.

    Attributes:
        master: URL of a cluster's master, as Spark takes it; None for this process alone.
        remote: URL of a Spark Connect server (`sc://host:port`), in place of a master.
        configuration: settings that Spark takes at its start only, for a cluster.
    """

    master: str | None = None
    remote: str | None = None
    configuration: Mapping[str, str] = field(default_factory=dict)


LOCAL = SessionChoice()


def start_session(
    logs: Path, overrides: Mapping[str, str] | None = None, choice: SessionChoice = LOCAL
) -> SparkSession:
    """The session of this process; one that is running already is used as it is.

    Args:
        logs: a folder for what Spark prints; for a cluster its parent has to be shared.
        overrides: settings in place of ours, for a session that is started.

    Raises:
        MillpondError: JAVA_NOT_FOUND, JARS_UNAVAILABLE, CLUSTER_NOT_REACHABLE or
            STATE_NOT_SHARED; and what `connect` raises for a remote one.
    """
    from pyspark.sql import SparkSession

    for logger in _QUIET_LOGGERS:
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    if choice.remote is not None:
        session = connect(choice.remote)
        check_shared(session, logs.parent, shown_url(choice.remote))
        interception.install(remote=True)
        return session
    running = SparkSession.getActiveSession()
    if running is None:
        running = _started(logs, overrides or {}, choice)
    interception.install()
    return running


def _started(logs: Path, overrides: Mapping[str, str], choice: SessionChoice) -> SparkSession:
    from pyspark.sql import SparkSession

    os.environ.update(machine_environment(find_java()))
    # Spark's Python workers must be this Python, not the first on the PATH.
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    needed = jars()
    settings: dict[str, str | None] = {**spark_settings(needed), **overrides}
    if choice.master is not None:
        check_master(choice.master)
        settings["spark.master"] = choice.master
        if is_cluster(choice.master):
            settings.update(cluster_settings(choice.master, needed, choice.configuration))
    options = java_options(archive.java_options(), write_log_settings(logs))
    builder = SparkSession.builder.config("spark.driver.extraJavaOptions", options)
    for key, value in settings.items():
        builder = builder if value is None else builder.config(key, value)
    with _output_to(logs / "jvm.log"):
        if choice.master is None or not is_cluster(choice.master):
            return builder.getOrCreate()
        with cluster_errors(choice.master, logs):
            session = builder.getOrCreate()
            check_shared(session, logs.parent, choice.master)
            return session


@contextmanager
def _output_to(file: Path) -> Iterator[None]:
    """Let a child process that is started now inherit a file as its output and error streams."""
    saved = [(number, os.dup(number)) for number in (1, 2)]
    with file.open("ab") as target:
        for number, _ in saved:
            os.dup2(target.fileno(), number)
        try:
            yield
        finally:
            for number, copy in saved:
                os.dup2(copy, number)
                os.close(copy)
