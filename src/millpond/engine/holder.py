"""The lock of a state folder, and which process holds it.

The operating system frees the lock when the process ends, however it ends. A killed process
leaves its note behind, and with it the id of its Java process, which may still be at work.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from millpond import codes
from millpond.errors import MillpondError

_FILE = ".lock"
_PATIENCE = 60.0
"""Seconds to wait for the Java process of an update that was killed."""


@contextmanager
def held_state(folder: Path) -> Iterator[None]:
    """Hold the lock of a state folder.

    Raises:
        MillpondError: STATE_IN_USE if another process runs an update there.
    """
    with (folder / _FILE).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise _in_use(folder, _note(lock)) from error
        note = _note(lock)
        if not _ends(note.get("java"), _PATIENCE):
            raise _in_use(folder, {**note, "pid": note["java"]})
        _write(lock, {"pid": os.getpid(), "since": f"{datetime.now().astimezone():%H:%M:%S}"})
        try:
            yield
        finally:
            _write(lock, {})


def note_java(folder: Path, process: int | None) -> None:
    """Note which Java process works for the update that holds the lock."""
    with (folder / _FILE).open("r+", encoding="utf-8") as file:
        _write(file, {**_note(file), "java": process})


def _in_use(folder: Path, note: dict[str, Any]) -> MillpondError:
    since = f", since {note['since']}" if "since" in note else ""
    holder = f"process {note['pid']}{since}" if "pid" in note else "another process"
    return MillpondError(codes.STATE_IN_USE, state=folder, holder=holder)


def _note(file: TextIO) -> dict[str, Any]:
    file.seek(0)
    try:
        found = json.loads(file.read() or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _write(file: TextIO, note: dict[str, Any]) -> None:
    file.seek(0)
    file.truncate()
    file.write(json.dumps(note) if note else "")
    file.flush()


def _ends(process: object, patience: float) -> bool:
    """Whether the Java process of an update that was killed is gone, waiting for it if need be."""
    if not isinstance(process, int):
        return True
    deadline = time.monotonic() + patience
    while _is_spark(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def _is_spark(process: int) -> bool:
    """Whether a process is a Spark of another process than this one."""
    try:
        asked = ["ps", "-o", "ppid=,command=", "-p", str(process)]
        shown = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    except OSError:  # no `ps` here: a signal of number 0 only asks whether the process exists
        return _exists(process)
    return len(shown) > 1 and shown[0] != str(os.getpid()) and "org.apache.spark" in " ".join(shown)


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True
