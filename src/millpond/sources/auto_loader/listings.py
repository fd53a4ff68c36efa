"""Tell whoever asked for it that files are being listed, and how many were found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Listing:
    """One listing of the files of a stream's source.

    Attributes:
        path: as the user wrote it.
        files: how many there are; None until it has ended.
        milliseconds: how long it took; None until it has ended.
    """

    path: str
    files: int | None = None
    milliseconds: int | None = None


_listener: ContextVar[Callable[[Listing], None] | None] = ContextVar(
    "millpond_listings", default=None
)


@contextmanager
def telling_of_listings(tell: Callable[[Listing], None]) -> Iterator[None]:
    """Have each listing on this thread told when it starts and when it has ended."""
    token = _listener.set(tell)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def told(path: str) -> Iterator[Listing]:
    """A listing; `files` is to be set in it. One that fails is told by its error alone."""
    listing, tell = Listing(path), _listener.get()
    started = time.monotonic()
    if tell is not None:
        tell(listing)
    yield listing
    listing.milliseconds = round((time.monotonic() - started) * 1000)
    if tell is not None:
        tell(listing)
