"""Where Millpond keeps what it fetched or made once for all projects of a user."""

from __future__ import annotations

import os
from pathlib import Path

from millpond.codes import CACHE_NOT_WRITABLE
from millpond.errors import MillpondError


def folder() -> Path:
    """The cache folder; it need not exist yet.

    `MILLPOND_CACHE` if set, else `millpond` in `XDG_CACHE_HOME`, else `~/.cache/millpond`.
    """
    if chosen := os.environ.get("MILLPOND_CACHE"):
        return Path(chosen).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    # The XDG rule: a relative path in the variable is to be ignored.
    root = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
    return root / "millpond"


def subfolder(*names: str) -> Path:
    """A folder in the cache, made if it is not there.

    Raises:
        MillpondError: CACHE_NOT_WRITABLE.
    """
    path = folder().joinpath(*names)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MillpondError(CACHE_NOT_WRITABLE, folder=path, reason=error.strerror) from error
    return path
