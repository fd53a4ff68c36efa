"""A standalone Spark cluster on loopback, of Spark's own classes from pyspark's jars."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from millpond.runtime.java import find_java
from millpond.runtime.settings import machine_environment, spark_home

_DEPLOY = "org.apache.spark.deploy"
_PATIENCE = 60.0


@contextmanager
def standalone_cluster(folder: Path, workers: int = 2) -> Iterator[str]:
    """A master and workers of one core each; gives the master's URL."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        master = _start(folder / "master.log", started, "master.Master", "--port", "0")
        url = _wait_for(master, r"Starting Spark master at (spark://\S+)")
        for number in range(workers):
            log = folder / f"worker{number}.log"
            options = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"w{number}"))
            _wait_for(
                _start(log, started, "worker.Worker", *options, "--port", "0", url),
                "(Successfully registered with master)",
            )
        yield url
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)


def _start(log: Path, started: list[subprocess.Popen[bytes]], name: str, *arguments: str) -> Path:
    java = find_java()
    settings = log.with_suffix(".properties")
    settings.write_text(
        "rootLogger.level=info\nrootLogger.appenderRef.out.ref=out\n"
        "appender.out.type=Console\nappender.out.name=out\n"
        "appender.out.layout.type=PatternLayout\nappender.out.layout.pattern=%m%n%ex\n"
    )
    command = [
        *(str(java.home / "bin" / "java"), "-Xmx256m", "-XX:TieredStopAtLevel=1"),
        *(f"-Dlog4j2.configurationFile={settings.as_uri()}", "-Dspark.master.rest.enabled=false"),
        *(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
        ),
        *(
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
        ),
        *("-cp", str(spark_home() / "jars" / "*"), f"{_DEPLOY}.{name}"),
        *("--host", "127.0.0.1", "--webui-port", "0", *arguments),
    ]
    # What Spark's own start scripts, which pyspark lacks, would tell it.
    scripted = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_SCALA_VERSION": "2.13"}
    environment = {**os.environ, **machine_environment(java), **scripted}
    with log.open("wb") as out:
        started.append(
            subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
        )
    return log


def _wait_for(log: Path, pattern: str) -> str:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        found = re.search(pattern, log.read_text(errors="replace"))
        if found is not None:
            return found.group(1)
        time.sleep(0.2)
    raise TimeoutError(log.read_text(errors="replace"))
