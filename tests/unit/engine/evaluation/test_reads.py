"""Spark's own readers, with the options and expressions that only Databricks has."""

from __future__ import annotations

import json

import pytest

from millpond import codes
from millpond.sources.inputs import load_inputs

pytestmark = pytest.mark.spark

READ = """
from pyspark import pipelines as dp
from pyspark.sql import functions as F

JSON = "/Volumes/m/s/json"
CSV = "/Volumes/m/s/csv"

@dp.materialized_view
def given():
    reader = spark.read.schema("id INT, name STRING").option("rescuedDataColumn", "_rescued")
    return reader.json(JSON)

@dp.table
def streamed():
    reader = spark.readStream.schema("id INT").options(rescuedDataColumn="_r", header=True)
    return reader.format("csv").load(CSV)

@dp.materialized_view
def good():
    reader = spark.read.option("badRecordsPath", "/Volumes/m/s/bad").schema("id INT, name STRING")
    return reader.json(JSON)

@dp.materialized_view
def several():
    return spark.read.schema("id INT").parquet("/Volumes/m/s/p1", "/Volumes/m/s/p2")

@dp.materialized_view
def elements():
    return spark.read.xml("/Volumes/m/s/xml", rowTag="row")

@dp.materialized_view
def named():
    frame = spark.read.schema("id INT, doc STRING, name STRING").json(JSON)
    return (
        frame.withColumn("file", F.expr("input_file_name()"))
        .withColumn("k", F.expr("doc:n::INT"))
        .selectExpr("id", "file", "k", "doc:n", "name?::INT AS number")
        .where("id = 1")
    ).selectExpr("*", "input_file_name() AS again")
"""


def put(folder, name, *lines):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")


@pytest.fixture
def landed(project):
    first = {"id": 1, "name": "7", "doc": '{"n": 5}', "new": True}
    put(project.folder, "json/a.json", first, {"id": "two", "name": "b"})
    put(project.folder, "json/b.jsn", {"id": 3, "name": "c"})
    put(project.folder, "csv/a.csv", "id,extra", "1,x", "two,y")
    put(project.folder, "xml/a.xml", "<rows><row><id>1</id></row></rows>")
    for number in (1, 2):
        frame = project.spark.range(number, number + 1).selectExpr("CAST(id AS INT) AS id")
        frame.write.parquet(str(project.folder / f"p{number}"))
    (project.folder / "millpond.yml").write_text("paths:\n  /Volumes/m/s: .\n", encoding="utf-8")
    return load_inputs(project.folder / "millpond.yml", "dev")


def test_options_and_words_of_databricks_have_the_effect_they_have_there(project, landed):
    summary = project.run(READ, inputs=landed)

    assert summary.state == "COMPLETED", summary.errors
    uri = "dbfs:/Volumes/m/s/json/a.json"
    rows = {id: (name, rescued) for id, name, rescued in project.rows("SELECT * FROM given")}
    assert json.loads(rows[1][1]) == {"doc": '{"n": 5}', "new": True, "_file_path": uri}
    assert rows[None][0] == "b"
    assert json.loads(rows[None][1]) == {"id": "two", "_file_path": uri}
    assert rows[3] == ("c", None)
    rows = {id: json.loads(rest) for id, rest in project.rows("SELECT * FROM streamed")}
    assert rows[1] == {"extra": "x", "_file_path": "dbfs:/Volumes/m/s/csv/a.csv"}
    assert rows[None]["id"] == "two"
    assert project.rows("SELECT id FROM good ORDER BY id") == [(1,), (3,)]
    assert project.rows("SELECT id FROM several ORDER BY id") == [(1,), (2,)]
    assert project.rows("SELECT id FROM elements") == [(1,)]
    assert project.rows("SELECT * FROM named") == [(1, uri, 5, "5", 7, uri)]


def test_an_option_that_cannot_be_had_is_refused_where_it_is_written(project, landed):
    source = """
    import dlt

    @dlt.table
    def t():
        reader = spark.read.option("header", True)
        reader = reader.option("skipRows", 2)
        return reader.csv("/Volumes/m/s/csv")
    """
    (error,) = project.run(source, inputs=landed).errors

    assert (error.code, error.at.line) == (codes.OPTION_ONLY_ON_DATABRICKS.name, 6)


def test_a_path_of_which_the_column_is_not_known_is_told_at_its_line(project):
    source = """
    import dlt
    from pyspark.sql import functions as F

    @dlt.table
    def t():
        frame = spark.range(1).withColumn("doc", F.lit("{}"))
        return frame.select(F.expr("doc:a"))
    """
    (error,) = project.run(source).errors

    assert (error.code, error.at.line) == (codes.PATH_INTO_STRING.name, 7)
