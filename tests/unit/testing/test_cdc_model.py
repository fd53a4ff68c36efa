"""The model of AUTO CDC against every documented example, in every order (reference 4.7)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from millpond.definitions import StoredAs
from millpond.testing.cdc_model import CdcRules, Columns, target_rows

USERS = CdcRules(
    keys=("userId",),
    sequence_by="sequenceNum",
    deletes=lambda event: event["operation"] == "DELETE",
    truncates=lambda event: event["operation"] == "TRUNCATE",
    columns=Columns(("operation", "sequenceNum")),
)
HISTORY = replace(USERS, stored_as=StoredAs.SCD_TYPE_2, truncates=None)
EVENTS = [
    (124, "Raul", "Oaxaca", "INSERT", 1),
    (123, "Isabel", "Monterrey", "INSERT", 1),
    (125, "Mercedes", "Tijuana", "INSERT", 2),
    (126, "Lily", "Cancun", "INSERT", 2),
    (123, None, None, "DELETE", 6),
    (125, "Mercedes", "Guadalajara", "UPDATE", 6),
    (125, "Mercedes", "Mexicali", "UPDATE", 5),
    (123, "Isabel", "Chihuahua", "UPDATE", 5),
]
TRUNCATE = (None, None, None, "TRUNCATE", 3)


def users(rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Events of the documented feed."""
    names = ("userId", "name", "city", "operation", "sequenceNum")
    return [dict(zip(names, row, strict=True)) for row in rows]


def changes(*rows: tuple[Any, ...], names: str = "id name seq op") -> list[dict[str, Any]]:
    """Events of a feed with other columns."""
    return [dict(zip(names.split(), row, strict=True)) for row in rows]


def values(rows: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Rows without their column names."""
    return [tuple(row.values()) for row in rows]


PLAIN = CdcRules(
    keys=("id",),
    sequence_by="seq",
    deletes=lambda event: event["op"] == "D",
    columns=Columns(("seq", "op")),
)
PLAIN_HISTORY = replace(PLAIN, stored_as=StoredAs.SCD_TYPE_2)
CURRENT = [
    (124, "Raul", "Oaxaca"),
    (125, "Mercedes", "Guadalajara"),
    (126, "Lily", "Cancun"),
]
ALL_HISTORY = [
    (123, "Isabel", "Monterrey", 1, 5),
    (123, "Isabel", "Chihuahua", 5, 6),
    (124, "Raul", "Oaxaca", 1, None),
    (125, "Mercedes", "Tijuana", 2, 5),
    (125, "Mercedes", "Mexicali", 5, 6),
    (125, "Mercedes", "Guadalajara", 6, None),
    (126, "Lily", "Cancun", 2, None),
]
HISTORY_BUT_CITY = [
    (123, "Isabel", "Chihuahua", 1, 6),
    (124, "Raul", "Oaxaca", 1, None),
    (125, "Mercedes", "Guadalajara", 2, None),
    (126, "Lily", "Cancun", 2, None),
]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (USERS, CURRENT),
        (HISTORY, ALL_HISTORY),
        (replace(HISTORY, track_history=Columns(("city",))), HISTORY_BUT_CITY),
    ],
    ids=["SCD 1", "SCD 2", "SCD 2 tracking all but the city"],
)
def test_documented_example_in_every_permutation(
    rules: CdcRules, expected: list[tuple[Any, ...]]
) -> None:
    for order in itertools.permutations(users(EVENTS)):
        assert values(target_rows(order, rules)) == expected


def test_documented_truncate_wherever_it_arrives() -> None:
    for order in itertools.permutations(users(EVENTS[1:])):
        rows = [*order[:3], *users([TRUNCATE]), *order[3:], *users(EVENTS[:1])]
        assert values(target_rows(rows, USERS)) == [(125, "Mercedes", "Guadalajara")]


def test_a_truncate_spares_what_has_its_own_sequence() -> None:
    events = users([(1, "a", "x", "INSERT", 2), (2, "b", "y", "INSERT", 3), TRUNCATE])
    assert values(target_rows(events, USERS)) == [(2, "b", "y")]


def test_a_delete_outlives_the_upserts_before_it() -> None:
    events = changes((1, None, 20, "D"), (1, "late", 18, "U"), (1, "first", 17, "U"))
    assert target_rows(events, PLAIN) == []
    assert values(target_rows(events, PLAIN_HISTORY)) == [
        (1, "first", 17, 18),
        (1, "late", 18, 20),
    ]


def test_a_delete_breaks_a_run_of_equal_rows() -> None:
    events = changes((1, "a", 1, "U"), (1, None, 2, "D"), (1, "a", 5, "U"), (1, "a", 6, "U"))
    assert values(target_rows(events, PLAIN_HISTORY)) == [(1, "a", 1, 2), (1, "a", 5, None)]


def test_a_late_event_splits_an_interval_or_moves_its_start() -> None:
    known = [(1, "a", 1, "U"), (1, "b", 9, "U")]
    assert values(target_rows(changes(*known, (1, "c", 5, "U")), PLAIN_HISTORY)) == [
        (1, "a", 1, 5),
        (1, "c", 5, 9),
        (1, "b", 9, None),
    ]
    assert values(target_rows(changes(*known, (1, "b", 5, "U")), PLAIN_HISTORY)) == [
        (1, "a", 1, 5),
        (1, "b", 5, None),
    ]


def test_a_delete_wins_at_its_own_sequence() -> None:
    for order in itertools.permutations(
        changes((1, "a", 3, "U"), (1, "b", 5, "U"), (1, None, 5, "D"))
    ):
        assert target_rows(order, PLAIN) == []
        assert values(target_rows(order, PLAIN_HISTORY)) == [(1, "a", 3, 5)]


def test_a_condition_that_is_null_is_no_delete() -> None:
    rules = replace(PLAIN, deletes=lambda event: None)
    assert values(target_rows(changes((1, "a", 1, "U")), rules)) == [(1, "a")]


def test_a_struct_sequence_orders_field_by_field() -> None:
    rules = replace(PLAIN_HISTORY, sequence_by=("seq", "op"), deletes=None)
    rows = target_rows(changes((1, "b", 1, "y"), (1, "a", 1, "x"), (1, "n", 1, None)), rules)
    assert [(row["name"], row["__START_AT"]["op"]) for row in rows] == [
        ("n", None),
        ("a", "x"),
        ("b", "y"),
    ]


PARTIAL = changes(
    (1, "a", "x", 1, "U"),
    (1, None, "y", 3, "U"),
    (1, "b", None, 2, "U"),
    names="id name city seq op",
)


def test_ignored_nulls_keep_the_value_before_them_in_sequence() -> None:
    rules = replace(PLAIN, ignore_null_updates=Columns())
    for order in itertools.permutations(PARTIAL):
        assert values(target_rows(order, rules)) == [(1, "b", "y")]
        assert values(target_rows(order, replace(rules, stored_as=StoredAs.SCD_TYPE_2))) == [
            (1, "a", "x", 1, 2),
            (1, "b", "x", 2, 3),
            (1, "b", "y", 3, None),
        ]


def test_only_the_listed_columns_ignore_nulls() -> None:
    name = Columns(("name",), excluded=False)
    assert values(target_rows(PARTIAL[:2], replace(PLAIN, ignore_null_updates=name))) == [
        (1, "a", "y")
    ]
    assert values(target_rows(PARTIAL[::2], replace(PLAIN, ignore_null_updates=name))) == [
        (1, "b", None)
    ]


def test_an_upsert_after_a_delete_starts_from_nulls() -> None:
    events = changes(
        (1, "a", "x", 1, "U"),
        (1, None, None, 2, "D"),
        (1, None, "z", 3, "U"),
        names="id name city seq op",
    )
    rules = replace(PLAIN, ignore_null_updates=Columns())
    assert values(target_rows(events, rules)) == [(1, None, "z")]


def test_the_fields_of_a_struct_ignore_nulls_each_for_itself() -> None:
    def event(address: Any, seq: int) -> dict[str, Any]:
        return {"id": 1, "address": address, "seq": seq, "op": "U"}

    rules = replace(PLAIN, ignore_null_updates=Columns())
    events = [
        event({"city": "x", "zip": {"code": 1}}, 1),
        event(None, 2),
        event({"city": None, "zip": {"code": 2}}, 3),
        event({"city": "y", "zip": None}, 4),
    ]
    assert target_rows(events, rules) == [{"id": 1, "address": {"city": "y", "zip": {"code": 2}}}]


def test_listed_columns_are_written_nulls_included() -> None:
    events = changes(
        (1, "a", "x", ["name", "city"], 1, "U"),
        (1, None, "y", ["name"], 2, "U"),
        (1, "c", "z", [], 3, "U"),
        names="id name city wrote seq op",
    )
    rules = replace(PLAIN, columns=Columns(("seq", "op", "wrote")), columns_to_update="wrote")
    assert values(target_rows(events, rules)) == [(1, None, "x")]


def test_bitemporal_history_keeps_what_was_believed() -> None:
    rules = replace(PLAIN, stored_as=StoredAs.BITEMPORAL, system_sequence_by="sys")
    rules = replace(rules, columns=Columns(("seq", "op", "sys")))
    events = changes(
        (1, "a", 10, 1, "U"),
        (1, "b", 20, 2, "U"),
        (1, None, 30, 3, "D"),
        names="id name seq sys op",
    )
    for order in itertools.permutations(events):
        assert sorted(values(target_rows(order, rules)), key=repr) == [
            (1, "a", 10, 20, 2, None),
            (1, "a", 10, None, 1, 2),
            (1, "b", 20, 30, 3, None),
            (1, "b", 20, None, 2, 3),
        ]


def test_a_correction_known_later_replaces_what_was_believed() -> None:
    rules = replace(PLAIN, stored_as=StoredAs.BITEMPORAL, system_sequence_by="sys", deletes=None)
    rules = replace(rules, columns=Columns(("seq", "sys")))
    events = changes((1, "wrong", 10, 1), (1, "right", 10, 2), names="id name seq sys")
    assert values(target_rows(events, rules)) == [
        (1, "wrong", 10, None, 1, 2),
        (1, "right", 10, None, 2, None),
    ]


@pytest.mark.parametrize("event", [(1, "a", None, "U"), (None, "a", 1, "U")])
def test_a_change_without_key_or_sequence_is_refused(event: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"without a sequence|of no key"):
        target_rows(changes(event), PLAIN)
