"""Get the machine ready for Spark: Java found, jars fetched, class-data archive made."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from millpond.errors import MillpondError
from millpond.runtime import archive, cache, lock
from millpond.runtime.jars import jars
from millpond.runtime.java import Java, find_java


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a session is started with.

    Attributes:
        java: the Java to run.
        jars: the jars for the class path.
        archive: the class-data archive, or None if it was not made.
    """

    java: Java
    jars: tuple[Path, ...]
    archive: Path | None


def prepare() -> Prepared:
    """Do what is not yet done; 10 ms when all is there. Progress and warnings go to stderr.

    Raises:
        MillpondError: JAVA_NOT_FOUND, JARS_UNAVAILABLE, CACHE_NOT_WRITABLE, PYSPARK_NOT_FOUND.
    """
    java = find_java()
    needed = jars()
    return Prepared(java, needed, _archive(java, needed))


def _archive(java: Java, needed: tuple[Path, ...]) -> Path | None:
    target = archive.path(java, needed)
    if target.exists():
        return target
    with lock.held(cache.subfolder("archive") / ".lock"):
        if target.exists():  # made by another process while this one waited
            return target
        _say("Making the class-data archive (once; half a minute, 200 MB) ...")
        started = time.monotonic()
        try:
            archive.build(java, needed)
        except archive.ArchiveError as error:
            _say(f"warning: no class-data archive, so Spark starts 2 s later: {error}")
            return None
        _say(f"Made in {time.monotonic() - started:.0f} s.")
    return target


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """`python -m millpond.runtime.prepare`: prepare, and say what was found."""
    try:
        ready = prepare()
    except MillpondError as error:
        _say(f"error: {error}\nhint: {error.hint}")
        return int(error.code.exit)
    _say(f"Java {ready.java.version} ({ready.java.origin}: {ready.java.home})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
