"""Which columns a source has: given, inferred, hinted, remembered, taken from folders."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pyspark.sql.types import IntegerType, StructType

from millpond import codes
from millpond.errors import MillpondError
from millpond.sources.auto_loader import read_stream

pytestmark = pytest.mark.spark


def columns(frame):
    return {field.name: field.dataType.simpleString() for field in frame.schema.fields}


def error_of(landing, *args, **options):
    with pytest.raises(MillpondError) as raised:
        landing.stream(*args, **options)
    assert raised.value.at == landing.request().at
    return raised.value


def test_inferred_columns_are_text_and_rescued_data_is_added(landing):
    landing.put("a.json", {"id": 1, "price": 1.5, "address": {"city": "Bern"}})

    assert columns(landing.stream()) == {
        "address": "string",
        "id": "string",
        "price": "string",
        "_rescued_data": "string",
    }


def test_types_are_inferred_when_asked_for(landing):
    landing.put("a.json", {"id": 1, "price": 1.5, "address": {"city": "Bern"}, "tags": ["x"]})

    assert columns(landing.stream(inferColumnTypes="true")) == {
        "address": "struct<city:string>",
        "id": "bigint",
        "price": "double",
        "tags": "array<string>",
        "_rescued_data": "string",
    }


def test_all_files_there_are_take_part(landing):
    landing.put("a.json", {"a": 1})
    landing.put("deep/er/b.json", {"b": 1})
    landing.put("_hidden.json", {"hidden": 1})
    landing.put(".hidden/c.json", {"hidden": 1})

    assert columns(landing.stream(rescuedDataColumn="rescued")).keys() == {"a", "b", "rescued"}


def test_hints_override_types_and_add_columns(landing):
    landing.put("a.json", {"id": 1, "at": "2024-01-01", "address": {"city": "Bern", "zip": 3000}})
    hints = (
        "id BIGINT, at: DATE COMMENT 'x, y', address.zip INT, "
        "`new one` ARRAY<STRING>, p MAP<STRING, INT>"
    )

    assert columns(landing.stream(schemaHints=hints)) == {
        "address": "struct<city:string,zip:int>",
        "at": "date",
        "id": "bigint",
        "new one": "array<string>",
        "p": "map<string,int>",
        "_rescued_data": "string",
    }


def test_hints_reach_into_arrays(landing):
    landing.put("a.json", {"lines": [{"n": 1, "price": 2}]})

    frame = landing.stream(schemaHints="lines.element.price DOUBLE", inferColumnTypes="true")

    assert columns(frame)["lines"] == "array<struct<n:bigint,price:double>>"


@pytest.mark.parametrize("hints", ["id", "id NOTATYPE", "a INT b", "."])
def test_a_hint_that_is_none_is_an_error(landing, hints):
    landing.put("a.json", {"id": 1})

    assert error_of(landing, schemaHints=hints).code is codes.CF_SCHEMA_NOT_VALID


def test_a_given_schema_is_the_schema(landing):
    landing.put("a.json", {"id": 1, "other": 2})

    for schema in ("id INT", StructType().add("id", IntegerType())):
        assert columns(landing.stream(schema=schema)) == {"id": "int"}
    assert columns(landing.stream(schema="id INT", rescuedDataColumn="r")) == {
        "id": "int",
        "r": "string",
    }
    assert error_of(landing, schema="id NOTATYPE").code is codes.CF_SCHEMA_NOT_VALID


def test_an_empty_folder_needs_a_schema_or_hints(landing):
    error = error_of(landing)

    assert error.code is codes.CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE
    assert error.params["path"] == str(landing.folder)
    assert columns(landing.stream(schemaHints="id INT")) == {"id": "int", "_rescued_data": "string"}
    assert columns(landing.stream(schema="id INT")) == {"id": "int"}
    assert landing.update(schema="id INT") == []


def test_a_missing_folder_is_an_error(landing):
    assert error_of(landing, path="/nowhere", schema="id INT").code is codes.CF_PATH_NOT_FOUND


def test_folders_named_after_hive_are_columns(landing):
    landing.put("date=2024-01-01/country=CH/a b.json", {"id": 1})
    landing.put("date=2024-01-02/country=A%2FB+C/b.json", {"id": 2})

    rows = landing.update(inferColumnTypes="true")

    assert [(row["id"], str(row["date"]), row["country"]) for row in sorted(rows, key=str)] == [
        (1, "2024-01-01", "CH"),
        (2, "2024-01-02", "A/B+C"),
    ]


def test_partition_columns_can_be_chosen_typed_and_left_out(landing):
    landing.put("year=2024/month=01/a.json", {"id": 1})

    assert columns(landing.batch()).keys() == {"id", "year", "month", "_rescued_data"}
    assert columns(landing.batch(partitionColumns="year")).keys() == {"id", "year", "_rescued_data"}
    assert columns(landing.batch(recursiveFileLookup="true")).keys() == {"id", "_rescued_data"}
    assert columns(landing.batch(inferColumnTypes="true"))["year"] == "int"
    assert columns(landing.batch(inferColumnTypes="true"))["month"] == "string"
    assert columns(landing.batch(schemaHints="year SMALLINT"))["year"] == "smallint"
    (row,) = landing.update(schema="year INT, id INT")
    assert row == {"year": 2024, "id": 1}


def test_a_later_update_adds_the_columns_of_files_that_arrived(landing):
    landing.put("a.json", {"b": 1})
    landing.update()
    landing.put("b.json", {"a": 1, "b": 2})

    assert list(columns(landing.stream())) == ["b", "a", "_rescued_data"]
    assert landing.update() == [{"b": "2", "a": "1", "_rescued_data": None}]


def test_columns_stay_when_their_files_are_gone(landing):
    file = landing.put("a.json", {"a": 1})
    landing.update()
    file.unlink()

    assert list(columns(landing.stream())) == ["a", "_rescued_data"]


def test_types_of_known_columns_do_not_change(landing):
    landing.put("a.json", {"id": 1})
    landing.update(inferColumnTypes="true")
    landing.put("b.json", {"id": "x"})

    (row,) = landing.update(inferColumnTypes="true")

    assert row["id"] is None
    assert json.loads(row["_rescued_data"])["id"] == "x"


@pytest.mark.parametrize("mode", ["rescue", "none"])
def test_without_evolution_the_first_schema_stays(landing, mode):
    landing.put("a.json", {"a": 1})
    landing.update(schemaEvolutionMode=mode)
    landing.put("b.json", {"a": 2, "b": 3})

    (row,) = landing.update(schemaEvolutionMode=mode)

    if mode == "none":
        assert row == {"a": "2"}
    else:
        assert row["a"] == "2"
        assert json.loads(row["_rescued_data"])["b"] == 3


def test_new_columns_can_fail_the_update_until_they_are_hinted(landing):
    landing.put("a.json", {"a": 1})
    landing.update(schemaEvolutionMode="failOnNewColumns")
    landing.put("b.json", {"a": 2, "b": 3})

    landing.put("c.json", {"a": 3})

    request = landing.request(schemaEvolutionMode="failOnNewColumns")
    looked_at = read_stream(landing.spark, replace(request, running=False))
    assert looked_at.columns == ["a", "_rescued_data"], "only the stream itself fails, when it runs"
    for _ in range(2):
        error = error_of(landing, schemaEvolutionMode="failOnNewColumns")
        assert error.code is codes.CF_NEW_COLUMNS
        assert error.params == {"columns": "b", "file": str(landing.folder / "b.json")}
    (landing.folder / "c.json").unlink()
    (row,) = landing.update(schemaEvolutionMode="failOnNewColumns", schemaHints="b INT")
    assert (row["a"], row["b"]) == ("2", 3)


@pytest.mark.parametrize("format", ["parquet", "orc"])
def test_a_file_that_cannot_be_read_stops_its_own_stream(landing, format):
    landing.spark.sql("SELECT 1 AS id").write.format(format).save(f"{landing.folder}/one")
    landing.put("garbage.bin", "no such file")
    error = error_of(landing, format)
    assert error.code is codes.CF_FILE_NOT_READABLE, "there is nothing to infer columns from"

    (landing.folder / "garbage.bin").unlink()
    landing.stream(format)
    landing.put("garbage.bin", "no such file")
    looked_at = read_stream(landing.spark, replace(landing.request(format), running=False))
    assert looked_at.columns == ["id", "_rescued_data"]
    assert "garbage.bin" in error_of(landing, format).params["reason"]


def test_what_was_observed_is_not_observed_again(landing, monkeypatch):
    from millpond.sources.auto_loader import observe

    landing.put("a.json", {"a": 1})
    landing.stream()
    monkeypatch.setattr(observe, "_json", lambda _: pytest.fail("observed again"))

    landing.stream()
    landing.batch()


def test_columns_that_differ_only_in_case_are_one(landing):
    landing.put("a.json", {"ID": 1, "name": "x"}, {"id": 2, "name": "y"})

    rows = landing.update(inferColumnTypes="true")

    assert list(rows[0]) == ["ID", "name", "_rescued_data"]
    assert [row["ID"] for row in rows] == [1, None]
    assert [row["_rescued_data"] is None for row in rows] == [True, False]


def test_a_batch_remembers_nothing(landing):
    landing.put("a.json", {"a": 1})
    landing.batch()

    assert not landing.store.exists()
