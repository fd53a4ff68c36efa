"""Stop an update when the user asks for it: after the batches that are running, not inside one."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from millpond.codes import ExitStatus

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHOW_CURSOR = "\x1b[?25h"


class Cancelled(BaseException):
    """Ends the phases of an update that was asked to stop."""


@contextmanager
def stop_on_signals(asked: threading.Event | None = None) -> Iterator[threading.Event]:
    """An event that Ctrl-C or SIGTERM sets; a second one ends the process at once.

    Signals reach the main thread only; in another one the event is never set by them.

    Args:
        asked: the event to use, which others may set too.
    """
    stop = threading.Event() if asked is None else asked

    def request(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            _end_now()
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, request) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_now() -> None:
    """Leave as a crash would: the next update recovers. Spark's process follows this one."""
    if sys.stderr.isatty():
        os.write(2, _SHOW_CURSOR.encode())
    os._exit(ExitStatus.INTERRUPTED)
