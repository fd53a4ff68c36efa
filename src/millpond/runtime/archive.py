"""The class-data archive: Spark's classes as the JVM has them once loaded, kept between starts.

It halves the start of a session (4.4 s to 2.3 s on 2 cores; 200 MB, made once). The JVM takes
an archive only if its own build and the class path are those the archive was made with, so the
archive's folder is named after both.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from millpond.runtime import cache
from millpond.runtime.jars import jars
from millpond.runtime.java import Java, find_java
from millpond.runtime.output import telling_end
from millpond.runtime.release import read_release, run
from millpond.runtime.settings import machine_environment, spark_home

_TIME_LIMIT = 300  # seconds for the warm-up; 30 s is usual
_KEPT = 3  # archives of other environments that stay when one is made

# The JVM's warnings about classes that an archive cannot hold go to stdout by the hundred.
_QUIET = ("-Xlog:cds=off", "-Xlog:cds+dynamic=off")


class ArchiveError(Exception):
    """An archive could not be made. Spark runs without, 2 s later."""


def path(java: Java, class_path: Sequence[Path]) -> Path:
    """Where the archive for this Java, this pyspark and these jars is, or will be."""
    return cache.folder() / "archive" / _key(java, class_path) / "spark.jsa"


def java_options() -> list[str]:
    """The JVM options that use the archive of this machine's Java and jars; empty without one.

    With `-Xshare:auto` a JVM that finds the archive unfit starts without it, and says nothing.

    Raises:
        MillpondError: as `find_java` and `jars` do.
    """
    archive = path(find_java(), jars())
    if not archive.exists():
        return []
    return [f"-XX:SharedArchiveFile={archive}", "-Xshare:auto", *_QUIET]


def build(java: Java, class_path: Sequence[Path]) -> Path:
    """Make the archive by running a small pipeline once, and return its path.

    Raises:
        ArchiveError: with the end of what the run printed.
        MillpondError: CACHE_NOT_WRITABLE.
    """
    archive = path(java, class_path)
    home = cache.subfolder("archive", archive.parent.name)
    with tempfile.TemporaryDirectory(prefix="warm-up-", dir=home) as scratch:
        fresh = Path(scratch) / archive.name
        base = _base_options(java, home)
        options = " ".join([*base, f"-XX:ArchiveClassesAtExit={fresh}", *_QUIET])
        _run_warm_up(java, class_path, options, Path(scratch))
        if not fresh.exists():
            raise ArchiveError("the JVM ended without writing it")
        fresh.replace(archive)
    _prune(home)
    return archive


def _run_warm_up(java: Java, class_path: Sequence[Path], options: str, scratch: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "millpond.runtime.warmup",
        str(scratch),
        options,
        *map(str, class_path),
    ]
    environment = {**os.environ, **machine_environment(java)}
    environment.pop("PYSPARK_SUBMIT_ARGS", None)
    try:
        done = subprocess.run(
            command,
            env=environment,
            cwd=scratch,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_TIME_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ArchiveError(str(error)) from error
    if done.returncode != 0:
        raise ArchiveError(f"the warm-up failed: {telling_end(done.stdout)}")


def _base_options(java: Java, home: Path) -> list[str]:
    """What the JVM needs to build on: its own archive, which slim runtimes do not ship."""
    if list((java.home.resolve() / "lib" / "server").glob("classes*.jsa")):
        return []
    base = home / "base.jsa"
    if not base.exists():
        run(java.executable, "-Xshare:dump", f"-XX:SharedArchiveFile={base}", *_QUIET)
    return [f"-XX:SharedArchiveFile={base}"]


def _key(java: Java, class_path: Sequence[Path]) -> str:
    release = read_release(java.home)
    parts = [str(java.home), *(f"{key}={value}" for key, value in sorted(release.items()))]
    for file in (*sorted((spark_home() / "jars").glob("*.jar")), *class_path):
        # The JVM compares size and time of each jar; a re-installed pyspark needs a new archive.
        status = file.stat()
        parts.append(f"{file}:{status.st_size}:{status.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _prune(current: Path) -> None:
    """Remove all but the newest few archives; a JVM that uses one keeps it until it ends."""
    others = [folder for folder in current.parent.iterdir() if folder.is_dir()]
    others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in [folder for folder in others if folder != current][_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
