"""Start the Spark session, quietly: what the JVM prints goes to the log folder."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.engine import interception
from millpond.engine.settings import java_options, spark_settings, write_log_settings
from millpond.runtime import archive
from millpond.runtime.jars import jars
from millpond.runtime.java import find_java
from millpond.runtime.settings import machine_environment

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


_QUIET_LOGGERS = ("DataFrameQueryContextLogger", "SQLQueryContextLogger", "py4j.clientserver")
"""Loggers that print every analysis error to stderr as JSON, or what is raised in a function for
each batch as a traceback; ours say it better."""


def start_session(logs: Path, overrides: Mapping[str, str] | None = None) -> SparkSession:
    """The session of this process; one that is running already is used as it is.

    Args:
        overrides: settings in place of ours, for a session that is started.

    Raises:
        MillpondError: JAVA_NOT_FOUND or JARS_UNAVAILABLE.
    """
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is None:
        os.environ.update(machine_environment(find_java()))
        # Spark's Python workers must be this Python, not the first on the PATH.
        os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
        settings = {**spark_settings(jars()), **(overrides or {})}
        log_settings = write_log_settings(logs)
        options = java_options(archive.java_options(), log_settings)
        builder = SparkSession.builder.config("spark.driver.extraJavaOptions", options)
        for key, value in settings.items():
            builder = builder.config(key, value)
        with _output_to(logs / "jvm.log"):
            running = builder.getOrCreate()
    for logger in _QUIET_LOGGERS:
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    interception.install()
    return running


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
