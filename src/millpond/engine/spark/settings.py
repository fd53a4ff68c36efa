"""Spark's settings for small data on a few cores, where start-up and fixed costs are what counts.

Measured on 2 cores; design.md section 1 has the figures. Users override any of them with the
pipeline's `configuration`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from millpond.runtime.settings import machine_settings

_LOG4J = """\
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = {file}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{HH:mm:ss.SSS}} %p %c{{1}}: %m%n%ex
"""

_CODE_CACHE = "-XX:ReservedCodeCacheSize=512m"
"""Room for compiled code. With one compiler Java reserves 48 MB, which Spark's generated classes
fill in a pipeline of some twenty datasets; then every thread that needs more fails. What is
reserved and not used costs nothing."""


def spark_settings(jars: Sequence[Path]) -> dict[str, str]:
    """Settings that hold for the whole session, whatever the pipeline."""
    return {
        "spark.master": "local[*]",
        "spark.app.name": "millpond",
        **machine_settings(jars),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "4g",
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.default.parallelism": str(os.cpu_count() or 1),
        **session_settings(),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.ui.retainedExecutions": "1",
        "spark.log.level": "WARN",
    }


def session_settings() -> dict[str, str]:
    """Those of them that a session which is running takes too."""
    return {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(os.cpu_count() or 1),
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.streaming.pollingDelay": "1ms",
        "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
        "spark.databricks.delta.snapshotPartitions": "1",
        # Delta's parser leaves out the `args` of spark.sql(…) unless they are bound to the plan.
        "spark.sql.legacy.parameterSubstitution.constantsOnly": "true",
        # Spark 4.2.0 hangs when it feeds a Python UDF straight from a Delta scan's batches.
        "spark.sql.execution.arrow.pythonUDF.columnarInput.enabled": "false",
    }


def java_options(archive: Sequence[str], log_settings: Path) -> str:
    """Options of the JVM: quick to start, and its log in a file."""
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseParallelGC", "-Xss4m", _CODE_CACHE]
    return " ".join(
        [*quick, *archive, f"-Dlog4j2.configurationFile={log_settings.absolute().as_uri()}"]
    )


def write_log_settings(logs: Path) -> Path:
    """Write the log configuration that sends Spark's log into a folder; returns its file."""
    logs.mkdir(parents=True, exist_ok=True)
    file = logs / "log4j2.properties"
    file.write_text(_LOG4J.format(file=(logs / "spark.log").as_posix()), encoding="utf-8")
    return file
