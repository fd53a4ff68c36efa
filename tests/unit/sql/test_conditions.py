"""Conditions of expectations that look at more than their row are refused at their word."""

import pytest

from millpond.codes import EXPECTATION_NOT_SUPPORTED

START = "CREATE STREAMING TABLE t (CONSTRAINT c EXPECT ("


@pytest.mark.parametrize(
    ("condition", "offset", "what"),
    [
        ("id IN (SELECT id FROM x)", 7, "a subquery"),
        ("total < max(total)", 8, "an aggregate (max)"),
        ("COUNT(*) > 1", 0, "an aggregate (COUNT)"),
        ("row_number() OVER (ORDER BY a) = 1", 0, "a window function (row_number)"),
        ("sum(a) OVER (PARTITION BY b) > 1", 0, "a window function (sum)"),
        ("mine(a) OVER (PARTITION BY b) > 1", 8, "a window function"),
        ("explode(xs) > 1", 0, "a generator (explode)"),
    ],
)
def test_what_is_refused(condition, offset, what, fails):
    sql = f"{START}{condition}))"
    error = fails(sql, EXPECTATION_NOT_SUPPORTED, f"1:{len(START) + offset + 1}")
    assert error.params["what"] == what


@pytest.mark.parametrize(
    "condition",
    ["exists(xs, x -> x > 1)", "count > 1", "t.max > 1", "array_max(xs) > 1", "`sum` IN (1, 2)"],
)
def test_what_looks_like_it_and_is_not(condition, load):
    (expectation,) = load(f"{START}{condition}))").dataset.expectations
    assert expectation.condition == condition
