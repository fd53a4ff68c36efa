"""Which files are read and when; their metadata; formats; what Auto Loader refuses."""

from __future__ import annotations

import json
import os

import pytest
from pyspark.sql import functions as F

from millpond import codes
from millpond.errors import MillpondError
from millpond.sources.auto_loader import ignored_options, with_metadata_column

pytestmark = pytest.mark.spark

WEEK = 7 * 86400


def ids(rows):
    return sorted(row["id"] for row in rows)


def error_of(landing, *args, **options):
    with pytest.raises(MillpondError) as raised:
        landing.stream(*args, **options)
    assert raised.value.at == landing.request().at
    return raised.value


def test_an_update_reads_the_files_that_are_new(landing):
    landing.put("a.json", {"id": 1})
    assert ids(landing.update(schema="id INT")) == [1]
    assert ids(landing.update(schema="id INT")) == []
    landing.put("deep/b.json", {"id": 2})
    assert ids(landing.update(schema="id INT")) == [2]


def test_a_change_of_plan_keeps_the_checkpoint(landing):
    landing.put("a.json", {"id": 1})
    assert ids(landing.update(schemaHints="id INT")) == [1]
    landing.put("b.json", {"id": 2, "o": {}})
    assert ids(landing.update(schemaHints="id INT")) == [2]
    landing.put("c.json", {"id": 3})
    assert ids(landing.update(schema="id INT")) == [3]


def test_a_file_with_an_old_date_is_new_too(landing):
    landing.put("a.json", {"id": 1})
    landing.update(schema="id INT")
    file = landing.put("b.json", {"id": 2})
    os.utime(file, (1, 1))
    newer = landing.put("c.json", {"id": 3})
    os.utime(newer, (newer.stat().st_mtime + 60 * WEEK,) * 2)
    assert ids(landing.update(schema="id INT")) == [2, 3]
    older = landing.put("d.json", {"id": 4})
    os.utime(older, (2, 2))

    assert ids(landing.update(schema="id INT")) == [4]


def test_existing_files_can_be_left_out(landing):
    landing.put("a b.json", {"id": 1})
    options = {"schema": "id INT", "includeExistingFiles": "false"}
    assert ids(landing.update(**options)) == []
    landing.put("b.json", {"id": 2})
    assert ids(landing.update(**options)) == [2]


def test_files_can_be_chosen_by_name_path_and_time(landing):
    for name, number in {"x/a.json": 1, "x/b.jsonl": 2, "y/c.json": 3}.items():
        file = landing.put(name, {"id": number})
        os.utime(file, (number * 1000, number * 1000))

    def read(**options):
        return ids(row.asDict() for row in landing.batch(schema="id INT", **options).collect())

    assert read(pathGlobFilter="*.json") == [1, 3]
    assert read(pathGlobFilter="{a,b}.*") == [1, 2]
    assert read(path="/x") == [1, 2]
    assert read(path="/{y,z}/") == [3]
    assert read(path="/*/*.json") == [1, 3]
    assert read(path="/x/a.json") == [1]
    assert read(modifiedAfter="1970-01-01T00:30:00") == [2, 3]
    landing.checkpoint = landing.checkpoint.with_name("other")
    assert ids(landing.update(schema="id INT", modifiedAfter="1970-01-01T00:30:00Z")) == [2, 3]


@pytest.mark.parametrize(
    ("options", "batches"),
    [({}, 1), ({"maxFilesPerTrigger": "1"}, 3), ({"maxBytesPerTrigger": "1b"}, 3)],
)
def test_a_batch_has_as_many_files_as_are_allowed(landing, options, batches):
    for number in range(3):
        landing.put(f"{number}.json", {"id": number})
    found = []
    query = (
        landing.stream(schema="id INT", **options)
        .writeStream.foreachBatch(lambda _, batch: found.append(batch))
        .option("checkpointLocation", str(landing.checkpoint))
        .trigger(availableNow=True)
        .start()
    )
    query.awaitTermination()

    assert len(found) == batches


@pytest.mark.parametrize("format", ["json", "csv", "text"])
def test_metadata_resolves_after_projections_and_filters(landing, format):
    file = landing.put("a.file", "id")
    frame = landing.stream(format, schema=None if format == "text" else "id STRING")

    for chosen in (
        frame.select("*", "_metadata.file_path"),
        frame.withColumn("x", F.lit(1)).filter("x = 1").select("_metadata.file_path"),
        with_metadata_column(frame).select("_metadata.file_path"),
    ):
        assert chosen.isStreaming
    landing.spark.conf.set("spark.sql.streaming.checkpointLocation", str(landing.checkpoint))
    (row,) = landing.run(
        frame.filter("1 = 1").select(
            "_metadata.file_name", "_metadata.file_size", "_metadata.file_modification_time"
        )
    )
    landing.spark.conf.unset("spark.sql.streaming.checkpointLocation")
    assert (row["file_name"], row["file_size"]) == ("a.file", 3)
    assert row["file_modification_time"].timestamp() == pytest.approx(file.stat().st_mtime, abs=1)


@pytest.mark.parametrize("evolution", ["addNewColumns", "rescue"])
def test_metadata_resolves_on_both_plans_for_json(landing, evolution):
    landing.put("a.json", {"id": 1})
    landing.update(schemaEvolutionMode=evolution)
    landing.put("b.json", {"id": 1, "b": 2})

    frame = landing.stream(schemaEvolutionMode=evolution)

    (row,) = landing.run(frame.select("*", "_metadata.file_name"))
    assert row["file_name"] == "b.json"


def test_metadata_can_be_a_column_of_a_view(landing):
    landing.put("a.json", {"id": 1})
    with_metadata_column(landing.batch()).createOrReplaceTempView("files")

    (row,) = landing.spark.sql("SELECT id, _metadata.file_name FROM files").collect()

    assert tuple(row) == ("1", "a.json")


def test_a_path_that_is_not_mapped_is_the_one_that_the_user_knows(landing):
    file = landing.put("a.json", {"id": "x"})

    (row,) = landing.update(schemaHints="id INT", user_path=str(landing.folder))

    assert json.loads(row["_rescued_data"])["_file_path"] == f"file:{file}"


def test_text_and_binary_files_have_a_schema_of_their_own(landing):
    landing.put("day=1/a.txt", "one", "two")

    assert landing.update("text") == [{"value": "one", "day": "1"}, {"value": "two", "day": "1"}]
    landing.checkpoint = landing.folder.parent / "binary"
    for row in (*landing.update("binaryFile"), *landing.batch("binaryFile").collect()):
        assert (row["length"], bytes(row["content"]), row["day"]) == (8, b"one\ntwo\n", "1")


def test_parquet_files_gain_columns(landing):
    folder = str(landing.folder)
    landing.spark.sql("SELECT 1 AS id").write.parquet(f"{folder}/one")
    assert landing.update("parquet") == [{"id": 1, "_rescued_data": None}]
    landing.spark.sql("SELECT 2 AS id, 'x' AS name").write.parquet(f"{folder}/two")

    assert landing.update("parquet") == [{"id": 2, "name": "x", "_rescued_data": None}]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"format": "jsn"}, codes.CF_INVALID_OPTION_VALUE),
        ({"format": None}, codes.CF_FORMAT_NOT_SET),
        ({"inferColumnType": "true"}, codes.CF_UNKNOWN_OPTION_KEYS_ERROR),
        ({"inferColumnTypes": "yes"}, codes.CF_INVALID_OPTION_VALUE),
        (
            {"schemaEvolutionMode": "addNewColumnsWithTypeWidening"},
            codes.OPTION_ONLY_ON_DATABRICKS,
        ),
        ({"skipRows": "2", "format": "csv"}, codes.OPTION_ONLY_ON_DATABRICKS),
        ({"cleanSource": "ARCHIVE"}, codes.CF_INVALID_OPTION_VALUE),
        (
            {"schemaEvolutionMode": "addNewColumns", "schema": "id INT"},
            codes.CF_ADD_NEW_NOT_SUPPORTED,
        ),
        ({"mode": "LENIENT"}, codes.CF_INVALID_OPTION_VALUE),
        ({"modifiedAfter": "soon"}, codes.CF_INVALID_OPTION_VALUE),
    ],
)
def test_what_auto_loader_refuses_is_refused_where_the_user_wrote_it(landing, options, code):
    landing.put("a.json", {"id": 1})

    assert error_of(landing, **options).code is code


def test_a_misspelt_option_gets_a_suggestion(landing):
    error = error_of(landing, inferColumnType="true")

    assert error.params["key"] == "cloudFiles.inferColumnType"
    assert "cloudFiles.inferColumnTypes" in error.hint
    landing.put("a.json", {"id": 1})
    assert landing.stream(inferColumnType="true", validateOptions="false").columns


def test_options_that_only_a_cloud_needs_are_ignored(landing):
    landing.put("a.json", {"id": 1})
    options = {
        "useNotifications": "true",
        "REGION": "eu-west-1",
        "schemaLocation": "/Volumes/x",
        "resourceTag.team": "a",
        "inferColumnTypes": "true",
    }

    assert landing.update(**options)
    assert ignored_options(landing.request(**options)) == (
        "cloudFiles.useNotifications",
        "cloudFiles.REGION",
        "cloudFiles.schemaLocation",
        "cloudFiles.resourceTag.team",
    )
