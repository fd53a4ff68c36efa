"""Checks of the arguments that users pass to the API, each error at the user's call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from millpond import codes
from millpond.definitions import Name, parse_name
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.location import Span


def wrong_argument(function: str, argument: str, expected: str, value: object) -> MillpondError:
    """The error for an argument of a wrong type or value, at the user's call."""
    return MillpondError(
        codes.INVALID_ARGUMENT,
        at=caller_span(),
        function=function,
        argument=argument,
        expected=expected,
        value=value,
    )


def name_of(function: str, name: object, at: Span) -> Name:
    """A dataset or flow name as its parts."""
    if not isinstance(name, str):
        raise wrong_argument(function, "name", "a string", name)
    return parse_name(name, at=at)


def strings(function: str, argument: str, value: object) -> tuple[str, ...]:
    """A list of strings, or nothing; a single string is taken as a list of one."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise wrong_argument(function, argument, "a list of strings", value)


def string_map(function: str, argument: str, value: object) -> dict[str, str]:
    """A dictionary of strings, or nothing; booleans and numbers become text, as Spark does."""
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise wrong_argument(function, argument, "a dictionary of strings", value)
    return {key: _text(item) for key, item in value.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def refuse_unsupported(function: str, given: Mapping[str, object]) -> None:
    """Raise for a parameter that Databricks has, that is set, and that does not work here yet."""
    for parameter, value in given.items():
        if value not in (None, False, "", (), [], {}):
            raise MillpondError(
                codes.NOT_SUPPORTED_YET, at=caller_span(), feature=f"{function}({parameter}=…)"
            )
