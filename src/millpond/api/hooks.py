"""`on_event_hook`: functions that are called with the events of an update (reference 1.9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from millpond.api import arguments
from millpond.api.registry import active_registry
from millpond.definitions import EventHook
from millpond.definitions.caller import caller_span

_LIMIT = "max_allowable_consecutive_failures"


def on_event_hook(function: Callable[..., Any] | None = None, /, **given: Any) -> Any:
    """Define an event hook, with or without brackets; it takes one event as a dictionary."""
    feature = "on_event_hook"
    at = caller_span()
    arguments.refuse_unknown(feature, given, (_LIMIT,))
    limit = given.get(_LIMIT)
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
        raise arguments.wrong_argument(feature, _LIMIT, "None or an integer of 0 or more", limit)
    registry = active_registry(feature)

    def register(hook: Callable[..., Any]) -> Callable[..., Any]:
        arguments.callable_of(feature, "the decorated object", hook)
        name = getattr(hook, "__name__", type(hook).__name__)
        registry.add_hook(EventHook(name, hook, at, limit))
        return hook

    return register if function is None else register(function)
