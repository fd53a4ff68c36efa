"""Tables that source writes itself, outside dataset functions."""

from __future__ import annotations

import pytest

from millpond import codes

pytestmark = pytest.mark.spark

SOURCE = """
from pyspark import pipelines as dp
from pyspark.sql import functions as F
from delta.tables import DeltaTable

spark.sql("CREATE SCHEMA IF NOT EXISTS main.ref")
labels = spark.range(2).withColumn("label", F.lit("old"))
labels.write.mode("overwrite").format("parquet").saveAsTable("main.ref.labels")
labels.write.mode("append").saveAsTable("main.ref.appended")  # which is not there yet
spark.sql("USE SCHEMA ref")
spark.range(2, 3).withColumn("label", F.lit("new")).write.insertInto("labels")
spark.sql('''-- rules of the day
    CREATE TABLE IF NOT EXISTS Rules (name STRING, rule STRING)''')
spark.sql("TRUNCATE TABLE rules")
spark.sql("INSERT INTO rules SELECT concat('10', id), 'id > 0' FROM labels WHERE id = 1")
labels.createOrReplaceTempView("updates")
spark.sql('''MERGE INTO rules USING updates u ON u.id = rules.name
    WHEN NOT MATCHED AND u.id = 1 THEN INSERT (name, rule) VALUES (u.id, 'id >= 0')''')
spark.range(1).writeTo("main.other.v2").createOrReplace()
spark.sql("CREATE TABLE IF NOT EXISTS gone (id INT)")
spark.sql("DROP TABLE gone")
spark.sql("DROP TABLE IF EXISTS never")
assert not spark.catalog.tableExists("main.ref.gone")
RULES = {row.name: row.rule for row in spark.table("rules").collect()}

@dp.materialized_view
@dp.expect_all(RULES)
def main_view():
    return spark.read.table("main.ref.labels").join(spark.read.table("main.other.v2"), "id", "left")

@dp.foreach_batch_sink(name="upserts")
def upserts(batch, number):
    batch.sparkSession.sql("CREATE TABLE IF NOT EXISTS main.ref.seen (id BIGINT, n BIGINT)")
    seen = DeltaTable.forName(batch.sparkSession, "main.ref.seen").alias("t")
    merge = seen.merge(batch.alias("s"), "s.id = t.id")
    merge.whenMatchedUpdate(set={"n": "t.n + 1"}).whenNotMatchedInsertAll().execute()

@dp.append_flow(target="upserts")
def changes():
    return spark.readStream.format("delta").load("{events}").selectExpr("id", "1L AS n")
"""


def test_they_are_read_by_name_and_are_what_they_would_be_after_every_update(project):
    for number in (1, 2):
        events = project.data("events", [(1,), (1 + number,)], "id BIGINT")
        summary = project.run(SOURCE.replace("{events}", events))

        assert summary.state == "COMPLETED", summary.errors
        assert project.rows("SELECT id, label FROM main_view") == [
            (0, "old"),
            (1, "old"),
            (2, "new"),
        ]
        assert len(project.rows("SELECT * FROM ref.appended")) == 2 * number
        assert project.rows("SELECT * FROM ref.rules") == [("1", "id >= 0"), ("101", "id > 0")]
        assert project.rows("SELECT * FROM other.v2") == [(0,)]
    assert project.rows("SELECT * FROM ref.seen") == [(1, 2), (2, 1), (3, 1)]


REFUSED = {
    "spark.range(1).write.mode('append').saveAsTable('t')": codes.WRITE_TO_DATASET,
    "spark.sql('INSERT INTO main.default.t VALUES (1)')": codes.WRITE_TO_DATASET,
    "spark.sql('DROP TABLE t')": codes.WRITE_TO_DATASET,
    "spark.sql('DROP TABLE nothing')": codes.TABLE_OR_VIEW_NOT_FOUND,
    "spark.readStream.table('t').writeStream.toTable('u')": codes.STREAM_STARTED_BY_SOURCE,
}


def test_what_source_may_not_write_is_refused_at_its_line(project):
    made = "CREATE MATERIALIZED VIEW t AS SELECT 1L AS id;"
    assert project.run({"t.sql": made}).state == "COMPLETED"

    files = {f"p{number}.py": f"pass\n{call}\n" for number, call in enumerate(REFUSED)}
    summary = project.run({"t.sql": made, **files})

    told = [(error.code, error.at.line) for error in summary.errors]
    assert told == [(code.name, 2) for code in REFUSED.values()]
    assert project.rows("SELECT * FROM t") == [(1,)]
