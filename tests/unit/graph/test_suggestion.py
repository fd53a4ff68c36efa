"""The "did you mean" part of a message."""

from __future__ import annotations

import pytest

from millpond.graph.suggestion import suggestion

KNOWN = ("main.sales.orders", "main.sales.customers")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("main.sales.order", "main.sales.orders"),
        ("main.SALES.ORDERS", "main.sales.orders"),
        ("main.sale.custmers", "main.sales.customers"),
    ],
)
def test_the_closest_known_name(given: str, expected: str) -> None:
    assert suggestion(given, KNOWN) == f"; did you mean {expected!r}?"


def test_a_bare_known_name_is_found_for_a_name_in_full() -> None:
    assert suggestion("main.other_schema_altogether.orders", ["orders"]).endswith("'orders'?")


def test_the_known_name_is_shown_as_it_was_written() -> None:
    assert suggestion("ORDER", ["Orders"]) == "; did you mean 'Orders'?"


@pytest.mark.parametrize("known", [(), ("main.gold.weather",)])
def test_nothing_where_nothing_is_close(known: tuple[str, ...]) -> None:
    assert suggestion("zzz", known) == ""
