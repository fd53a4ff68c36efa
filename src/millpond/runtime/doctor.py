"""What `millpond doctor` looks at: everything a run needs from the machine, without a JVM."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from millpond.errors import MillpondError
from millpond.runtime import archive, cache
from millpond.runtime.jars import NEEDED, is_genuine, path_of
from millpond.runtime.java import Java, find_java
from millpond.runtime.release import version_text
from millpond.runtime.settings import spark_home

_GIB = 1 << 30
_DISK_NEEDED = 2 * _GIB  # the archive, the jars, and a pipeline's tables
_MEMORY_NEEDED = 4 * _GIB  # a JVM of up to 4 GB that rarely fills, and Python


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what it is, in a word or two.
        ok: whether a run can do with what is there.
        detail: what is there.
        hint: what to do; empty if there is nothing to do.
    """

    name: str
    ok: bool
    detail: str
    hint: str


def checks(project: Path | None = None) -> list[Check]:
    """Look at everything, and say what is there and what is missing.

    Args:
        project: the folder whose state would be written; the current one if None.
    """
    java, java_check = _java()
    return [
        _python(),
        *_packages(),
        _spark_home(),
        java_check,
        _jars(),
        _archive(java),
        _cache(),
        _disk(),
        _memory(),
        _state(Path.cwd() if project is None else project),
    ]


def _python() -> Check:
    shown = ".".join(map(str, sys.version_info[:3]))
    hint = "" if sys.version_info >= (3, 10) else "Use Python 3.10 or newer."
    return Check("Python", not hint, f"{shown} ({sys.executable})", hint)


def _packages() -> Iterator[Check]:
    for text in requires("millpond") or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield _package(requirement)


def _package(requirement: Requirement) -> Check:
    wanted = str(requirement.specifier)
    hint = f'Install it: {sys.executable} -m pip install "{requirement.name}{wanted}"'
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return Check(requirement.name, False, f"not installed (wanted {wanted})", hint)
    if requirement.specifier.contains(found, prereleases=True):
        return Check(requirement.name, True, found, "")
    return Check(requirement.name, False, f"{found} (wanted {wanted})", hint)


def _spark_home() -> Check:
    """A Spark from elsewhere is not used, but its settings folder would be."""
    foreign = [name for name in ("SPARK_HOME", "SPARK_CONF_DIR") if os.environ.get(name)]
    try:
        own = spark_home()
    except MillpondError as error:
        return Check("Spark", False, error.message, error.hint)
    foreign = [name for name in foreign if Path(os.environ[name]) != own]
    if not foreign:
        return Check("Spark", True, str(own), "")
    detail = f"{own}; {' and '.join(foreign)} set to another"
    return Check("Spark", False, detail, f"Unset it for Millpond: env -u {' -u '.join(foreign)}")


def _java() -> tuple[Java | None, Check]:
    try:
        java = find_java()
    except MillpondError as error:
        return None, Check("Java", False, error.message, error.hint)
    detail = f"{version_text(java.home)} ({java.origin}: {java.home})"
    return java, Check("Java", True, detail, "")


def _jars() -> Check:
    absent = [jar.coordinate for jar in NEEDED if not path_of(jar).exists()]
    if absent:
        # Not a fault: the first run fetches them. Only a machine without network needs to know.
        detail = f"not fetched yet: {', '.join(absent)}"
        return Check("Jars", True, detail, "The first run fetches them (10 MB).")
    changed = [jar.coordinate for jar in NEEDED if not is_genuine(path_of(jar), jar)]
    folder = path_of(NEEDED[0]).parent
    if changed:
        hint = f"Remove {folder}; the next run fetches them again."
        return Check("Jars", False, f"not as published: {', '.join(changed)}", hint)
    return Check("Jars", True, f"{len(NEEDED)} in {folder}", "")


def _archive(java: Java | None) -> Check:
    """Never a fault: Spark starts without it, only later."""
    hint = f"Spark starts 2 s faster with it: {sys.executable} -m millpond.runtime.prepare"
    files = [path_of(jar) for jar in NEEDED]
    if java is None or not all(file.exists() for file in files):
        return Check("Class-data archive", True, "not made yet", hint)
    try:
        target = archive.path(java, files)
    except MillpondError:  # no pyspark: said above
        return Check("Class-data archive", True, "not made yet", hint)
    if not target.exists():
        return Check("Class-data archive", True, "not made yet", hint)
    size = target.stat().st_size >> 20
    return Check("Class-data archive", True, f"{size} MB in {target.parent}", "")


def _cache() -> Check:
    try:
        with tempfile.TemporaryFile(dir=cache.subfolder()):
            return Check("Cache", True, str(cache.folder()), "")
    except MillpondError as error:
        return Check("Cache", False, error.message, error.hint)
    except OSError as error:
        hint = "Make it writable, or name another folder in MILLPOND_CACHE."
        return Check("Cache", False, f"{cache.folder()}: {error.strerror}", hint)


def _disk() -> Check:
    place = cache.folder()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    hint = "" if free >= _DISK_NEEDED else "Free 2 GB, or name another disk in MILLPOND_CACHE."
    return Check("Disk", not hint, f"{free / _GIB:.1f} GB free at {place}", hint)


def _memory() -> Check:
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    hint = "" if total >= _MEMORY_NEEDED else "Spark needs about 4 GB; close other programs."
    return Check("Memory", not hint, f"{total / _GIB:.1f} GB", hint)


def _state(project: Path) -> Check:
    """Tables and checkpoints in `.millpond` must not end up in a commit."""
    try:
        done = subprocess.run(
            ["git", "check-ignore", "--quiet", ".millpond/state"],
            cwd=project,
            capture_output=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return Check("State folder", True, "no git here", "")
    # 0: ignored, 1: not ignored, 128: no repository.
    if done.returncode == 1:
        hint = "Add the line .millpond/ to .gitignore."
        return Check("State folder", False, ".millpond is not ignored by git", hint)
    detail = "ignored by git" if done.returncode == 0 else "not in a git repository"
    return Check("State folder", True, f".millpond is {detail}", "")
