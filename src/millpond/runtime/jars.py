"""The jars Millpond needs beside those that pyspark ships: fetched once, then used from the cache.

Delta's own list of dependencies repeats 77 MB that pyspark has already; these are what is
missing (docs/decisions/0002).
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from millpond.codes import JARS_UNAVAILABLE
from millpond.errors import MillpondError
from millpond.runtime import cache, ivy, lock
from millpond.runtime.java import find_java
from millpond.runtime.output import telling_end


@dataclass(frozen=True, slots=True)
class Jar:
    """A jar that is needed.

    Attributes:
        coordinate: `group:artifact:version`.
        size: of the file, in bytes.
        sha256: of the file, in hexadecimal.
    """

    coordinate: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """The name of the file, in Ivy's way: `group_artifact-version.jar`."""
        group, artifact, version = self.coordinate.split(":")
        return f"{group}_{artifact}-{version}.jar"


NEEDED = (
    Jar(
        "io.delta:delta-spark_4.2_2.13:4.4.0",
        9_515_916,
        "27d4fd8b1f879535c573ed1c718177d6a27f24d3e626ba02e216369725721ead",
    ),
    Jar(
        "io.delta:delta-storage:4.4.0",
        113_863,
        "c46735481fa8e326b0957be02b4420cbcab4b325bb08009b7f2045a95133f1cc",
    ),
    Jar(
        "com.globalmentor:hadoop-bare-naked-local-fs:0.1.0",
        9_106,
        "e0cc30fb0531eb0b59468dc0abf5b257533d2365b5e9f45e795edd707aa78c62",
    ),
)


_SHIPPED = (
    "org.apache.spark:spark-tags*,org.scala-lang*:*,org.lz4:*,org.xerial*:*,org.slf4j:*,com.*:*,"
    "org.apache.hadoop:*,org.tukaani:*,commons-*:*"
)
"""Dependencies of the jars below that pyspark has."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Jars that are fetched together.

    Attributes:
        excluded: `group:artifact` patterns of what they depend on and that is not fetched.
    """

    jars: tuple[Jar, ...]
    excluded: str


CONNECTORS: dict[str, tuple[Batch, ...]] = {
    "kafka": (
        Batch(
            (
                Jar(
                    "org.apache.spark:spark-sql-kafka-0-10_2.13:4.2.0",
                    494_879,
                    "64539c45e5d39f7ddb747312c239f38f5208d08c1a0ddf7d70beb2fbd9373705",
                ),
            ),
            _SHIPPED
            + ",org.apache.spark:spark-token*,org.apache.kafka:*,org.apache.commons:commons-pool2",
        ),
        # The token provider of 4.2.0 is missing from some mirrors; 4.0.0's does (design.md 1).
        Batch(
            (
                Jar(
                    "org.apache.spark:spark-token-provider-kafka-0-10_2.13:4.0.0",
                    64_975,
                    "f2be3b76f9e6cbe63379d4e4e0dc14f59dbf056ae2ad16ff15ac108004c86767",
                ),
                Jar(
                    "org.apache.kafka:kafka-clients:3.9.1",
                    9_215_194,
                    "7568b998572d256f0b7bc0afdc1b7a2588b8b08415c62ce314c864a6851ae9d9",
                ),
                Jar(
                    "org.apache.commons:commons-pool2:2.12.1",
                    152_289,
                    "5273c8bc8c0dca2211175c0d27efbd7228efae99689aac001a8e1ef8e872e9ef",
                ),
            ),
            _SHIPPED,
        ),
    ),
    # 4.2.0's is missing from some mirrors; 4.1.1's reads and writes with Spark 4.2.0.
    "avro": (
        Batch(
            (
                Jar(
                    "org.apache.spark:spark-avro_2.13:4.1.1",
                    92_354,
                    "6a19d90bc3b6e88d8db0fa36a19273aa10fea2dbd7a62bb60e4cedd73051b32d",
                ),
            ),
            _SHIPPED,
        ),
    ),
}
"""What the formats need that neither pyspark nor Delta has; fetched when a flow needs it."""


def jars() -> tuple[Path, ...]:
    """The jars' files, in the order of the class path; no network if all are in the cache.

    Raises:
        MillpondError: JARS_UNAVAILABLE, JAVA_NOT_FOUND (Java fetches them), CACHE_NOT_WRITABLE.
    """
    return _present(NEEDED, None)


def connector_jars(format: str) -> tuple[Path, ...]:
    """The jars of a format of `CONNECTORS`; no network if all are in the cache.

    Raises:
        MillpondError: as `jars`.
    """
    batches = CONNECTORS[format]
    return tuple(path for batch in batches for path in _present(batch.jars, batch.excluded))


def _present(wanted: tuple[Jar, ...], excluded: str | None) -> tuple[Path, ...]:
    missing = [jar for jar in wanted if not is_present(jar)]
    if missing:
        store = cache.subfolder("jars")
        with lock.held(store / ".lock"):
            # Another process may have fetched them while this one waited for the lock.
            missing = [jar for jar in missing if not is_present(jar)]
            if missing:
                _fetch(missing, store, excluded)
    return tuple(path_of(jar) for jar in wanted)


def path_of(jar: Jar) -> Path:
    """Where the jar is, or will be."""
    return cache.folder() / "jars" / jar.file_name


def is_present(jar: Jar) -> bool:
    """Whether the jar is in the cache and whole, as far as a glance can tell (0.1 ms a jar)."""
    path = path_of(jar)
    try:
        return path.stat().st_size == jar.size and zipfile.is_zipfile(path)
    except OSError:
        return False


def is_genuine(path: Path, jar: Jar) -> bool:
    """Whether a file is the very jar that was tested, by its checksum."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == jar.sha256
    except OSError:
        return False


def _fetch(missing: list[Jar], store: Path, excluded: str | None) -> None:
    coordinates = [jar.coordinate for jar in missing]
    with ivy.resolved(coordinates, find_java(), store, excluded) as fetched:
        absent = [jar for jar in missing if not (fetched.folder / jar.file_name).exists()]
        if absent:
            raise _unavailable(absent, telling_end(fetched.output))
        changed = [jar for jar in missing if not is_genuine(fetched.folder / jar.file_name, jar)]
        if changed:
            raise _unavailable(changed, "what arrived is not what was published (SHA-256 differs)")
        for jar in missing:
            (fetched.folder / jar.file_name).replace(store / jar.file_name)


def _unavailable(wanted: list[Jar], reason: str) -> MillpondError:
    names = ", ".join(jar.coordinate for jar in wanted)
    return MillpondError(JARS_UNAVAILABLE, jars=names, reason=reason)
