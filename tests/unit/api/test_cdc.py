"""AUTO CDC's functions and their arguments (reference 1.5, 1.6)."""

from __future__ import annotations

import pytest

from millpond import codes
from millpond.definitions import FlowKind, SnapshotCdc, StoredAs

BASE = {"target": "users", "source": "feed", "keys": ["id"], "sequence_by": "seq"}


class Column:
    """What a pyspark Column looks like from outside."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return f"Column<'{self.text}'>"


@pytest.fixture(params=["apply_changes", "create_auto_cdc_flow"])
def create(request, api):
    """Either name of the function."""
    return getattr(api, request.param)


def test_the_least_that_is_needed(create, flow) -> None:
    create(**BASE)
    assert (flow().name, flow().target, flow().kind) == (("users",), ("users",), FlowKind.AUTO_CDC)
    assert flow().query.name == ("feed",)
    assert flow().query.streaming
    assert (flow().cdc.keys, flow().cdc.sequence_by.value) == (("id",), "seq")
    assert flow().cdc.stored_as is StoredAs.SCD_TYPE_1


@pytest.mark.parametrize("spelling", ["name", "flow_name"])
def test_both_spellings_of_the_flows_name(create, flow, spelling) -> None:
    create(**BASE, **{spelling: "second"})
    assert flow().name == ("second",)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (1, StoredAs.SCD_TYPE_1),
        ("1", StoredAs.SCD_TYPE_1),
        (2, StoredAs.SCD_TYPE_2),
        ("2", StoredAs.SCD_TYPE_2),
        (None, StoredAs.SCD_TYPE_1),
    ],
)
def test_the_kinds_of_history(create, flow, given, stored) -> None:
    create(**BASE, stored_as_scd_type=given)
    assert flow().cdc.stored_as is stored


def test_every_optional_argument_as_none_is_not_given(create, flow) -> None:
    create(
        **BASE,
        where=None,
        ignore_null_updates=None,
        apply_as_deletes=None,
        column_list=None,
        except_column_list=None,
        track_history_column_list=None,
        name=None,
        once=None,
        columns_to_update=None,
        system_sequence_by=None,
        apply_as_truncates=None,
    )
    assert flow().cdc.columns is None
    assert flow().cdc.ignore_null_updates is None
    assert not flow().once


def test_columns_as_names_and_as_columns(create, flow) -> None:
    arguments = {**BASE, "keys": [Column("id"), "day"]}
    create(**arguments, except_column_list=[Column("op")], ignore_null_updates=True)
    assert flow().cdc.keys == ("id", "day")
    assert (flow().cdc.columns.names, flow().cdc.columns.excluded) == (("op",), True)
    assert (flow().cdc.ignore_null_updates.names, flow().cdc.ignore_null_updates.excluded) == (
        (),
        True,
    )


def test_an_empty_list_is_not_given(create, flow) -> None:
    create(**BASE, column_list=[], except_column_list=["op"])
    assert flow().cdc.columns.names == ("op",)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"keys": []}, codes.INVALID_ARGUMENT),
        ({"keys": None}, codes.INVALID_ARGUMENT),
        ({"keys": [3]}, codes.INVALID_ARGUMENT),
        ({"keys": ["t.id"]}, codes.INVALID_ARGUMENT),
        ({"keys": [Column("t.id")]}, codes.INVALID_ARGUMENT),
        ({"sequence_by": None}, codes.INVALID_ARGUMENT),
        ({"sequence_by": 3}, codes.INVALID_ARGUMENT),
        ({"source": None}, codes.INVALID_ARGUMENT),
        ({"target": None}, codes.INVALID_ARGUMENT),
        ({"stored_as_scd_type": 3}, codes.INVALID_ARGUMENT),
        ({"stored_as_scd_type": True}, codes.INVALID_ARGUMENT),
        ({"stored_as_scd_type": "bitemporal"}, codes.INVALID_ARGUMENT),
        ({"once": "yes"}, codes.INVALID_ARGUMENT),
        ({"column_list": ["a"], "except_column_list": ["b"]}, codes.CANNOT_SET_TOGETHER),
        ({"name": "a", "flow_name": "b"}, codes.CANNOT_SET_TOGETHER),
        ({"ignore_null_updates": True, "columns_to_update": "c"}, codes.CANNOT_SET_TOGETHER),
        ({"track_history_column_list": ["a"]}, codes.ARGUMENT_NOT_ALLOWED),
        ({"stored_as_scd_type": 2, "apply_as_truncates": "x"}, codes.ARGUMENT_NOT_ALLOWED),
        ({"system_sequence_by": "s"}, codes.ARGUMENT_NOT_ALLOWED),
        ({"sequence_bye": "s"}, codes.UNKNOWN_ARGUMENT),
    ],
)
def test_what_is_wrong(create, registry, refused, more, code) -> None:
    refused(code, lambda: create(**{**BASE, **more}))


@pytest.fixture(params=["apply_changes_from_snapshot", "create_auto_cdc_from_snapshot_flow"])
def compare(request, api):
    """Either name of the function for snapshots."""
    return getattr(api, request.param)


def test_a_snapshot_by_name(compare, flow) -> None:
    compare(target="t", source="s", keys=["id"])
    assert isinstance(flow().cdc, SnapshotCdc)
    assert (flow().cdc.versioned, flow().query.streaming) == (False, False)
    assert flow().kind is FlowKind.SNAPSHOT_CDC


@pytest.mark.parametrize("spelling", ["source", "snapshot_and_version"])
def test_snapshots_by_a_function(compare, flow, spelling) -> None:
    def following(version: int | None) -> None: ...

    compare(target="t", keys=["id"], stored_as_scd_type=2, **{spelling: following})
    assert flow().cdc.versioned
    assert flow().query.function is following


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, codes.INVALID_ARGUMENT),
        ({"source": "s", "snapshot_and_version": len}, codes.CANNOT_SET_TOGETHER),
        ({"source": "s", "stored_as_scd_type": "bitemporal"}, codes.INVALID_ARGUMENT),
        ({"source": "s", "sequence_by": "s"}, codes.UNKNOWN_ARGUMENT),
    ],
)
def test_what_is_wrong_with_snapshots(compare, registry, refused, more, code) -> None:
    refused(code, lambda: compare(target="t", keys=["id"], **more))
