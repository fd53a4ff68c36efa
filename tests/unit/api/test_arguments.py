"""Checks of the arguments that users pass."""

from __future__ import annotations

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
    arguments.refuse_unsupported("table", {"row_filter": value, "whatever": value})


@pytest.mark.parametrize("value", [0, True, "x", ["x"]])
def test_a_parameter_that_is_set(value) -> None:
    with pytest.raises(MillpondError) as raised:
        arguments.refuse_unsupported("table", {"row_filter": value})
    assert raised.value.code is codes.NOT_SUPPORTED_YET


def test_an_unknown_parameter() -> None:
    with pytest.raises(MillpondError) as raised:
        arguments.refuse_unsupported("table", {"zzz": 1}, ["name"])
    assert raised.value.code is codes.UNKNOWN_ARGUMENT
    assert raised.value.hint == codes.UNKNOWN_ARGUMENT.hint.format(function="table")
