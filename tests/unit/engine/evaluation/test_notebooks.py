"""Notebooks run end to end: both languages, a notebook they run, a helper's UDF in a worker."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.spark


def test_a_pipeline_of_notebooks(project) -> None:
    """The module is imported in a dataset function, and its UDF reaches Spark's workers."""
    project.write(
        "source/helpers/words.py",
        """
        from pyspark.sql.functions import udf

        @udf("string")
        def shout(word):
            return word.upper() + mark()

        def mark():
            return "!"
        """,
    )
    project.write(
        "source/helpers/setup.py",
        """
        # Databricks notebook source
        WORDS = ["a", "b"]
        display(WORDS)
        """,
    )
    summary = project.run(
        {
            "bronze.py": """
            # Databricks notebook source
            # MAGIC %run ./helpers/setup

            # COMMAND ----------

            import dlt

            @dlt.table
            def words():
                from helpers.words import shout

                frame = spark.createDataFrame([(word,) for word in WORDS], "word string")
                return frame.select(shout("word").alias("word"))

            # COMMAND ----------

            # MAGIC %sql
            # MAGIC CREATE MATERIALIZED VIEW counted AS
            # MAGIC SELECT word, count(*) AS n FROM words GROUP BY word
            """,
            "gold.sql": """
            -- Databricks notebook source
            CREATE MATERIALIZED VIEW first AS SELECT min(word) AS word FROM counted

            -- COMMAND ----------

            SELECT * FROM first
            """,
        }
    )
    assert summary.state == "COMPLETED", summary.errors
    assert project.rows("SELECT * FROM counted") == [("A!", 1), ("B!", 1)]
    assert project.rows("SELECT * FROM first") == [("A!",)]
