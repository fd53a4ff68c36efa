"""Flows that run once, replace, update and write to sinks, through whole updates."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.spark

ONCE = """
    import dlt
    from pyspark.sql import functions as F

    dlt.create_streaming_table("orders")

    @dlt.append_flow(target="orders")
    def live():
        return spark.readStream.format("delta").load("{live}")

    @dlt.append_flow(target="orders", name="history", once=True)
    def backfill():
        return spark.read.format("delta").load("{old}")
"""


def test_a_once_flow_runs_again_only_after_a_full_refresh(project: Any) -> None:
    live, old = project.data("live", [(1,)], "n INT"), project.data("old", [(10,)], "n INT")
    source = ONCE.format(live=live, old=old)
    assert project.run(source).state == "COMPLETED"
    project.data("old", [(11,)], "n INT")
    project.data("live", [(2,)], "n INT")
    assert project.run(source).state == "COMPLETED"
    assert project.rows("SELECT n FROM orders") == [(1,), (10,), (2,)]

    project.run(source, full_refresh_all=True)
    assert project.rows("SELECT n FROM orders") == [(1,), (10,), (11,), (2,)]


@pytest.mark.parametrize(
    ("read", "once", "code"),
    [
        ("read", False, "INVALID_FLOW_QUERY_TYPE.BATCH_RELATION_FOR_STREAMING_TABLE"),
        ("readStream", True, "INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_ONCE_FLOW"),
    ],
)
def test_once_goes_with_a_batch_query(project: Any, read: str, once: bool, code: str) -> None:
    path = project.data("in", [(1,)], "n INT")
    summary = project.run(f"""
        import dlt
        dlt.create_streaming_table("t")

        @dlt.append_flow(target="t", once={once})
        def f():
            return spark.{read}.format("delta").load("{path}")
    """)
    [error] = summary.errors
    assert (error.code, error.at.line) == (code, 4)


REPLACE_WHERE = """
    from pyspark import pipelines as dp

    @dp.table(replace_where="day >= '2026-01-02'")
    def sales():
        return spark.read.format("delta").load("{path}"){where}
"""


def test_replace_where_leaves_the_other_rows(project: Any) -> None:
    path = project.data("in", [("2026-01-01", 1), ("2026-01-02", 2)], "day STRING, n INT")
    source = REPLACE_WHERE.format(path=path, where=""".where("day >= '2026-01-02'")""")
    first = source.replace("2026-01-02", "2026-01-01")
    assert project.run(first).state == "COMPLETED"
    project.data("in", [("2026-01-01", 9), ("2026-01-03", 3)], "day STRING, n INT")
    [dataset] = project.run(source).datasets
    assert (dataset.status, dataset.rows_written) == ("COMPLETED", 2)
    assert project.rows("SELECT * FROM sales") == [
        ("2026-01-01", 1),
        ("2026-01-02", 2),
        ("2026-01-03", 3),
    ]


def test_rows_that_the_predicate_does_not_match_are_an_error(project: Any) -> None:
    path = project.data("in", [("2026-01-01", 1)], "day STRING, n INT")
    summary = project.run(REPLACE_WHERE.format(path=path, where=""))
    [error] = summary.errors
    assert (error.code, error.at.line) == ("DELTA_REPLACE_WHERE_MISMATCH", 3)


SINKS = """
    from pyspark import pipelines as dp

    dp.create_sink("by_path", "delta", {{"path": "{out}"}})
    dp.create_sink(name="by_name", format="delta", options={{"tableName": "main.other.copy"}})

    @dp.append_flow(target="by_path")
    def one():
        return spark.readStream.table("numbers")

    @dp.append_flow(target="by_name", name="two")
    def second():
        return spark.readStream.table("numbers")

    @dp.table
    def numbers():
        return spark.readStream.format("delta").load("{path}")

    @dp.foreach_batch_sink(name="mine")
    def write(df, batch_id):
        known = df.sparkSession.read.table("numbers").count()
        rows = df.selectExpr("n", f"{{batch_id}} AS batch", f"{{known}} AS known")
        rows.write.format("delta").mode("append").save("{mine}")

    @dp.append_flow(target="mine")
    def three():
        return spark.readStream.table("numbers")

    @dp.update_flow(target="mine", name="four")
    def counted():
        return spark.readStream.table("numbers").groupBy("n").count().drop("count")
"""


def test_sinks(project: Any) -> None:
    path = project.data("in", [(1,), (2,)], "n INT")
    out, mine = str(project.folder / "out"), str(project.folder / "mine")
    source = SINKS.format(path=path, out=out, mine=mine)
    summary = project.run(source)
    assert summary.errors == ()
    found = {each.name: (each.kind, each.status, each.rows_written) for each in summary.datasets}
    assert found["by_path"] == ("SINK", "COMPLETED", 2)
    assert found["by_name"] == ("SINK", "COMPLETED", 2)
    assert found["mine"] == ("SINK", "COMPLETED", 4)
    assert sorted(project.spark.read.format("delta").load(out).collect()) == [(1,), (2,)]
    assert project.rows("SELECT n FROM main.other.copy") == [(1,), (2,)]
    rows = sorted(map(tuple, project.spark.read.format("delta").load(mine).collect()))
    assert rows == [(1, 0, 2), (1, 0, 2), (2, 0, 2), (2, 0, 2)]
    definitions = [e for e in project.events if e.event_type == "sink_definition"]
    assert {each.body["format"] for each in definitions} == {"delta", "foreachBatch"}

    # A full refresh does not clear a sink: reprocessed rows are appended again.
    project.run(source, full_refresh=("by_path",))
    assert sorted(project.spark.read.format("delta").load(out).collect()) == [
        (1,),
        (1,),
        (2,),
        (2,),
    ]


def test_an_error_in_a_batch_function_is_told_at_its_line(project: Any) -> None:
    path = project.data("in", [(1,)], "n INT")
    summary = project.run(f"""
        from pyspark import pipelines as dp

        @dp.foreach_batch_sink(name="mine")
        def write(df, batch_id):
            raise ValueError("no")

        @dp.append_flow(target="mine")
        def f():
            return spark.readStream.format("delta").load("{path}")
    """)
    [error] = summary.errors
    assert (error.code, error.at.line) == ("FLOW_FAILED", 5)
    assert "ValueError: no" in error.message


def test_a_data_source_of_the_users_own(project: Any) -> None:
    path = project.data("in", [(1,), (2,)], "n INT")
    target = project.folder / "lines.txt"
    summary = project.run(f"""
        from pyspark import pipelines as dp
        from pyspark.sql.datasource import DataSource, DataSourceStreamWriter, WriterCommitMessage

        class Writer(DataSourceStreamWriter):
            def __init__(self, file):
                self.file = file
            def write(self, rows):
                with open(self.file, "a") as out:
                    for row in rows:
                        out.write(f"{{row.n}}\\n")
                return WriterCommitMessage()
            def commit(self, messages, batch):
                pass
            def abort(self, messages, batch):
                pass

        class Lines(DataSource):
            @classmethod
            def name(cls):
                return "lines"
            def streamWriter(self, schema, overwrite):
                return Writer(self.options["file"])

        spark.dataSource.register(Lines)
        dp.create_sink("out", "lines", {{"file": "{target}"}})

        @dp.append_flow(target="out")
        def f():
            return spark.readStream.format("delta").load("{path}")
    """)
    assert summary.errors == ()
    assert sorted(target.read_text().split()) == ["1", "2"]


def test_a_sink_of_an_unknown_format_is_told_at_the_sink(project: Any) -> None:
    path = project.data("in", [(1,)], "n INT")
    summary = project.run(f"""
        from pyspark import pipelines as dp
        dp.create_sink("out", "detla", {{"file": "x"}})

        @dp.append_flow(target="out")
        def f():
            return spark.readStream.format("delta").load("{path}")
    """)
    [error] = summary.errors
    assert (error.code, error.at.line) == ("SINK_FORMAT_UNKNOWN", 2)


HOOKS = """
    from pyspark import pipelines as dp

    @dp.on_event_hook
    def log(event):
        with open("{log}", "a") as out:
            out.write(event["event_type"] + "\\n")

    @dp.on_event_hook(max_allowable_consecutive_failures=1)
    def broken(event):
        raise KeyError(event["event_type"])

    @dp.materialized_view
    def t():
        return spark.range(1)
"""


def test_event_hooks_see_the_update_and_do_not_stop_it(project: Any) -> None:
    log = project.folder / "hooks.txt"
    summary = project.run(HOOKS.format(log=log))
    assert summary.state == "COMPLETED"
    seen = log.read_text().split()
    assert (seen[0], seen[-1]) == ("create_update", "update_progress")
    assert "flow_progress" in seen
    assert "hook_progress" not in seen
    failed = [e.body["status"] for e in project.events if e.event_type == "hook_progress"]
    assert failed == ["FAILED", "FAILED", "DISABLED"]
    codes = [each.code for each in summary.warnings]
    assert codes.count("EVENT_HOOK_DISABLED") == 1


def test_settings_of_a_flow_hold_for_its_query_alone(project: Any) -> None:
    summary = project.run("""
        import dlt
        from pyspark.sql import SparkSession

        @dlt.table(spark_conf={"spark.sql.ansi.enabled": "false"})
        def lenient():
            return spark.sql("SELECT CAST('x' AS INT) AS n")

        @dlt.table(spark_conf={"spark.executor.memory": "1g", "pipelines.trigger.interval": "1 s"})
        def strict():
            return SparkSession.getActiveSession().sql("SELECT 1 AS n")
    """)
    assert summary.errors == ()
    assert project.rows("SELECT n FROM lenient") == [(None,)]
    assert summary.differences[0].feature == "a cluster's setting in spark_conf"
