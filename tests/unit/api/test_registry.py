"""Where definitions go while source is loaded."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from millpond import codes
from millpond.api.registry import Registry, active_registry, collecting
from millpond.definitions import Action, Dataset, DatasetKind, Expectation
from millpond.errors import MillpondError
from millpond.location import Span

AT = Span(Path("a.py"), 1)


def a_dataset(name: str) -> Dataset:
    return Dataset((name,), DatasetKind.TABLE, AT, "PYTHON")


def test_an_empty_registry() -> None:
    assert Registry().definitions().datasets == ()


def test_definitions_keep_their_order_and_duplicates() -> None:
    """Duplicates are found when the whole graph is known."""
    registry = Registry()
    for name in ["b", "a", "b"]:
        registry.add_dataset(a_dataset(name))
    assert [each.name for each in registry.definitions().datasets] == [("b",), ("a",), ("b",)]


def test_later_expectations_come_first_and_reach_only_their_dataset() -> None:
    registry = Registry()
    first, second = a_dataset("a"), a_dataset("a")
    registry.add_dataset(first)
    registry.add_dataset(second)
    grown = registry.add_expectations(second, (Expectation("x", "1 = 1", Action.WARN, AT),))
    registry.add_expectations(grown, (Expectation("y", "1 = 1", Action.WARN, AT),))
    found = [
        [each.name for each in dataset.expectations] for dataset in registry.definitions().datasets
    ]
    assert found == [[], ["y", "x"]]


def test_no_registry_is_active_by_itself() -> None:
    with pytest.raises(MillpondError) as raised:
        active_registry("table")
    assert raised.value.code is codes.OUTSIDE_PIPELINE_SOURCE
    assert raised.value.params == {"feature": "table"}


def test_the_innermost_registry_is_active() -> None:
    with collecting(Registry()) as outer:
        with collecting(Registry()) as inner:
            assert active_registry("table") is inner
        assert active_registry("table") is outer
    with pytest.raises(MillpondError):
        active_registry("table")


def test_another_thread_has_a_registry_of_its_own() -> None:
    found: list[object] = []

    def look() -> None:
        try:
            found.append(active_registry("table"))
        except MillpondError as error:
            found.append(error.code)

    with collecting(Registry()):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert found == [codes.OUTSIDE_PIPELINE_SOURCE]
