"""JSON records: what goes to columns, what is rescued, what is dropped or fails."""

from __future__ import annotations

import json

import pytest
from pyspark.errors import StreamingQueryException

from millpond.sources.auto_loader import columns, json_files, observe

pytestmark = pytest.mark.spark

TYPED = {"inferColumnTypes": "true", "schemaEvolutionMode": "rescue"}


def rescued(row, name="_rescued_data"):
    """What was rescued of a row, without the path."""
    if row[name] is None:
        return None
    found = json.loads(row[name])
    assert found.pop("_file_path").startswith("file:/")
    return found


@pytest.fixture(params=["checked", "compared"])
def plan(request, monkeypatch):
    """Both ways of finding what does not fit."""
    if request.param == "compared":
        monkeypatch.setattr(columns, "_proven", lambda *_: False)
    else:
        monkeypatch.setattr(json_files, "_compared", lambda *_: pytest.fail("not the cheap plan"))


def rows_of(landing, *lines, hints, **options):
    landing.put("a.json", *lines)
    return landing.update(schemaHints=hints, **TYPED, **options)


def test_a_record_that_fits_has_nothing_rescued(landing, plan):
    rows = rows_of(landing, {"id": 1, "at": "2024-01-01T10:00:00Z"}, hints="at TIMESTAMP")

    assert (rows[0]["id"], rows[0]["at"].isoformat(), rows[0]["_rescued_data"]) == (
        1,
        "2024-01-01T10:00:00",
        None,
    )


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("INT", "12"),
        ("INT", 99999999999),
        ("INT", 1.5),
        ("INT", True),
        ("DOUBLE", "x"),
        ("BOOLEAN", "true"),
        ("DATE", "yesterday"),
        ("TIMESTAMP", "soon"),
        ("ARRAY<INT>", [1, "x"]),
        ("ARRAY<INT>", {"a": 1}),
        ("MAP<STRING,INT>", {"a": "x"}),
    ],
)
def test_a_value_of_another_type_is_rescued_as_it_came(landing, plan, type_, value):
    (row,) = rows_of(landing, {"id": 1, "v": value}, hints=f"v {type_}")

    assert (row["id"], row["v"]) == (1, None)
    assert rescued(row) == {"v": value}


def test_of_a_struct_only_what_does_not_fit_is_rescued(landing, plan):
    record = {"n": {"a": 1, "b": "x", "m": {"c": "y", "d": 2}}}
    (row,) = rows_of(landing, record, hints="n STRUCT<a: INT, b: INT, m: STRUCT<c: INT, d: INT>>")

    assert row["n"] == {"a": 1, "b": None, "m": {"c": None, "d": 2}}
    assert rescued(row) == {"n": {"b": "x", "m": {"c": "y"}}}


def test_an_array_is_rescued_whole_if_an_element_does_not_fit(landing, plan):
    value = [{"a": 1}, {"a": "x"}]
    (row,) = rows_of(landing, {"id": 1, "l": value}, hints="l ARRAY<STRUCT<a: INT>>")

    assert rescued(row) == {"l": value}


def test_the_path_of_the_file_is_rescued_with_it(landing, plan):
    file = landing.put("a.json", {"id": "x"})

    (row,) = landing.update(schemaHints="id INT")

    assert json.loads(row["_rescued_data"])["_file_path"] == f"file:{file}"


def test_a_line_that_is_not_json_is_kept_in_the_rescued_data(landing, plan):
    lines = ['{"id": 1', "not json", "12", '{"id": 2}']
    rows = rows_of(landing, *lines, hints="id INT")

    assert [row["id"] for row in rows] == [None, None, None, 2]
    assert [rescued(row) for row in rows] == [
        {"_corrupt_record": '{"id": 1'},
        {"_corrupt_record": "not json"},
        {"_corrupt_record": "12"},
        None,
    ]


def test_or_in_the_column_for_corrupt_records_if_there_is_one(landing, plan):
    rows = rows_of(landing, "not json", {"id": "x"}, hints="id INT, _corrupt_record STRING")

    assert [row["_corrupt_record"] for row in rows] == ["not json", None]
    assert [rescued(row) for row in rows] == [None, {"id": "x"}]


def test_that_column_can_have_another_name(landing, plan):
    rows = rows_of(
        landing, "not json", {"id": 1}, hints="id INT, bad STRING", columnNameOfCorruptRecord="bad"
    )

    assert [row["bad"] for row in rows] == ["not json", None]


def test_a_value_that_is_no_struct_is_rescued(landing):
    (row,) = rows_of(landing, {"id": 1, "v": [1]}, hints="v STRUCT<a: INT>")

    assert (row["id"], row["v"], rescued(row)) == (1, None, {"v": [1]})


def test_a_repeated_key_loses_nothing(landing):
    (row,) = rows_of(landing, '{"id": "x", "id": 1}', hints="id INT")

    assert row["id"] == 1
    assert rescued(row) == {"_corrupt_record": '{"id": "x", "id": 1}'}


def test_blank_lines_are_no_records(landing, plan):
    assert len(rows_of(landing, "", {"id": 1}, "  ", {"id": 2}, hints="id INT")) == 2


def test_an_array_is_as_many_records(landing):
    landing.put("a.json", [{"id": 1}, {"id": 2, "more": 3}], {"id": 4})
    landing.update(schema="id INT", rescuedDataColumn="r")
    landing.checkpoint = landing.checkpoint.with_name("other")

    rows = landing.update(schema="id INT", rescuedDataColumn="r")

    assert [row["id"] for row in rows] == [1, 2, 4]
    assert [rescued(row, "r") for row in rows] == [None, {"more": 3}, None]


def test_fields_without_a_column_are_rescued_with_their_kind(landing):
    landing.put(
        "a.json",
        '{"id": 1, "s": "5", "n": 1.10, "big": 123456789012345678901234567890123456789012345,'
        ' "o": {"q": "a\\"b"}, "l": [1, "é"], "z": null, "t": true, "e": ""}',
    )

    (row,) = landing.update(schema="id INT", rescuedDataColumn="r")

    assert rescued(row, "r") == {
        "s": "5",
        "n": 1.10,
        "big": 123456789012345678901234567890123456789012345,
        "o": {"q": 'a"b'},
        "l": [1, "é"],
        "z": None,
        "t": True,
        "e": "",
    }
    assert '"big":123456789012345678901234567890123456789012345' in row["r"]


def test_fields_without_a_place_in_a_struct_are_rescued(landing):
    landing.put("a.json", {"n": {"a": 1, "x": 2}, "l": [{"a": 1, "x": 2}]})

    (row,) = landing.update(
        schema="n STRUCT<a: INT>, l ARRAY<STRUCT<a: INT>>", rescuedDataColumn="r"
    )

    assert rescued(row, "r") == {"n": {"x": 2}, "l": [{"a": 1, "x": 2}]}


def test_an_empty_object_is_a_field_too(landing):
    landing.put("a.json", '{"id": 1, "o": { }}')

    (row,) = landing.update(**TYPED)

    assert rescued(row) == {"o": {}}


def test_a_key_in_another_case_is_rescued(landing):
    landing.put("a.json", {"ID": 1, "name": "x"})

    (row,) = landing.update(schema="id INT, name STRING", rescuedDataColumn="r")

    assert (row["id"], row["name"], rescued(row, "r")) == (None, "x", {"ID": 1})


def test_unless_case_does_not_matter(landing):
    landing.put("a.json", {"ID": 1, "Name": "x"}, {"ID": 1, "id": 2})

    rows = landing.update(
        schema="id INT, name STRING", rescuedDataColumn="r", readerCaseSensitive="false"
    )

    assert [(row["id"], row["name"], rescued(row, "r")) for row in rows] == [
        (1, "x", None),
        (2, None, {"ID": 1}),
    ]


def test_without_rescued_data_what_does_not_fit_is_null(landing):
    landing.put("a.json", {"id": "x", "other": 1}, "not json")

    assert landing.update(schema="id INT") == [{"id": None}, {"id": None}]


def test_dropmalformed_drops_what_is_not_json_and_nothing_else(landing):
    landing.put("a.json", {"id": "x"}, "not json", {"id": 1})

    rows = landing.update(schema="id INT", rescuedDataColumn="r", mode="dropMalformed")

    assert [rescued(row, "r") for row in rows] == [{"id": "x"}, None]


def test_failfast_fails_on_what_is_not_json(landing):
    landing.put("a.json", {"id": "x"})
    options = {"schema": "id INT", "rescuedDataColumn": "r", "mode": "FAILFAST"}
    assert len(landing.update(**options)) == 1
    landing.put("b.json", "not json")

    with pytest.raises(StreamingQueryException, match="MALFORMED_RECORD_IN_PARSING"):
        landing.update(**options)


def test_a_file_can_be_one_document(landing):
    landing.put("a.json", json.dumps([{"id": 1}, {"id": "x"}], indent=2))
    landing.put("b.json", json.dumps({"id": 3, "more": 4}, indent=2))

    rows = landing.update(schemaHints="id INT", multiLine="true")
    found = sorted((str(row["id"]), row["more"], rescued(row)) for row in rows)

    assert found == [("1", None, None), ("3", "4", None), ("None", None, {"id": "x"})]


def test_comments_can_be_allowed(landing):
    landing.put("a.json", '{"id": 1 /* one */, "x": 2}')

    (row,) = landing.update(schema="id INT", rescuedDataColumn="r", allowComments="true")

    assert (row["id"], rescued(row, "r")) == (1, {"x": 2})


def test_selecting_some_columns_does_not_change_what_is_rescued(landing, plan):
    landing.put("a.json", {"id": 1, "v": "x"})

    frame = landing.stream(schemaHints="v INT").select("id", "_rescued_data")

    (row,) = landing.run(frame)
    assert rescued(row) == {"v": "x"}


def test_a_file_that_arrives_during_the_start_is_left_to_the_next_update(landing):
    landing.put("day1/a.json", {"a": 1})
    frame = landing.stream(**TYPED)
    landing.put("day1/b.json", {"a": 2, "b": 3})

    assert [row["a"] for row in landing.run(frame)] == [1]
    (row,) = landing.update(**TYPED)
    assert (row["a"], rescued(row)) == (2, {"b": 3})


def test_or_stops_the_flow_if_its_name_tells_nothing(landing):
    landing.put("day1/a.json", {"a": 1})
    landing.put("day2/a.json", {"a": 2})
    frame = landing.stream(**TYPED)
    landing.put("day3/a.json", {"a": 3, "b": 4})

    with pytest.raises(StreamingQueryException, match="arrived while the update started"):
        landing.run(frame)

    rows = sorted(landing.update(**TYPED), key=lambda row: row["a"])
    assert [row["a"] for row in rows] == [1, 2, 3]
    assert rescued(rows[2]) == {"b": 4}


def test_many_files_fall_back_to_comparing(landing, monkeypatch):
    monkeypatch.setattr(observe, "_MOST_FILES", 1)
    landing.put("a.json", {"a": 1})
    landing.put("b.json", {"a": 2, "b": 3})

    rows = landing.update()

    assert [rescued(row) for row in sorted(rows, key=lambda row: row["a"])] == [None, {"b": 3}]
