"""What the tables of earlier updates allow; told before any data moves (reference 5.6 to 5.8)."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.engine.state import read_state

pytestmark = pytest.mark.spark

STREAM = """
    import dlt
    from pyspark.sql import functions as F

    @dlt.table
    def kept():
        return {read}
"""


def stream(path: str, more: str = "") -> str:
    return STREAM.format(read=f'spark.readStream.format("delta").load("{path}"){more}')


@pytest.fixture
def kept(project: Any) -> Any:
    project.path = project.data("numbers", [(1,), (2,)], "n INT")
    assert project.run(stream(project.path)).state == "COMPLETED"
    return project


def test_another_type_is_told_at_the_flow_before_anything_runs(kept: Any) -> None:
    """Even when there is no new data, which is what Delta would need to find out."""
    summary = kept.run(stream(kept.path, '.withColumn("n", F.lit("x"))'), dry_run=True)

    [error] = summary.errors
    assert (error.code, error.at.line) == ("INCOMPATIBLE_SCHEMA_CHANGE", 4)
    assert "it is int in the table, string in the query" in error.message
    assert "--full-refresh main.default.kept" in error.hint

    source = stream(kept.path, '.withColumn("n", F.lit("x"))')
    assert kept.run(source, full_refresh=("KEPT",)).errors == ()
    assert kept.rows("SELECT n FROM kept") == [("x",), ("x",)]


def test_a_narrower_type_a_new_column_and_a_missing_one_fit(kept: Any) -> None:
    narrower = '.select(F.col("n").cast("smallint").alias("n"), F.lit(1).alias("m"))'
    assert kept.run(stream(kept.path, narrower)).errors == ()
    kept.data("numbers", [(3,)], "n INT")
    summary = kept.run()
    [dataset] = summary.datasets
    assert dataset.rows_written == 1, "Delta's own conversion would lose the counts"
    kept.data("numbers", [(3,)], "n INT")
    assert kept.run(stream(kept.path, '.select(F.lit(7).alias("m"))')).errors == ()

    assert kept.rows("SELECT n, m FROM kept") == [(1, None), (2, None), (3, 1), (None, 7)]


def test_a_streaming_table_becomes_a_materialized_view_only_if_asked(kept: Any) -> None:
    source = stream(kept.path).replace("readStream", "read")
    [error] = kept.run(source).errors

    assert error.code == "DATASET_KIND_CHANGED"
    assert kept.rows("SELECT n FROM kept") == [(1,), (2,)]
    assert kept.run(source, full_refresh_all=True).errors == ()


def test_a_source_made_anew_is_told_with_the_remedies(kept: Any) -> None:
    other = kept.data("others", [(5,)], "n INT")
    [error] = kept.run(stream(other)).errors

    assert error.code == "DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE"
    assert "--reset-checkpoint main.default.kept" in error.hint
    assert kept.run(reset_checkpoint=("Kept",)).errors == ()
    assert kept.rows("SELECT n FROM kept") == [(1,), (2,), (5,)]


def test_updated_rows_in_a_source_are_told_and_can_be_skipped(kept: Any) -> None:
    kept.spark.sql(f"UPDATE delta.`{kept.path}` SET n = 9 WHERE n = 1")
    [error] = kept.run().errors

    assert error.code == "DELTA_SOURCE_TABLE_IGNORE_CHANGES"
    skipping = stream(kept.path).replace("Stream.", 'Stream.option("skipChangeCommits", "true").')
    assert kept.run(skipping).errors == ()


def test_an_inactive_table_is_dropped_if_the_pipeline_says_so(kept: Any) -> None:
    other = "import dlt\n@dlt.table\ndef other():\n    return spark.range(1)\n"
    kept.run(other)
    assert read_state(kept.state).tables["main.default.kept"].active is False

    kept.run(other, configuration={"pipelines.dropInactiveTables": "true"})
    assert "main.default.kept" not in read_state(kept.state).tables
    assert not list(kept.state.glob("tables/main/default/kept/*"))


def test_an_inactive_table_that_comes_back_goes_on(kept: Any) -> None:
    kept.run("import dlt\n@dlt.table\ndef other():\n    return spark.range(1)\n")
    kept.data("numbers", [(3,)], "n INT")
    summary = kept.run(stream(kept.path))

    assert [each.rows_written for each in summary.datasets] == [1]
    assert kept.rows("SELECT n FROM kept") == [(1,), (2,), (3,)]


def test_a_table_that_forbids_reset_is_not_reset_by_name(project: Any) -> None:
    path = project.data("numbers", [(1,)], "n INT")
    source = stream(path).replace(
        "@dlt.table", '@dlt.table(table_properties={"pipelines.reset.allowed": "false"})'
    )
    [error] = project.run(source, full_refresh=("kept",)).errors

    assert error.code == "RESET_NOT_ALLOWED"


def test_files_that_need_to_be_read_another_way_are_the_same_source(project: Any) -> None:
    """New fields that are to be rescued make Auto Loader read JSON as text."""
    source = """
        import dlt

        @dlt.table
        def kept():
            reader = spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
            return reader.option("cloudFiles.schemaEvolutionMode", "rescue").load("{}")
    """
    project.write("landing/a.json", '{"n": 1}')
    source = source.format(project.folder / "landing")
    assert project.run(source).errors == ()
    project.write("landing/b.json", '{"n": 2, "m": 3}')

    assert project.run(source).errors == ()
    rows = project.rows("SELECT n, get_json_object(_rescued_data, '$.m') FROM kept")
    assert rows == [("1", None), ("2", "3")]


def test_a_source_more_is_told_before_the_stream_starts(kept: Any) -> None:
    other = kept.data("others", [(5,)], "n INT")
    more = f'.union(spark.readStream.format("delta").load("{other}"))'
    [error] = kept.run(stream(kept.path, more)).errors

    assert (error.code, error.at.line) == ("STREAMING_SOURCES_CHANGED", 4)
    assert "--reset-checkpoint main.default.kept" in error.hint
