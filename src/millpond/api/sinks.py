"""`create_sink` and `foreach_batch_sink`: places outside the pipeline (reference 1.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from millpond import codes
from millpond.api import arguments
from millpond.api.registry import active_registry
from millpond.definitions import FOREACH_BATCH, Sink, parse_name
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError

_PARAMETERS = ("name", "format", "options")


def create_sink(*positional: Any, **named: Any) -> None:
    """Define a sink of a format: `delta`, `kafka`, or a Python data source that is registered.

    Raises:
        MillpondError: INVALID_ARGUMENT; SINK_INVALID for options that do not name one place.
    """
    feature = "create_sink"
    at = caller_span()
    given = arguments.bound(feature, _PARAMETERS, positional, named)
    name = arguments.name_of(feature, given.get("name"), at)
    form = arguments.required(feature, given, "format")
    arguments.text(feature, given, "format")
    options = arguments.string_map(feature, "options", given.get("options"))
    _check_options(".".join(name), form, {key.casefold(): value for key, value in options.items()})
    active_registry(feature).add_sink(Sink(name, form, at, options))


def foreach_batch_sink(*positional: Any, **named: Any) -> Any:
    """Define a sink that is a function: called with the frame and the id of every batch."""
    feature = "foreach_batch_sink"
    at = caller_span()
    bare = positional[0] if len(positional) == 1 and callable(positional[0]) else None
    given = arguments.bound(feature, ("name",), () if bare else positional, named)
    registry = active_registry(feature)

    def register(function: Callable[[Any, int], Any]) -> Callable[[Any, int], Any]:
        arguments.callable_of(feature, "the decorated object", function)
        name = arguments.function_name(feature, given.get("name"), function, at)
        registry.add_sink(Sink(name, FOREACH_BATCH, at, function=function))
        return function

    return register if bare is None else register(bare)


def _check_options(name: str, form: str, options: dict[str, str]) -> None:
    """What a format needs to know where to write."""
    at = caller_span()
    reason = None
    if form.casefold() == "delta":
        places = [key for key in ("path", "tablename") if options.get(key)]
        if len(places) != 1:
            reason = "of format delta needs one of the options path and tableName"
        elif "tablename" in places and len(parse_name(options["tablename"], at=at)) < 2:
            reason = f"names the table {options['tablename']!r}, which is not its full name"
    elif form.casefold() == "kafka" and not options.get("kafka.bootstrap.servers"):
        reason = "of format kafka needs the option kafka.bootstrap.servers"
    if reason is not None:
        raise MillpondError(codes.SINK_INVALID, at=at, sink=name, reason=reason)
