"""Expectation decorators: `expect`, `expect_or_drop`, `expect_or_fail` and the `_all` forms."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from millpond import codes
from millpond.api import arguments
from millpond.api.placeholder import Placeholder, on_a_flow
from millpond.definitions import Action, Expectation
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.conditions import refused_part
from millpond.sql.mapped import span
from millpond.sql.tokens import tokenize

_PENDING = "__millpond_expectations__"


def pending_expectations(function: Callable[[], Any]) -> tuple[Expectation, ...]:
    """The expectations put on a function by decorators below its dataset decorator."""
    found: tuple[Expectation, ...] = getattr(function, _PENDING, ())
    return found


def refuse_expectations(function: Callable[[], Any], target: str) -> None:
    """Raise if a flow's function has expectations."""
    for expectation in pending_expectations(function):
        raise on_a_flow(expectation, target)


def _single(feature: str, action: Action) -> Callable[..., Any]:
    def decorator_of(*positional: Any, **named: Any) -> Any:
        at = caller_span()
        name = _argument(feature, positional, named, 0, "description", "name")
        condition = _argument(feature, positional, named, 1, "constraint", "inv")
        arguments.refuse_unknown(feature, named, ("description", "constraint"))
        return _attaching((_expectation(feature, name, condition, action, at),))

    decorator_of.__name__ = feature
    decorator_of.__doc__ = f"Add one expectation, action `{action.value}` (reference 1.8)."
    return decorator_of


def _group(feature: str, action: Action) -> Callable[..., Any]:
    def decorator_of(*positional: Any, **named: Any) -> Any:
        at = caller_span()
        rules = _argument(feature, positional, named, 0, "expectations", "constraints")
        arguments.refuse_unknown(feature, named, ("expectations",))
        return _attaching(expectation_group(feature, rules, action, at))

    decorator_of.__name__ = feature
    decorator_of.__doc__ = f"Add one expectation an entry, action `{action.value}`."
    return decorator_of


def expectation_group(
    feature: str, rules: object, action: Action, at: Span
) -> tuple[Expectation, ...]:
    """The expectations of a dictionary from name to condition; None means none."""
    if rules is None:
        return ()
    if not isinstance(rules, Mapping):
        raise arguments.wrong_argument(feature, "expectations", "a dictionary", rules)
    return tuple(_expectation(feature, name, rule, action, at) for name, rule in rules.items())


def _argument(
    feature: str, positional: tuple[Any, ...], named: dict[str, Any], index: int, *names: str
) -> Any:
    """One argument, by position or under either of its two documented names."""
    if len(positional) > index:
        return positional[index]
    for name in names:
        if name in named:
            return named.pop(name)
    raise arguments.wrong_argument(feature, names[0], "a value", None)


def _expectation(
    feature: str, name: object, condition: object, action: Action, at: Span
) -> Expectation:
    if not isinstance(name, str) or not name:
        raise arguments.wrong_argument(feature, "name", "a non-empty string", name)
    if isinstance(condition, bool) or not (
        isinstance(condition, str) or type(condition).__name__ == "Column"
    ):
        expected = "a SQL expression as a string, or a Column"
        raise arguments.wrong_argument(feature, f"condition of {name!r}", expected, condition)
    if isinstance(condition, str):
        _refuse_unfit(condition, at)
    return Expectation(name, condition, action, at)


def _refuse_unfit(condition: str, at: Span) -> None:
    """Raise for what no expectation may have, as in SQL: it is always behind a bracket."""
    if "(" not in condition:
        return
    start = at.start_of(condition)
    refused = refused_part(tokenize(condition, start or at))
    if refused is None:
        return
    token, what = refused
    place = at.narrowed(token.text)
    if start is not None:
        place = span(start, condition, token.start, token.end)
    raise MillpondError(codes.EXPECTATION_NOT_SUPPORTED, at=place, what=what)


def _attaching(expectations: tuple[Expectation, ...]) -> Callable[[Any], Any]:
    def attach(function: Any) -> Any:
        if isinstance(function, Placeholder):
            function.expect(expectations)
            return function
        if not callable(function):
            raise MillpondError(
                codes.INVALID_ARGUMENT,
                at=caller_span(),
                function="expect",
                argument="the decorated object",
                expected="a function",
                value=function,
            )

        # The user's function stays as it is: a loop may give it to several datasets.
        @functools.wraps(function)
        def carrier(*args: Any, **named: Any) -> Any:
            return function(*args, **named)

        # Decorators apply from the bottom up; the order shown is the order written.
        carrier.__dict__[_PENDING] = (*expectations, *pending_expectations(function))
        return carrier

    return attach


expect = _single("expect", Action.WARN)
expect_or_drop = _single("expect_or_drop", Action.DROP)
expect_or_fail = _single("expect_or_fail", Action.FAIL)
expect_all = _group("expect_all", Action.WARN)
expect_all_or_drop = _group("expect_all_or_drop", Action.DROP)
expect_all_or_fail = _group("expect_all_or_fail", Action.FAIL)
