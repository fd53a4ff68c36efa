"""Notebooks in the graph: cells of both languages and the notebooks that they run."""

from __future__ import annotations


def test_cells_of_both_languages(draw) -> None:
    graph = draw(
        """\
        # Databricks notebook source
        # MAGIC %pip install whatever-it-is

        # COMMAND ----------

        import dlt

        @dlt.table
        def a():
            return spark.readStream.table("raw")

        # COMMAND ----------

        # MAGIC %sql
        # MAGIC CREATE MATERIALIZED VIEW b AS SELECT * FROM a
        """
    )
    assert graph.edges == {("raw", "a"), ("a", "b")}
    assert (graph["a"].at.line, graph["b"].at.line) == (8, 15)
    assert graph.warnings == []


def test_a_notebook_that_is_run_has_its_own_lines(draw) -> None:
    graph = draw(
        """\
        # Databricks notebook source
        # MAGIC %run ./shared

        # COMMAND ----------

        import dlt

        @dlt.table(name=NAME)
        def b():
            return read("a")
        """,
        files={
            "shared.py": """\
            # Databricks notebook source

            import dlt

            NAME = "silver"

            def read(name):
                return spark.read.table(name)

            @dlt.table
            def a():
                return read("raw")
            """
        },
    )
    assert graph.edges == {("raw", "a"), ("a", "silver")}
    assert (graph["a"].at.file.name, graph["a"].at.line) == ("shared.py", 10)
    assert (graph["silver"].at.file.name, graph["silver"].at.line) == ("source.py", 8)
