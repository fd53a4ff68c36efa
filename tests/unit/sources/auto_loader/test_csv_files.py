"""CSV records: columns by name, types, and what does not fit."""

from __future__ import annotations

import gzip
import json

import pytest
from pyspark.errors import StreamingQueryException

pytestmark = pytest.mark.spark


def update(landing, **options):
    return landing.update("csv", **options)


def rescued(row, name="_rescued_data"):
    """What was rescued of a row, without the path."""
    if row[name] is None:
        return None
    found = json.loads(row[name])
    assert found.pop("_file_path").startswith("file:/")
    return found


def test_a_header_is_assumed_when_nothing_is_said(landing):
    landing.put("a.csv", "id,name", '1,"Doe, Jo"')

    assert update(landing) == [{"id": "1", "name": "Doe, Jo", "_rescued_data": None}]


def test_unless_there_is_none(landing):
    landing.put("a.csv", "1,x", "2,y")

    assert update(landing, header="false") == [
        {"_c0": "1", "_c1": "x", "_rescued_data": None},
        {"_c0": "2", "_c1": "y", "_rescued_data": None},
    ]


def test_types_are_inferred_when_asked_for(landing):
    landing.put("a.csv", "id,price,name", "1,1.5,x")

    (row,) = update(landing, inferColumnTypes="true", header="true")

    assert row == {"id": 1, "price": 1.5, "name": "x", "_rescued_data": None}


def test_a_value_of_another_type_is_rescued(landing):
    landing.put("a.csv", "id,price,at", "x,1.5,2024-01-01", "2,,soon")

    rows = update(landing, schemaHints="id INT, price DECIMAL(5,2), at DATE")

    assert [(row["id"], str(row["price"]), str(row["at"])) for row in rows] == [
        (None, "1.50", "2024-01-01"),
        (2, "None", "None"),
    ]
    assert [rescued(row) for row in rows] == [{"id": "x"}, {"at": "soon"}]


def test_dates_are_read_in_their_format(landing):
    landing.put("a.csv", "at", "31.12.2024", "2024-12-31")

    rows = update(landing, schemaHints="at DATE", dateFormat="dd.MM.yyyy")

    assert [str(row["at"]) for row in rows] == ["2024-12-31", "None"]
    assert rescued(rows[1]) == {"at": "2024-12-31"}


def test_files_may_have_their_columns_in_any_order_and_more_of_them(landing):
    landing.put("a/1.csv", "id,name", "1,x")
    landing.put("b/1.csv", "name,id,more", "y,2,z", "only", "a,b,c,d")
    landing.put("c/1.csv", "ID", "3")

    rows = sorted(update(landing), key=lambda row: str(row["id"]))

    assert [(row["id"], row["name"], row["more"]) for row in rows] == [
        ("1", "x", None),
        ("2", "y", "z"),
        (None, None, None),
        (None, "only", None),
        ("b", "a", "c"),
    ] or [(row["id"], row["name"], row["more"]) for row in rows] == [
        ("1", "x", None),
        ("2", "y", "z"),
        (None, "only", None),
        (None, None, None),
        ("b", "a", "c"),
    ]
    by_name = {row["name"]: rescued(row) for row in rows}
    assert by_name == {
        "x": None,
        "y": None,
        None: {"ID": "3"},
        "only": {"_corrupt_record": "only"},
        "a": {"_corrupt_record": "a,b,c,d"},
    }


def test_columns_of_later_files_are_rescued_without_evolution(landing):
    landing.put("a.csv", "id,name", "1,x")
    update(landing, schemaEvolutionMode="rescue")
    landing.put("b.csv", "more,id", "m,2")

    (row,) = update(landing, schemaEvolutionMode="rescue")

    assert (row["id"], row["name"], rescued(row)) == ("2", None, {"more": "m"})


def test_a_record_of_another_length_is_kept(landing):
    landing.put("a.csv", "id,name", "1", "1,x,2")

    rows = update(landing)

    assert [(row["id"], row["name"]) for row in rows] == [("1", None), ("1", "x")]
    assert [rescued(row) for row in rows] == [
        {"_corrupt_record": "1"},
        {"_corrupt_record": "1,x,2"},
    ]


def test_in_its_column_if_there_is_one(landing):
    landing.put("a.csv", "id,name", "1,x", "1")

    rows = update(landing, schemaHints="_corrupt_record STRING")

    assert [row["_corrupt_record"] for row in rows] == [None, "1"]
    assert [row["_rescued_data"] for row in rows] == [None, None]


def test_it_can_be_dropped_or_fail(landing):
    landing.put("a.csv", "id,name", "1,x", "1")

    assert len(update(landing, mode="DROPMALFORMED")) == 1
    landing.checkpoint = landing.checkpoint.with_name("other")
    with pytest.raises(StreamingQueryException, match="MALFORMED_RECORD_IN_PARSING"):
        update(landing, mode="FAILFAST")


def test_quoted_fields_may_span_lines(landing):
    landing.put("a.csv", "id,note", '1,"two', 'lines, ""quoted"""', "2,x")

    rows = update(landing, multiLine="true", escape='"')

    assert [(row["id"], row["note"]) for row in rows] == [
        ("1", 'two\nlines, "quoted"'),
        ("2", "x"),
    ]


def test_separators_and_compression(landing):
    with gzip.open(landing.folder / "a.csv.gz", "wt") as file:
        file.write("id\tname\n1\tx\n")

    assert update(landing, sep="\\t") == [{"id": "1", "name": "x", "_rescued_data": None}]


def test_a_given_schema_is_by_position_without_rescued_data(landing):
    landing.put("a.csv", "name,id", "x,1")

    assert update(landing, schema="a STRING, b INT", header="true") == [{"a": "x", "b": 1}]
    assert len(landing.batch("csv", schema="a STRING, b STRING").collect()) == 2


def test_and_by_name_with_it(landing):
    landing.put("a.csv", "name,id,more", "x,1,2")

    (row,) = update(landing, schema="id INT, name STRING", header="true", rescuedDataColumn="r")

    assert (row["id"], row["name"], rescued(row, "r")) == (1, "x", {"more": "2"})


def test_without_a_header_there_are_only_positions(landing):
    landing.put("a.csv", "1,x", "y,z,2")

    rows = update(landing, schema="id INT, name STRING", rescuedDataColumn="r")

    assert [(row["id"], row["name"], rescued(row, "r")) for row in rows] == [
        (1, "x", None),
        (None, "z", {"id": "y", "_corrupt_record": "y,z,2"}),
    ]


def test_names_that_are_missing_or_repeated_get_their_position(landing):
    landing.put("a.csv", "id,,ID", "1,2,3")

    assert list(update(landing)[0]) == ["id0", "_c1", "ID2", "_rescued_data"]


def test_an_empty_file_has_no_part_in_it(landing):
    landing.put("a.csv")
    landing.put("b.csv", "id", "1")

    assert [row["id"] for row in update(landing)] == ["1"]
