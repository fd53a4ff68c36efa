"""A Spark Connect server on loopback, from pyspark's own jars, with the engine's settings."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from millpond.engine.spark.settings import spark_settings
from millpond.runtime.jars import jars
from millpond.runtime.java import find_java
from millpond.runtime.settings import machine_environment, spark_home

_PATIENCE = 90.0
_OPENED = (
    *("java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio"),
    *("java.util", "java.util.concurrent", "java.util.concurrent.atomic", "sun.nio.ch"),
    *("sun.nio.cs", "sun.security.action", "sun.util.calendar"),
)
_DELTA_SETTINGS = ("spark.sql.extensions", "spark.sql.catalog.spark_catalog")


@dataclass(frozen=True, slots=True)
class ConnectServer:
    """A server that runs.

    Attributes:
        url: as `--remote` takes it.
    """

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it as a machine that fails would."""
        self.process.kill()
        self.process.wait(30)


@contextmanager
def connect_server(folder: Path, *, delta: bool = True) -> Iterator[ConnectServer]:
    """A server, for as long as it is used."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    settings = {
        **spark_settings(jars()),
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    given = {key: value for key, value in settings.items() if delta or key not in _DELTA_SETTINGS}
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            _command(given), stdout=out, stderr=subprocess.STDOUT, env=_environment(), cwd=folder
        )
    try:
        _wait_for(port, process, log)
        yield ConnectServer(f"sc://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(30)


def _command(settings: dict[str, str]) -> list[str]:
    paths = [*map(str, jars()), str(spark_home() / "jars" / "*")]
    return [
        *(str(find_java().home / "bin" / "java"), "-Xmx1g", "-Xss4m"),
        *("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=512m"),
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
        *("-Dio.netty.tryReflectionSetAccessible=true", "-cp", os.pathsep.join(paths)),
        *("org.apache.spark.deploy.SparkSubmit", "--class"),
        "org.apache.spark.sql.connect.service.SparkConnectServer",
        *(part for pair in settings.items() for part in ("--conf", "=".join(pair))),
        "spark-internal",
    ]


def _environment() -> dict[str, str]:
    # Functions of the user's run in Python workers of the server.
    python = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    return {**os.environ, **machine_environment(find_java()), **python}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(log.read_text(errors="replace"))
