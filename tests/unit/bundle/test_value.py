from pathlib import Path

import pytest

from millpond.bundle.value import Value, from_plain
from millpond.location import Span

HERE = Span(Path("a.yml"), 1)


def test_size_and_depth_count_what_walking_would_cost() -> None:
    shared = from_plain([1, 2], HERE)
    twice = Value((shared, shared), HERE)
    assert (shared.size, shared.depth) == (3, 2)
    assert (twice.size, twice.depth) == (7, 3)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (None, "null"),
        ("x", "text"),
        (True, "a boolean"),
        (1, "a whole number"),
        (1.5, "a number"),
        ([], "a list"),
        ({}, "a mapping"),
    ],
)
def test_kinds_are_named_in_words(data: object, kind: str) -> None:
    assert from_plain(data, HERE).kind == kind


def test_plain_data_goes_in_and_comes_out() -> None:
    data = {"a": [1, {"b": None}], "c": "x"}
    assert from_plain(data, HERE).plain() == data
    assert from_plain(data, HERE).get("a", "b") is None


def test_other_data_is_no_configuration() -> None:
    with pytest.raises(TypeError):
        from_plain(object(), HERE)
