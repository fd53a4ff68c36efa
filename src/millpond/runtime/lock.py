"""A lock between processes, so that two first starts do not fetch or build the same thing."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from millpond.codes import CACHE_NOT_WRITABLE
from millpond.errors import MillpondError


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold the lock of a file in an existing folder, waiting for whoever has it.

    The operating system frees the lock when the process ends, however it ends; the file itself
    stays, because removing it would let two processes lock two files of one name.

    Raises:
        MillpondError: CACHE_NOT_WRITABLE.
    """
    try:
        handle = file.open("a")
    except OSError as error:
        raise MillpondError(
            CACHE_NOT_WRITABLE, folder=file.parent, reason=error.strerror
        ) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
