"""What a test may feed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from millpond.codes import TEST_INPUT_COLUMNS, TEST_INPUT_NOT_VALID
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.testing.frames import Given, parsed
from millpond.testing.values import collected

HERE = Span(Path("test_it.py"), 1)
DDL = "id BIGINT, at TIMESTAMP, price DECIMAL(9, 2), day DATE, ratio DOUBLE, who STRUCT<n: INT>"
WHOLE = {
    "id": 1,
    "at": datetime(2026, 1, 2, 3, 4, 5),
    "price": Decimal("1.50"),
    "day": date(2026, 1, 2),
    "ratio": 2.0,
    "who": {"n": 7},
}


def test_json_is_an_array_or_lines() -> None:
    assert (
        parsed('[{"a": 1}, {"a": 2}]') == parsed('{"a": 1}\n\n  {"a": 2}') == [{"a": 1}, {"a": 2}]
    )


def test_csv_has_a_header_and_empty_values_are_null() -> None:
    text = """
        id, name
        1, "Ann, B."
        2,
    """
    assert parsed(text) == [{"id": "1", "name": "Ann, B."}, {"id": "2", "name": None}]


def test_a_csv_row_longer_than_the_header_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 of the CSV has more values"):
        parsed("a\n1,2")


@pytest.mark.spark
@pytest.mark.parametrize(
    "data",
    [
        [WHOLE],
        [tuple(WHOLE.values())],
        [
            {
                "who": {"n": 7},
                "ratio": 2,
                "day": "2026-01-02",
                "price": "1.5",
                "at": "2026-01-02T03:04:05Z",
                "id": 1,
            }
        ],
        (
            '{"id": 1, "at": "2026-01-02 03:04:05", "price": 1.5, "day": "2026-01-02", "ratio": 2,'
            ' "who": {"n": 7}}'
        ),
        'id,at,price,day,ratio,who\n1,2026-01-02 03:04:05,1.5,2026-01-02,2,"{""n"": 7}"',
        pd.DataFrame([{**WHOLE, "who": None}]).assign(who=[{"n": 7}]),
    ],
    ids=["dicts", "tuples", "text in dicts", "json", "csv", "pandas"],
)
def test_with_a_schema_every_form_gives_the_same_rows(spark: Any, data: Any) -> None:
    frame = Given("t", data, DDL, HERE).frame(spark, None)
    assert collected(frame) == [WHOLE]


@pytest.mark.spark
def test_without_a_schema_the_data_tell_the_types(spark: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,x,ok,day,name\n1,1.5,true,2026-01-02,a\n2,,,,\n")
    frame = Given("t", file, None, HERE).frame(spark, None)
    assert dict(frame.dtypes) == {
        "id": "bigint",
        "x": "double",
        "ok": "boolean",
        "day": "date",
        "name": "string",
    }

    nested = Given("t", [{"who": {"n": 1, "tags": ["a"]}}], None, HERE).frame(spark, None)
    assert dict(nested.dtypes) == {"who": "struct<n:bigint,tags:array<string>>"}


@pytest.mark.spark
def test_a_key_that_is_missing_is_null_and_one_too_many_is_an_error(spark: Any) -> None:
    frame = Given("t", [{"id": 1}], "id INT, amount INT", HERE).frame(spark, None)
    assert collected(frame) == [{"id": 1, "amount": None}]

    with pytest.raises(MillpondError) as caught:
        Given("t", [{"id": 1, "amont": 2}], "id INT, amount INT", HERE).frame(spark, None)
    error = caught.value
    assert (error.code, error.at) == (TEST_INPUT_COLUMNS, HERE)
    assert error.params == {
        "name": "t",
        "extra": "amont",
        "missing": "amount",
        "known": "id, amount",
    }
    assert error.hint == "Did you mean 'amount' for 'amont'?"


@pytest.mark.spark
@pytest.mark.parametrize(
    ("data", "schema"),
    [
        ([], None),
        ([(1, 2)], None),
        ([{"id": "x"}], "id INT"),
        ([(1, 2)], "id INT"),
        ([{"id": 1}], "id NUMBERS"),
        ([{"id": None}], None),
        (Path("no-such.csv"), None),
        ([{"day": "yesterday"}], "day DATE"),
    ],
)
def test_what_is_no_frame_is_told_at_the_call(spark: Any, data: Any, schema: Any) -> None:
    with pytest.raises(MillpondError) as caught:
        Given("t", data, schema, HERE).frame(spark, None)
    assert (caught.value.code, caught.value.at) == (TEST_INPUT_NOT_VALID, HERE)
