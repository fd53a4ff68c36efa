"""Leaves of nested rows."""

from __future__ import annotations

from typing import Any

from millpond.testing.cdc_leaves import leaves_of, put_at, shape_of, value_at, without_hollow

NESTED = {"address": {"city": "x", "zip": {"code": None}}}


def test_a_null_struct_has_the_leaves_that_other_rows_show() -> None:
    shape = shape_of([{"address": None}, NESTED])
    assert list(leaves_of(shape["address"], ("address",))) == [
        ("address", "city"),
        ("address", "zip", "code"),
    ]


def test_a_leaf_below_null_is_null() -> None:
    assert value_at({"address": None}, ("address", "zip", "code")) is None
    assert value_at(NESTED, ("address", "city")) == "x"


def test_setting_a_leaf_makes_the_structs_above_it() -> None:
    row: dict[str, Any] = {}
    put_at(row, ("address", "zip", "code"), 7)
    assert row == {"address": {"zip": {"code": 7}}}


def test_a_struct_of_nulls_only_is_null() -> None:
    assert without_hollow({"city": None, "zip": {"code": None}}) is None
    assert without_hollow(NESTED["address"]) == {"city": "x", "zip": None}
