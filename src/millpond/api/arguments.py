"""Checks of the arguments that users pass to the API, each error at the user's call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from millpond import codes
from millpond.definitions import Name, parse_name
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.location import Span

_SIZED = (str, tuple, list, dict)


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


def name_of(function: str, name: object, at: Span, *, argument: str = "name") -> Name:
    """A dataset or flow name as its parts."""
    if not isinstance(name, str):
        raise wrong_argument(function, argument, "a string", name)
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


_OF_DATABRICKS = frozenset(
    {"once", "replace_using", "replace_where", "row_filter", "sequence_by", "system_sequence_by"}
)
"""Parameters of the reference (1.3, 1.4) that do not work here yet."""


def refuse_unsupported(
    function: str, given: Mapping[str, object], known: Iterable[str] = ()
) -> None:
    """Raise for a parameter that is set, and is unknown or does not work here yet.

    Real code passes every optional parameter as None, so one that is not set is no error.

    Args:
        given: the parameters without a meaning here.
        known: the names of those that have one, for "did you mean".
    """
    for parameter, value in given.items():
        if value is None or value is False or (isinstance(value, _SIZED) and not value):
            continue
        if parameter in _OF_DATABRICKS:
            feature = f"{function}({parameter}=…)"
            raise MillpondError(codes.NOT_SUPPORTED_YET, at=caller_span(), feature=feature)
        close = get_close_matches(parameter, known, 1, 0.6)
        raise MillpondError(
            codes.UNKNOWN_ARGUMENT,
            at=caller_span(),
            hint=f"Did you mean {close[0]}?" if close else None,
            function=function,
            argument=parameter,
        )


def refuse_two_layouts(partition_cols: object, cluster_by: object) -> None:
    """Raise if a table is to be both partitioned and clustered (reference 1.3)."""
    if partition_cols and cluster_by:
        code = codes.SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED
        raise MillpondError(code, at=caller_span())
