"""Checks of the arguments that users pass."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from millpond import codes
from millpond.api import arguments
from millpond.errors import MillpondError
from millpond.location import Span

AT = Span(Path("a.py"), 1)


def test_the_error_names_what_was_wrong_at_the_users_call(refused) -> None:
    def call() -> None:
        raise arguments.wrong_argument("table", "name", "a string", 3)

    error = refused(codes.INVALID_ARGUMENT, call)
    assert error.params == {
        "function": "table",
        "argument": "name",
        "expected": "a string",
        "value": 3,
    }
    assert error.at.file == Path(__file__)


@pytest.mark.parametrize(
    ("given", "strings"),
    [(None, ()), ("a", ("a",)), (["a", "b"], ("a", "b")), (("a",), ("a",)), ([], ())],
)
def test_lists_of_strings(given, strings) -> None:
    assert arguments.strings("table", "cluster_by", given) == strings


@pytest.mark.parametrize("given", [3, ["a", 3], {"a": "b"}, {"a"}])
def test_what_is_no_list_of_strings(given) -> None:
    with pytest.raises(MillpondError) as raised:
        arguments.strings("table", "cluster_by", given)
    assert raised.value.params["argument"] == "cluster_by"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (None, {}),
        ({}, {}),
        ({"a": "b"}, {"a": "b"}),
        ({"a": True, "b": 1.5}, {"a": "true", "b": "1.5"}),
    ],
)
def test_maps_of_strings(given, text) -> None:
    assert arguments.string_map("table", "table_properties", given) == text


@pytest.mark.parametrize("given", ["a=b", [("a", "b")], {1: "a"}])
def test_what_is_no_map_of_strings(given) -> None:
    with pytest.raises(MillpondError) as raised:
        arguments.string_map("table", "table_properties", given)
    assert raised.value.params["argument"] == "table_properties"


@pytest.mark.parametrize("value", [None, False, "", (), [], {}])
def test_a_parameter_that_is_not_set_is_no_error(value) -> None:
    arguments.refuse_unknown("table", {"whatever": value})


@pytest.mark.parametrize("value", [0, True, "x", ["x"]])
def test_an_unknown_parameter_that_is_set(value) -> None:
    with pytest.raises(MillpondError) as raised:
        arguments.refuse_unknown("table", {"zzz": value}, ["name"])
    assert raised.value.code is codes.UNKNOWN_ARGUMENT
    assert raised.value.hint == codes.UNKNOWN_ARGUMENT.hint.format(function="table")


def test_a_misspelt_parameter_is_told_the_right_one(refused) -> None:
    error = refused(
        codes.UNKNOWN_ARGUMENT,
        lambda: arguments.refuse_unknown("table", {"coment": "x"}, ["name", "comment"]),
    )
    assert "comment" in error.hint


def test_positional_arguments_have_the_names_in_order() -> None:
    assert arguments.bound("append_flow", ("name", "target"), ("f",), {"target": "t"}) == {
        "name": "f",
        "target": "t",
    }


@pytest.mark.parametrize(("positional", "named"), [(("a", "b", "c"), {}), (("a",), {"name": "b"})])
def test_arguments_that_are_too_many_or_given_twice(refused, positional, named) -> None:
    refused(
        codes.INVALID_ARGUMENT,
        lambda: arguments.bound("append_flow", ("name", "target"), positional, named),
    )


@pytest.mark.parametrize("function", [lambda: None, functools.partial(print)])
def test_a_function_without_a_name_needs_one(refused, function) -> None:
    refused(codes.INVALID_ARGUMENT, lambda: arguments.function_name("table", None, function, AT))
    assert arguments.function_name("table", "a.b", function, AT) == ("a", "b")
