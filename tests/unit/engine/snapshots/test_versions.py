"""Versions of snapshots."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from millpond.engine.snapshots.versions import (
    Version,
    decode,
    encode,
    is_after,
    next_moment,
    plain_version,
    type_of,
)

MORNING = dt.datetime(2026, 1, 2, 8, 30, 0, 5)
PARIS = dt.timezone(dt.timedelta(hours=1))


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        (7, "bigint"),
        ("2026-01-02", "string"),
        (b"\x00\xff", "binary"),
        (1.5, "double"),
        (dt.date(2026, 1, 2), "date"),
        (MORNING, "timestamp"),
        (MORNING.replace(tzinfo=PARIS), "timestamp"),
    ],
)
def test_versions_survive_being_written_down(version: Version, kind: str) -> None:
    assert type_of(version) == kind
    assert decode(encode(version)) == version


@pytest.mark.parametrize("value", [None, True, [1], {"v": 1}, float("nan"), 2**63])
def test_what_is_no_version(value: object) -> None:
    assert plain_version(value) is None


def test_numbers_of_numpy_and_times_of_pandas_are_versions() -> None:
    import numpy
    import pandas

    found: list[Any] = [plain_version(numpy.int32(3)), plain_version(pandas.Timestamp(MORNING))]
    assert found == [3, MORNING]
    assert [type(each) for each in found] == [int, dt.datetime]


def test_times_with_and_without_a_zone_are_in_one_order() -> None:
    assert is_after(MORNING, MORNING.replace(tzinfo=PARIS))
    assert not is_after(MORNING.replace(tzinfo=PARIS), MORNING)
    assert not is_after("10", "9")


def test_the_time_of_a_run_is_after_that_of_the_run_before() -> None:
    now = dt.datetime(2026, 1, 2, tzinfo=dt.timezone.utc)
    assert next_moment(now, None) == now
    assert next_moment(now, now + dt.timedelta(hours=1)) > now + dt.timedelta(hours=1)
