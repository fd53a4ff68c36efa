"""What a Java says about itself: its version and its modules."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

VECTOR_MODULE = "jdk.incubator.vector"
"""A module that pyspark's launcher always asks for; a Java without it does not start Spark."""


def read_release(home: Path) -> dict[str, str]:
    """The `release` file of a Java home as a mapping; empty if there is none."""
    try:
        text = (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key: value.strip().strip('"') for key, _, value in pairs}


def version_text(home: Path) -> str:
    """The version of the Java at a home, such as "17.0.15"; empty if it cannot be told."""
    if version := read_release(home).get("JAVA_VERSION"):
        return version
    # The file may be missing (some Linux packages); asking the command itself costs 0.1 s.
    found = re.search(r'version "([^"]+)"', run(home / "bin" / "java", "-version"))
    return found.group(1) if found else ""


def feature_version(text: str) -> int:
    """17 of "17.0.15", 8 of "1.8.0_392", 0 of text that is no version."""
    found = re.match(r"(?:1\.)?(\d+)", text)
    return int(found.group(1)) if found else 0


def home_of(command: Path) -> Path | None:
    """The home of a `java` command, which may be a link or a version manager's script."""
    home = command.resolve().parent.parent
    if (home / "release").exists():
        return home
    told = run(command, "-XshowSettings:properties", "-version")
    found = re.search(r"^\s*java\.home = (.+)$", told, re.MULTILINE)
    return Path(found.group(1).strip()) if found else None


def run(command: Path, *arguments: str) -> str:
    """What a java command prints about itself; empty if it does not run."""
    try:
        done = subprocess.run(
            [str(command), *arguments], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stderr + done.stdout
