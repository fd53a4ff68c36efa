"""What a dataset function may not do is refused at its line; a file's top level may do it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.spark

FORBIDDEN = {
    "frame.collect()": "collect()",
    "frame.count()": "count()",
    "frame.head(1)": "head()",
    "frame.toPandas()": "toPandas()",
    "frame.pandas_api().to_pandas()": "to_pandas()",
    "frame.show()": "show()",
    "display(frame)": "display()",
    "frame.foreach(print)": "foreach()",
    "frame.rdd.map(lambda row: row).collect()": "rdd.collect()",
    "frame.rdd.isEmpty()": "rdd.isEmpty()",
    "frame.write.csv('x')": "write.csv()",
    "frame.write.format('delta').save('x')": "write.save()",
    "frame.write.mode('append').saveAsTable('x')": "write.saveAsTable()",
    "frame.write.insertInto('x')": "write.insertInto()",
    "frame.writeTo('x').append()": "writeTo().append()",
    "rate.writeStream.start()": "writeStream.start()",
    "rate.writeStream.toTable('x')": "writeStream.toTable()",
    "frame.groupBy('id').pivot('id').count()": "pivot() without a list of values",
    "spark.sql('INSERT INTO x VALUES (1)')": "spark.sql(INSERT ...)",
    "spark.sql('-- first\\nDROP TABLE x')": "spark.sql(DROP ...)",
}

SOURCE = """
import dlt

numbers = spark.range(3).collect()
total = spark.range(3).toPandas()["id"].sum()
frame = spark.range(len(numbers))
rate = spark.readStream.format("rate").load()

{}
"""

ALLOWED = """
@dlt.table
def from_rows():
    return frame.rdd.map(lambda row: (row.id,)).toDF(["id"])
"""
"""Spark looks at a row there of its own accord."""

FUNCTION = """
@dlt.table
def t{}():
    result = {}
    return frame
"""


@pytest.mark.filterwarnings("ignore:`to_pandas` loads all data")
def test_every_call_that_databricks_forbids(project) -> None:
    calls = enumerate(FORBIDDEN)
    text = SOURCE.format("".join(FUNCTION.format(number, call) for number, call in calls))
    file = project.write("source/pipeline.py", text + ALLOWED)
    summary = project.run()
    lines = file.read_text().splitlines()
    told = {
        lines[error.at.line - 1].removeprefix("    result = "): error.message.partition(" may")[0]
        for error in summary.errors
        if error.code == "FORBIDDEN_IN_DATASET_FUNCTION"
    }
    assert told == FORBIDDEN
    assert len(summary.errors) == len(FORBIDDEN)


def test_what_only_looks_like_an_action(project) -> None:
    summary = project.run(
        """
        import dlt

        @dlt.table
        def t():
            frame = spark.sql("SELECT 1 AS id")
            assert frame.columns == ["id"]
            assert frame.schema.simpleString() == "struct<id:int>"
            assert not frame.isEmpty()
            spark.sql("CREATE OR REPLACE TEMP VIEW one AS SELECT 1 AS id")
            return frame.groupBy("id").pivot("id", [1, 2]).count()
        """
    )
    assert summary.state == "COMPLETED", summary.errors
