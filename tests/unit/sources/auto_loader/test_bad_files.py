"""Records that cannot be parsed, and files that cannot be read."""

from __future__ import annotations

import gzip

import pytest

pytestmark = pytest.mark.spark


@pytest.mark.parametrize("schema", [None, "id INT"])
@pytest.mark.parametrize(("format", "bad"), [("json", '{"id": '), ("csv", "1,2,3")])
def test_bad_records_path_leaves_bad_records_out(landing, format, bad, schema):
    good = {"json": ['{"id": 1}', bad, '{"id": 2}'], "csv": ["id", "1", bad, "2"]}[format]
    landing.put(f"a.{format}", *good)
    header = {"header": "true"} if format == "csv" else {}

    rows = landing.update(format, schema, badRecordsPath="/Volumes/bad", **header)

    assert [int(row["id"]) for row in rows] == [1, 2]


@pytest.mark.parametrize("format", ["json", "csv", "parquet", "avro", "orc", "xml"])
def test_ignore_corrupt_files_reads_the_others(landing, format):
    if format in ("json", "csv"):
        landing.put(f"a.{format}", *(["id", "1"] if format == "csv" else ['{"id": 1}']))
        packed = gzip.compress(b"id\n" + b"2\n" * 90000)
        (landing.folder / f"b.{format}.gz").write_bytes(packed[: len(packed) // 2])
        (landing.folder / f"c.{format}.gz").write_bytes(b"no gzip at all")
    elif format == "xml":
        landing.put("a.xml", "<rows><r><id>1</id></r></rows>")
        (landing.folder / "b.xml.gz").write_bytes(b"no gzip at all")
    else:
        if format == "avro":
            from millpond.sources.connectors import connect

            connect(landing.spark, "avro", None)
        landing.spark.sql("SELECT 1 AS id").write.format(format).save(str(landing.folder / "one"))
        (landing.folder / f"b.{format}").write_bytes(b"this is no such file")
    named = {"rowTag": "r"} if format == "xml" else {}

    rows = landing.update(format, ignoreCorruptFiles="true", ignoreMissingFiles="true", **named)

    assert "1" in [str(row["id"]) for row in rows]


def test_a_pattern_of_file_names_has_two_spellings(landing):
    landing.put("a.json", {"id": 1})
    landing.put("b.txt", {"id": 2})

    assert [row["id"] for row in landing.update(fileNamePattern="*.json")] == ["1"]


@pytest.mark.parametrize(
    ("format", "lines"),
    [
        ("json", [{"id": 1, "x": [1, {"y": None}]}]),
        ("csv", ["id,x", "1,2"]),
        ("xml", ["<rows><r><id>1</id></r></rows>"]),
    ],
)
def test_a_whole_record_as_one_variant(landing, format, lines):
    landing.put(f"day=3/a.{format}", *lines)
    named = {"json": {}, "csv": {"header": "true"}, "xml": {"rowTag": "r"}}[format]

    (row,) = landing.update(format, singleVariantColumn="record", **named)

    assert list(row) == ["record", "day"]
    assert int(row["record"].toPython()["id"]) == 1
