"""Checks of the arguments that users pass to the API, each error at the user's call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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


def bound(
    function: str, known: Sequence[str], positional: Sequence[Any], named: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments of a call by name, positional ones in the order of `known`.

    Raises:
        MillpondError: UNKNOWN_ARGUMENT, INVALID_ARGUMENT for too many or one given twice.
    """
    if len(positional) > len(known):
        expected = f"at most {len(known)}"
        raise wrong_argument(function, "the number of arguments", expected, len(positional))
    given = dict(zip(known, positional, strict=False))
    for name in given.keys() & named.keys():
        raise wrong_argument(function, name, "given once", named[name])
    given.update(named)
    refuse_unknown(function, given, known)
    return given


def refuse_unknown(function: str, given: Mapping[str, object], known: Iterable[str] = ()) -> None:
    """Raise for a parameter that is set and not known, with the known one it looks like.

    Real code passes every optional parameter as None, so one that is not set is no error.
    """
    names = tuple(known)
    for parameter, value in given.items():
        if parameter in names or not is_set(value):
            continue
        close = get_close_matches(parameter, names, 1, 0.6)
        raise MillpondError(
            codes.UNKNOWN_ARGUMENT,
            at=caller_span().narrowed(parameter),
            hint=f"Did you mean {close[0]}?" if close else None,
            function=function,
            argument=parameter,
        )


def is_set(value: object) -> bool:
    """Whether an optional argument says anything: None, False and what is empty do not."""
    return not (value is None or value is False or (isinstance(value, _SIZED) and not value))


def required(function: str, given: Mapping[str, Any], argument: str) -> Any:
    """An argument that has to be given.

    Raises:
        MillpondError: INVALID_ARGUMENT.
    """
    value = given.get(argument)
    if value is None:
        raise wrong_argument(function, argument, "given", value)
    return value


def refuse_together(function: str, given: Mapping[str, Any], *arguments: str) -> None:
    """Raise if more than one of the arguments is set."""
    found = [argument for argument in arguments if is_set(given.get(argument))]
    if len(found) > 1:
        first, second = found[:2]
        raise MillpondError(
            codes.CANNOT_SET_TOGETHER,
            at=caller_span().narrowed(second),
            function=function,
            first=first,
            second=second,
        )


def text(function: str, given: Mapping[str, Any], argument: str) -> str | None:
    """A string, or None if the argument is not given."""
    value = given.get(argument)
    if value is not None and not isinstance(value, str):
        raise wrong_argument(function, argument, "a string", value)
    return value


def flag(function: str, given: Mapping[str, Any], argument: str) -> bool:
    """A boolean; None is False."""
    value = given.get(argument)
    if value is not None and not isinstance(value, bool):
        raise wrong_argument(function, argument, "True or False", value)
    return bool(value)


def function_name(function: str, given: object, decorated: Any, at: Span) -> Name:
    """The name given, or that of the decorated function; a lambda or partial has none."""
    name = given if given is not None else getattr(decorated, "__name__", None)
    if name is None or name == "<lambda>":
        raise wrong_argument(function, "name", "given: this function has no name of its own", None)
    return name_of(function, name, at)


def callable_of(function: str, argument: str, value: Any) -> Callable[..., Any]:
    """A function.

    Raises:
        MillpondError: INVALID_ARGUMENT.
    """
    if not callable(value):
        raise wrong_argument(function, argument, "a function", value)
    return value  # type: ignore[no-any-return]


def refuse_two_layouts(partition_cols: object, cluster_by: object) -> None:
    """Raise if a table is to be both partitioned and clustered (reference 1.3)."""
    if partition_cols and cluster_by:
        code = codes.SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED
        raise MillpondError(code, at=caller_span())
