"""Call the event hooks of a pipeline: beside the update, one event at a time (reference 1.9)."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Sequence

from millpond import codes
from millpond.definitions import EventHook
from millpond.definitions.caller import described, raised_span
from millpond.errors import MillpondError
from millpond.events.event import Event
from millpond.events.recorder import Recorder
from millpond.events.table import event_row
from millpond.notices import warn

_GRACE = 10.0
"""Seconds that hooks get, once the update has ended, for what they have not seen yet."""
_OWN = "hook_progress"


class HookRunner:
    """Hands the stable events of one update to its hooks, in order, in a thread of its own.

    Events before `start` are kept for the hooks, since those are only known once source is read.
    """

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._failures: dict[str, int] = {}
        self._thread: threading.Thread | None = None

    def see(self, event: Event) -> None:
        """Take an event; never waits for a hook."""
        if event.maturity_level == "STABLE" and event.event_type != _OWN:
            self._events.put(event)

    def start(self, hooks: Sequence[EventHook], recorder: Recorder) -> None:
        """Begin to call the hooks; without any, nothing is started."""
        if hooks:
            context = contextvars.copy_context()
            arguments = (self._work, tuple(hooks), recorder)
            self._thread = threading.Thread(target=context.run, args=arguments, daemon=True)
            self._thread.start()

    def close(self, grace: float = _GRACE) -> None:
        """Wait for the hooks to see what is left, but not for longer than `grace` seconds."""
        if self._thread is not None:
            self._events.put(None)
            self._thread.join(grace)
            self._thread = None

    def _work(self, hooks: tuple[EventHook, ...], recorder: Recorder) -> None:
        while (event := self._events.get()) is not None:
            for hook in hooks:
                if not self._is_disabled(hook):
                    self._call(hook, event, recorder)

    def _is_disabled(self, hook: EventHook) -> bool:
        limit = hook.max_consecutive_failures
        return limit is not None and self._failures.get(hook.name, 0) > limit

    def _call(self, hook: EventHook, event: Event, recorder: Recorder) -> None:
        try:
            hook.function(event_row(event))
        except Exception as error:  # noqa: BLE001 - a hook never stops the update
            self._failed(hook, error, recorder)
        else:
            self._failures[hook.name] = 0

    def _failed(self, hook: EventHook, error: Exception, recorder: Recorder) -> None:
        failures = self._failures[hook.name] = self._failures.get(hook.name, 0) + 1
        at = raised_span(error) or hook.at
        reason = described(error)
        failure = MillpondError(codes.EVENT_HOOK_FAILED, at=at, hook=hook.name, error=reason)
        warn(failure)
        recorder.hook_progress(hook.name, "FAILED", failure)
        if self._is_disabled(hook):
            disabled = MillpondError(
                codes.EVENT_HOOK_DISABLED, at=hook.at, hook=hook.name, failures=failures
            )
            warn(disabled)
            recorder.hook_progress(hook.name, "DISABLED", disabled)
