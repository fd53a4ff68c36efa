"""Updates: what runs, what is read again, what survives (reference 5)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from millpond.engine.state import open_state, read_state
from millpond.errors import Failures, MillpondError

pytestmark = pytest.mark.spark

CHAIN = """
    import dlt
    from pyspark.sql import functions as F

    @dlt.table
    def raw():
        return spark.readStream.format("delta").load("{path}")

    @dlt.table
    def doubled():
        return dlt.read_stream("raw").select((F.col("n") * 2).alias("n"))

    @dlt.table
    def total():
        return spark.read.table("doubled").agg(F.sum("n").alias("total"))
"""


def statuses(summary: Any) -> dict[str, str]:
    return {each.name.rsplit(".", 1)[-1]: each.status for each in summary.datasets}


def written(summary: Any) -> dict[str, int]:
    return {each.name.rsplit(".", 1)[-1]: each.rows_written for each in summary.datasets}


@pytest.fixture
def chain(project: Any) -> Any:
    path = project.data("numbers", [(1,), (2,)], "n INT")
    project.run(CHAIN.format(path=path))
    return project


def test_a_batch_frame_makes_a_materialized_view_and_a_stream_a_streaming_table(
    chain: Any,
) -> None:
    kinds = {table.name: table.kind for table in read_state(chain.state).tables.values()}
    assert kinds == {
        "raw": "STREAMING_TABLE",
        "doubled": "STREAMING_TABLE",
        "total": "MATERIALIZED_VIEW",
    }


def test_a_second_update_processes_only_what_is_new(chain: Any) -> None:
    chain.data("numbers", [(10,)], "n INT")
    summary = chain.run()

    assert written(summary) == {"raw": 1, "doubled": 1, "total": 1}
    assert chain.rows("SELECT n FROM doubled") == [(2,), (20,), (4,)]
    assert chain.rows("SELECT total FROM total") == [(26,)]


def test_a_full_refresh_reads_everything_again(chain: Any) -> None:
    summary = chain.run(full_refresh_all=True)

    assert written(summary) == {"raw": 2, "doubled": 2, "total": 1}
    assert chain.rows("SELECT n FROM doubled") == [(2,), (4,)]


def test_full_refresh_twice_does_not_lose_batches_to_delta_transaction_ids(chain: Any) -> None:
    for _ in range(2):
        chain.run(full_refresh_all=True)

    assert chain.rows("SELECT n FROM raw") == [(1,), (2,)]


def test_a_selected_refresh_leaves_the_others_out(chain: Any) -> None:
    chain.data("numbers", [(10,)], "n INT")
    summary = chain.run(refresh=("raw",))

    assert statuses(summary) == {"raw": "COMPLETED", "doubled": "EXCLUDED", "total": "EXCLUDED"}
    assert len(chain.rows("SELECT * FROM raw")) == 3
    assert len(chain.rows("SELECT * FROM doubled")) == 2


def test_a_selected_full_refresh_empties_only_that_table(chain: Any) -> None:
    summary = chain.run(full_refresh=("main.default.raw",))

    assert written(summary) == {"raw": 2, "doubled": 0, "total": 0}
    assert len(chain.rows("SELECT * FROM raw")) == 2


def test_a_table_that_forbids_reset_keeps_its_rows(project: Any) -> None:
    path = project.data("numbers", [(1,)], "n INT")
    source = f"""
        import dlt

        @dlt.table(table_properties={{"pipelines.reset.allowed": "false"}})
        def kept():
            return spark.readStream.format("delta").load("{path}")
    """
    project.run(source)
    project.data("numbers", [(2,)], "n INT")
    summary = project.run(full_refresh_all=True)

    assert written(summary) == {"kept": 1}
    assert project.rows("SELECT n FROM kept") == [(1,), (2,)]


def test_a_dry_run_resolves_and_writes_nothing(project: Any) -> None:
    path = project.data("numbers", [(1,)], "n INT")
    summary = project.run(CHAIN.format(path=path), dry_run=True)

    assert summary.state == "COMPLETED"
    assert not (project.state / "tables").exists()


def test_an_unknown_selection_is_an_error_with_a_suggestion(chain: Any) -> None:
    [error] = chain.run(refresh=("duobled",)).errors

    assert error.code == "UNKNOWN_SELECTION"
    assert "did you mean 'main.default.doubled'" in error.message


def test_a_failed_flow_skips_its_readers_and_no_one_else(project: Any) -> None:
    path = project.data("numbers", [(0,), (1,)], "n INT")
    summary = project.run(f"""
        import dlt

        @dlt.table
        @dlt.expect_or_fail("positive", "n > 0")
        def broken():
            return spark.readStream.format("delta").load("{path}")

        @dlt.view
        def seen():
            return spark.read.table("broken")

        @dlt.table
        def after():
            return spark.read.table("seen")

        @dlt.table
        def beside():
            return spark.read.format("delta").load("{path}")
    """)

    assert summary.state == "FAILED"
    found = statuses(summary)
    assert (found["broken"], found["after"], found["beside"]) == ("FAILED", "SKIPPED", "COMPLETED")


def test_a_failed_materialized_view_keeps_its_old_rows(project: Any) -> None:
    path = project.data("numbers", [(1,)], "n INT")
    source = """
        import dlt
        from pyspark.sql import functions as F

        @dlt.table
        def ratio():
            numbers = spark.read.format("delta").load("{path}")
            return numbers.select((F.lit(6) / F.col("n")).alias("r"))
    """
    project.run(source.format(path=path))
    project.data("numbers", [(0,)], "n INT")
    summary = project.run()

    assert summary.state == "FAILED"
    assert project.rows("SELECT r FROM ratio") == [(6.0,)]


def test_a_replayed_batch_is_written_once(chain: Any) -> None:
    """Removing the checkpoint's commit makes Spark run the batch again, with the same id."""
    [checkpoint] = (chain.state / "checkpoints/main/default/doubled/0").iterdir()
    for commit in (checkpoint / "commits").iterdir():
        commit.unlink()
    chain.run()

    assert chain.rows("SELECT n FROM doubled") == [(2,), (4,)]


def test_without_deltas_transaction_ids_the_replay_would_be_written_twice(chain: Any) -> None:
    """The guard of the test above is what makes it pass: a new checkpoint writes all again."""
    shutil.rmtree(chain.state / "checkpoints/main/default/doubled")
    chain.run()

    assert chain.rows("SELECT n FROM doubled") == [(2,), (2,), (4,), (4,)]


def test_a_table_whose_definition_is_gone_becomes_inactive_and_stays(chain: Any) -> None:
    path = chain.folder / "outside/numbers"
    chain.run(f"""
        import dlt

        @dlt.table
        def raw():
            return spark.readStream.format("delta").load("{path}")
    """)

    active = {table.name: table.active for table in read_state(chain.state).tables.values()}
    assert active == {"raw": True, "doubled": False, "total": False}
    assert len(chain.rows("SELECT * FROM doubled")) == 2


def test_several_flows_append_to_one_table(project: Any) -> None:
    one = project.data("one", [(1,)], "n INT")
    two = project.data("two", [(2, "x")], "n INT, s STRING")
    summary = project.run(f"""
        from pyspark import pipelines as dp

        dp.create_streaming_table("both", expect_all_or_drop={{"small": "n < 5"}})

        for name, path in (("one", "{one}"), ("two", "{two}")):
            @dp.append_flow(target="both", name=f"from_{{name}}")
            def flow(path=path):
                return spark.readStream.format("delta").load(path)
    """)

    assert summary.errors == ()
    assert written(summary) == {"both": 2}
    assert project.rows("SELECT n, s FROM both") == [(1, None), (2, "x")]
    assert [rule.passed for rule in summary.datasets[0].expectations] == [2]


def test_new_columns_are_added_and_old_rows_have_nulls(project: Any) -> None:
    path = project.data("numbers", [(1,)], "n INT")
    source = """
        import dlt
        from pyspark.sql import functions as F

        @dlt.table
        def grown():
            return spark.readStream.format("delta").load("{path}"){more}
    """
    project.run(source.format(path=path, more=""))
    project.data("numbers", [(2,)], "n INT")
    project.run(source.format(path=path, more='.withColumn("s", F.lit("x"))'))

    assert project.rows("SELECT n, s FROM grown") == [(1, None), (2, "x")]


def test_a_dataset_that_becomes_another_kind_starts_anew(project: Any) -> None:
    path = project.data("numbers", [(1,), (2,)], "n INT")
    source = """
        import dlt

        @dlt.table
        def numbers():
            return spark.{read}.format("delta").load("{path}")
    """
    project.run(source.format(read="read", path=path))
    project.run(source.format(read="readStream", path=path))

    assert project.rows("SELECT n FROM numbers") == [(1,), (2,)]


def test_a_once_flow_in_sql(project: Any) -> None:
    project.run(
        {
            "a.sql": """
            CREATE STREAMING TABLE t;
            CREATE FLOW f AS INSERT INTO ONCE t BY NAME SELECT 1 AS n;
        """,
        }
    )

    assert project.rows("SELECT n FROM t") == [(1,)]


def test_sql_and_python_read_each_other_by_any_form_of_the_name(project: Any) -> None:
    path = project.data("numbers", [(1,), (2,)], "n INT")
    summary = project.run(
        {
            "a.py": f"""
            import dlt

            @dlt.table(name="raw")
            def _():
                return spark.readStream.format("delta").load("{path}")

            @dlt.table
            def last():
                return spark.sql("SELECT count(*) AS c FROM LIVE.filtered WHERE filtered.n > 0")
        """,
            "b.sql": """
            CREATE OR REFRESH STREAMING TABLE filtered COMMENT 'from raw' AS
            SELECT RAW.n FROM STREAM(main.default.raw) WHERE raw.n > 1;

            CREATE OR REFRESH MATERIALIZED VIEW other.`sub total` AS
            WITH filtered AS (SELECT * FROM filtered) SELECT sum(n) AS total FROM filtered
        """,
        }
    )

    assert summary.errors == ()
    assert project.rows("SELECT c FROM last") == [(1,)]
    assert project.rows("SELECT total FROM main.other.`sub total`") == [(2,)]


def test_configuration_is_read_with_spark_conf_and_in_sql(project: Any) -> None:
    project.run(
        {
            "a.py": """
                import dlt
                from pyspark.sql import functions as F

                limit = int(spark.conf.get("app.limit"))

                @dlt.table
                def numbers():
                    return spark.range(limit)
            """,
            "b.sql": "CREATE MATERIALIZED VIEW few AS SELECT * FROM numbers WHERE id < ${app.few}",
        },
        configuration={"app.limit": "10", "app.few": "3"},
    )

    assert len(project.rows("SELECT * FROM few")) == 3


def test_helper_modules_under_the_root_are_imported_and_their_udfs_run(project: Any) -> None:
    project.write("source/helpers/shape.py", "def area(x):\n    return x * x\n")
    summary = project.run("""
        import dlt
        from pyspark.sql import functions as F
        from helpers.shape import area

        square = F.udf(area, "long")

        @dlt.table
        def areas():
            return spark.range(3).select(square("id").alias("area"))
    """)

    assert summary.errors == ()
    assert project.rows("SELECT area FROM areas") == [(0,), (1,), (4,)]


def test_driver_actions_are_allowed_at_the_top_level_of_a_file(project: Any) -> None:
    path = project.data("rules", [("positive", "n > 0")], "name STRING, rule STRING")
    numbers = project.data("numbers", [(1,), (-1,)], "n INT")
    summary = project.run(f"""
        import dlt

        stored = spark.read.format("delta").load("{path}").collect()
        rules = {{each["name"]: each["rule"] for each in stored}}

        @dlt.table
        @dlt.expect_all_or_drop(rules)
        def checked():
            return spark.readStream.format("delta").load("{numbers}")
    """)

    assert (summary.datasets[0].rows_written, summary.datasets[0].rows_dropped) == (1, 1)


def test_a_declared_schema_fixes_columns_types_and_not_null(project: Any) -> None:
    path = project.data("numbers", [(1, "a"), (2, None)], "n INT, s STRING")
    source = """
        import dlt

        @dlt.table(schema="s STRING NOT NULL, n BIGINT COMMENT 'a number'")
        def typed():
            return spark.readStream.format("delta").load("{path}"){more}
    """
    summary = project.run(source.format(path=path, more=""))
    assert [error.code for error in summary.errors] == ["FLOW_FAILED"]
    assert "NOT NULL constraint violated for column: s" in summary.errors[0].message

    project.run(source.format(path=path, more='.na.fill("-")'))
    assert project.rows("SELECT s, n FROM typed") == [("-", 2), ("a", 1)]


def test_a_flows_own_settings_hold_for_its_query_only(project: Any) -> None:
    summary = project.run("""
        import dlt

        @dlt.table(spark_conf={"spark.sql.ansi.enabled": "false"})
        def lenient():
            return spark.sql("SELECT CAST('x' AS INT) AS n")

        @dlt.table
        def strict():
            return spark.sql("SELECT CAST('x' AS INT) AS n")
    """)

    assert statuses(summary) == {"lenient": "COMPLETED", "strict": "FAILED"}


def test_two_updates_in_one_folder_at_once_are_refused(project: Any) -> None:
    project.state.mkdir()
    with (
        open_state(project.state, "main", "default", project.folder),
        pytest.raises(MillpondError) as refused,
    ):
        project.run("import dlt")

    assert refused.value.code.name == "STATE_IN_USE"


def test_the_event_log_is_a_table_with_databricks_columns(chain: Any) -> None:
    log = chain.spark.read.format("delta").load(str(chain.state / "events"))

    assert log.columns == [
        "id",
        "sequence",
        "origin",
        "timestamp",
        "message",
        "level",
        "maturity_level",
        "error",
        "details",
        "event_type",
    ]
    rows = log.where("event_type = 'flow_progress'").select("details").collect()
    metrics = [json.loads(row.details)["flow_progress"].get("metrics") for row in rows]
    assert sum(each.get("num_output_rows", 0) for each in metrics if each) == 5


def test_a_broken_file_does_not_hide_the_errors_of_the_others(project: Any) -> None:
    """Mistakes in the text of source are told together, before anything of it is executed."""
    with pytest.raises(Failures) as failures:
        project.run(
            {
                "a.py": "import dlt\n@dlt.table\ndef f(:\n",
                "b.py": "import no_such_package\n",
                "c.sql": "CREATE OR REFRESH STREAMNG TABLE t AS SELECT 1",
            }
        )

    found = [(error.code.name, error.at.file.name, error.at.line) for error in failures.value]
    assert found == [("PYTHON_SYNTAX_ERROR", "a.py", 3), ("PARSE_SYNTAX_ERROR", "c.sql", 1)]


def test_files_that_can_be_read_tell_all_their_errors(project: Any) -> None:
    summary = project.run(
        {
            "a.py": "import no_such_package\n",
            "b.py": "import no_other_package\n",
            "c.sql": "CREATE OR REFRESH MATERIALIZED VIEW t AS SELECT 1 AS n",
        }
    )
    found = [(error.code, Path(error.at.file).name, error.at.line) for error in summary.errors]
    assert found == [("MODULE_NOT_FOUND", "a.py", 1), ("MODULE_NOT_FOUND", "b.py", 1)]
