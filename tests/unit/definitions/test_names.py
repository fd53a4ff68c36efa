"""Names of one to three parts, as written and in full."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond import codes
from millpond.definitions import Name, QualifiedName, parse_name, qualify, quoted
from millpond.errors import MillpondError
from millpond.location import Span


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("orders", ("orders",)),
        ("stores.orders", ("stores", "orders")),
        ("main.stores.orders", ("main", "stores", "orders")),
        ("`main`.`stores`.orders", ("main", "stores", "orders")),
        ("`a.b`.c", ("a.b", "c")),
        ("`a``b`", ("a`b",)),
        ("`with space`", ("with space",)),
        ("été.naïve", ("été", "naïve")),
        ("2024_orders", ("2024_orders",)),
        ("LIVE.orders", ("LIVE", "orders")),
    ],
)
def test_parts(text: str, parts: Name) -> None:
    assert parse_name(text) == parts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a part is empty"),
        (".", "a part is empty"),
        ("a.", "a part is empty"),
        (".a", "a part is empty"),
        ("a..b", "a part is empty"),
        ("``", "a part is empty"),
        ("`a", "a part is empty"),
        (" a", "a part is empty"),
        ("a b", "unexpected ' ' after 'a'"),
        ("a`b`", "unexpected '`' after 'a'"),
        ("`a`b", "unexpected 'b' after 'a'"),
        ("a.b.c.d", "it has 4 parts"),
    ],
)
def test_what_is_no_name(text: str, reason: str) -> None:
    at = Span(Path("a.py"), 3)
    with pytest.raises(MillpondError) as raised:
        parse_name(text, what="flow", at=at)
    assert raised.value.code is codes.INVALID_NAME
    assert raised.value.params == {"name": text, "what": "flow", "reason": reason}
    assert raised.value.at == at


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_any_part_can_be_put_in_backticks(parts: list[str]) -> None:
    text = ".".join("`" + part.replace("`", "``") + "`" for part in parts)
    assert parse_name(text) == tuple(parts)


@pytest.mark.parametrize(
    ("name", "full"),
    [
        (("orders",), "main.sales.orders"),
        (("stores", "orders"), "main.stores.orders"),
        (("dev", "stores", "orders"), "dev.stores.orders"),
        (("LIVE", "orders"), "main.sales.orders"),
        (("live", "orders"), "main.sales.orders"),
        (("main", "live", "orders"), "main.live.orders"),
        (("live",), "main.sales.live"),
    ],
)
def test_names_in_full(name: Name, full: str) -> None:
    assert str(qualify(name, "main", "sales")) == full


def test_names_compare_without_regard_to_case() -> None:
    one, other = QualifiedName("Main", "Sales", "Orders"), QualifiedName("main", "SALES", "orders")
    assert one.key == other.key
    assert str(one) == "Main.Sales.Orders"


@given(st.text(min_size=1))
def test_a_part_in_backticks_is_read_back_as_it_was(part: str) -> None:
    assert parse_name(quoted(part)) == (part,)
