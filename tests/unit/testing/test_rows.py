"""A difference of rows that a person can read."""

from __future__ import annotations

import pandas as pd
import pytest

from millpond.testing import assert_rows
from millpond.testing.rows import in_order


def test_equal_rows_pass_whatever_their_order() -> None:
    assert_rows([{"id": 1}, {"id": 2}], [{"id": 2}, {"id": 1}])


def test_only_the_columns_that_are_expected_are_compared() -> None:
    assert_rows([{"id": 1, "loaded_at": "now"}], [{"id": 1}])


def test_a_row_that_is_there_twice_is_expected_twice() -> None:
    with pytest.raises(AssertionError, match="2 found, 1 expected"):
        assert_rows([{"id": 1}, {"id": 1}], [{"id": 1}])


def test_no_expected_rows_means_no_rows() -> None:
    assert_rows([], [])
    with pytest.raises(AssertionError, match="1 found, 0 expected"):
        assert_rows([{"id": 1}], [])


def test_values_may_be_approximate() -> None:
    assert_rows([{"x": 0.1 + 0.2}], [{"x": pytest.approx(0.3)}])


def test_a_pandas_frame_is_rows() -> None:
    assert_rows(pd.DataFrame({"id": [2, 1]}), [{"id": 1}, {"id": 2}])


def test_the_difference_names_rows_and_columns() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_rows([{"id": 1, "n": 2}], [{"id": 1, "n": 3}])
    assert str(caught.value).splitlines() == [
        "the rows differ: 1 found, 1 expected",
        "expected, not found:",
        "  - id=1, n=3",
        "not expected:",
        "  + id=1, n=2",
        "the columns that differ:",
        "  n: expected 3, found 2",
    ]


def test_a_column_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(AssertionError, match=r"m: expected 3, found '\(no such column\)'"):
        assert_rows([{"id": 1}], [{"id": 1, "m": 3}])


def test_rows_are_sorted_by_value_with_nulls_first() -> None:
    rows = [{"a": 2, "b": "x"}, {"a": None, "b": "x"}, {"a": 2, "b": None}, {"a": 10, "b": ""}]
    assert [tuple(row.values()) for row in in_order(rows)] == [
        (None, "x"),
        (2, None),
        (2, "x"),
        (10, ""),
    ]
