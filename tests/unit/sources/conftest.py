"""A real Kafka broker for tests: one node in KRaft mode, from its Maven jars (design.md 1)."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from millpond.errors import MillpondError
from millpond.runtime import cache, ivy, lock
from millpond.runtime.java import find_java
from millpond.runtime.settings import spark_home

COORDINATE = "org.apache.kafka:kafka_2.13:4.1.0"
_NOTHING = "no.such.group:*"
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={folder}/data
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
num.partitions=2
"""


class BrokerError(Exception):
    """The broker's jars cannot be fetched, or it did not start."""


def broker_jars() -> Path:
    """The folder of the broker's jars, fetched once into the cache."""
    store = cache.subfolder("test-kafka")
    folder = store / "jars"
    with lock.held(store / ".lock"):
        if not folder.is_dir():
            with ivy.resolved([COORDINATE], find_java(), store, _NOTHING) as fetched:
                if not list(fetched.folder.glob("*kafka_2.13*.jar")):
                    raise BrokerError(fetched.output[-500:])
                fetched.folder.rename(folder)
    return folder


@pytest.fixture(scope="session")
def kafka_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a broker, which is started once."""
    try:
        broker_jars()
    except (BrokerError, MillpondError, OSError) as error:
        pytest.skip(f"the broker's jars cannot be fetched: {error}")
    with running_broker(tmp_path_factory.mktemp("kafka")) as found:
        yield found


@contextmanager
def running_broker(folder: Path) -> Iterator[str]:
    """A broker, as `host:port`, for as long as the block lasts; topics are made when written to."""
    port, controller = _free_port(), _free_port()
    file = folder / "server.properties"
    file.write_text(_PROPERTIES.format(port=port, controller=controller, folder=folder))
    java = [str(find_java().executable), "-Xmx256m", "-XX:TieredStopAtLevel=1"]
    java += ["-Dlog4j2.level=error", "-cp", _class_path()]
    identity = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    storage = ["kafka.tools.StorageTool", "format", "-t", identity, "-c", str(file)]
    with (folder / "kafka.log").open("wb") as log:
        subprocess.run([*java, *storage], check=True, stdout=log, stderr=log)
        process = subprocess.Popen([*java, "kafka.Kafka", str(file)], stdout=log, stderr=log)
        try:
            _wait(port, process)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _class_path() -> str:
    """The broker's jars, and the Scala library, which Spark's Ivy always leaves out."""
    scala = sorted((spark_home() / "jars").glob("scala-*.jar"))
    return os.pathsep.join([str(broker_jars() / "*"), *map(str, scala)])


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise BrokerError("the broker did not start")
