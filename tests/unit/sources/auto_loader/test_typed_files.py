"""Parquet, ORC, Avro and XML: types of their own, evolution, and what does not fit."""

from __future__ import annotations

import json

import pytest

from millpond import codes
from millpond.errors import MillpondError
from millpond.sources.connectors import connect

pytestmark = pytest.mark.spark

SELF_DESCRIBING = ["parquet", "orc", "avro"]


@pytest.fixture
def write(landing):
    """Write a file of a format below the landing folder from a SQL query."""

    def files(format, name, query):
        if format == "avro":
            try:
                connect(landing.spark, "avro", None)
            except MillpondError as error:
                pytest.skip(f"its jar cannot be fetched: {error}")
        writer = landing.spark.sql(query).coalesce(1).write.format(format)
        writer.save(str(landing.folder / name))

    return files


def types(frame):
    return {field.name: field.dataType.simpleString() for field in frame.schema.fields}


@pytest.mark.parametrize("format", SELF_DESCRIBING)
def test_files_keep_their_types_and_columns_are_added(landing, write, format):
    write(format, "one", "SELECT 1 AS id")
    assert landing.update(format) == [{"id": 1, "_rescued_data": None}]
    write(format, "two", "SELECT 2 AS id, 'x' AS name")

    assert landing.update(format) == [{"id": 2, "name": "x", "_rescued_data": None}]


@pytest.mark.parametrize("format", SELF_DESCRIBING)
def test_other_columns_are_rescued_under_a_given_schema(landing, write, format):
    write(format, "one", "SELECT 1 AS id, 'x' AS name, CAST(NULL AS INT) AS nothing")

    (row,) = landing.update(format, schema="id INT", rescuedDataColumn="_rescued_data")

    rescued = json.loads(row["_rescued_data"])
    assert (row["id"], rescued.pop("name")) == (1, "x")
    assert list(rescued) == ["_file_path"]


@pytest.mark.parametrize("format", SELF_DESCRIBING)
def test_a_hint_casts_and_what_does_not_fit_is_rescued(landing, write, format):
    write(format, "one", "SELECT * FROM VALUES ('1', 'a'), ('one', 'b') AS t(id, name)")

    first, second = sorted(
        landing.update(format, schemaHints="id INT", schemaEvolutionMode="rescue"),
        key=lambda row: row["name"],
    )

    assert (first["id"], first["_rescued_data"]) == (1, None)
    assert second["id"] is None
    assert json.loads(second["_rescued_data"])["id"] == "one"


def test_xml_columns_are_text_unless_types_are_inferred(landing):
    landing.put("a.xml", "<rows><row><id>1</id><a><b>x</b></a></row></rows>")

    assert types(landing.stream("xml", rowTag="row")) == {
        "a": "string",
        "id": "string",
        "_rescued_data": "string",
    }
    landing.store = landing.store.with_name("other")
    assert types(landing.stream("xml", rowTag="row", inferColumnTypes="true")) == {
        "a": "struct<b:string>",
        "id": "bigint",
        "_rescued_data": "string",
    }


def test_xml_elements_without_a_column_and_values_of_another_type_are_rescued(landing):
    landing.put("a.xml", "<rows><row><id>x</id><name>n</name></row><row><id>2</id></row></rows>")

    first, second = landing.update(
        "xml", rowTag="row", schema="id INT", rescuedDataColumn="_rescued_data"
    )

    rescued = json.loads(first["_rescued_data"])
    assert (first["id"], rescued["id"], rescued["name"]) == (None, "x", "n")
    assert second == {"id": 2, "_rescued_data": None}


def test_xml_needs_the_tag_of_its_rows(landing):
    landing.put("a.xml", "<rows><row><id>1</id></row></rows>")

    with pytest.raises(MillpondError) as raised:
        landing.stream("xml")

    assert raised.value.code is codes.CF_OPTION_REQUIRED
    assert raised.value.params["option"] == "rowTag"
