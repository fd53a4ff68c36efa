"""Materialized views that are left as they are when nothing they depend on changed."""

from __future__ import annotations

import random
import shutil
from typing import Any

import pytest

pytestmark = pytest.mark.spark

SOURCE = """
    import dlt
    from pyspark.sql import functions as F

    @dlt.view
    def seen():
        return spark.read.format("delta").load("{path}").where("n > 0")

    @dlt.table
    @dlt.expect("small", "n < 100")
    def copied():
        return spark.read.table("seen"){more}

    @dlt.table
    def total():
        return spark.read.table("copied").groupBy().agg(F.sum("n"), F.count("n").alias("c"))\\
            .toDF("total", "c")
"""


def unchanged(summary: Any) -> dict[str, bool]:
    assert summary.errors == ()
    tables = [each for each in summary.datasets if each.kind == "MATERIALIZED_VIEW"]
    return {each.name.rsplit(".", 1)[-1]: each.unchanged for each in tables}


def plans(project: Any) -> list[tuple[str, list[str]]]:
    found = []
    for event in project.events:
        if event.event_type == "planning_information":
            [plan] = event.body["technique_information"]
            issues = [each["issue_type"] for each in plan["incrementalization_issues"]]
            found.append((plan["maintenance_type"], issues))
    return found


@pytest.fixture
def views(project: Any) -> Any:
    path = project.data("numbers", [(1,), (2,), (-1,)], "n INT")
    first = project.run(SOURCE.format(path=path, more=""))
    assert unchanged(first) == {"copied": False, "total": False}
    project.path = path
    return project


def test_an_update_without_new_data_leaves_the_views_and_says_so(views: Any) -> None:
    summary = views.run()

    assert unchanged(summary) == {"copied": True, "total": True}
    assert plans(views) == [("MAINTENANCE_TYPE_NO_OP", [])] * 2
    assert [each.status for each in summary.datasets] == ["COMPLETED"] * 3
    assert len(list(views.state.glob("tables/main/default/copied/0/_delta_log/*.json"))) == 1


def test_new_data_is_seen_through_a_view_and_through_another_table(views: Any) -> None:
    views.data("numbers", [(10,)], "n INT")

    assert unchanged(views.run()) == {"copied": False, "total": False}
    assert plans(views) == [("MAINTENANCE_TYPE_COMPLETE_RECOMPUTE", ["DATA_HAS_CHANGED"])] * 2
    assert views.rows("SELECT total, c FROM total") == [(13, 3)]


def test_another_query_is_another_definition(views: Any) -> None:
    summary = views.run(SOURCE.format(path=views.path, more='.where("n < 2")'))

    assert unchanged(summary) == {"copied": False, "total": False}
    assert views.rows("SELECT total FROM total") == [(1,)]


def test_another_expectation_is_another_definition(views: Any) -> None:
    source = SOURCE.format(path=views.path, more="").replace("n < 100", "n < 2")

    assert unchanged(views.run(source))["copied"] is False


def test_another_setting_is_another_definition(views: Any) -> None:
    summary = views.run(configuration={"spark.sql.session.timeZone": "Asia/Tokyo"})

    assert unchanged(summary)["copied"] is False


def test_what_helper_modules_and_the_configuration_give_is_part_of_the_definition(
    project: Any,
) -> None:
    path = project.data("numbers", [(1,), (2,)], "n INT")
    source = f"""
        import dlt
        from helpers.rules import kept

        @dlt.table
        def made():
            frame = spark.read.format("delta").load("{path}")
            return kept(frame).where("n < " + spark.conf.get("limit"))
    """
    helper = "def kept(frame):\n    return frame.where('n > {}')\n"
    seen = []
    for least, limit in ((0, 9), (0, 9), (1, 9), (1, 2)):
        project.write("source/helpers/rules.py", helper.format(least))
        seen.append(unchanged(project.run({"p.py": source}, {"limit": str(limit)}))["made"])
        rows = project.rows("SELECT n FROM made")
        assert rows == [(n,) for n in (1, 2) if least < n < limit]
    assert seen == [False, True, False, False]


def test_a_full_refresh_recomputes(views: Any) -> None:
    assert unchanged(views.run(full_refresh=("copied",)))["copied"] is False
    assert unchanged(views.run(full_refresh_all=True)) == {"copied": False, "total": False}


def test_rows_written_by_someone_else_into_the_table_are_replaced(views: Any) -> None:
    table = str(views.state / "tables/main/default/copied/0")
    frame = views.spark.createDataFrame([(7,)], "n INT")
    frame.write.format("delta").mode("append").save(table)

    assert unchanged(views.run())["copied"] is False
    assert views.rows("SELECT n FROM copied") == [(1,), (2,)]


@pytest.mark.parametrize(
    "query",
    [
        'spark.read.format("delta").load("{path}").withColumn("r", F.rand())',
        'spark.read.format("delta").load("{path}").withColumn("r", F.expr("uuid()"))',
        'spark.read.format("delta").load("{path}").withColumn("r", F.current_timestamp())',
        'spark.sql("SELECT now() AS r, * FROM delta.`{path}`")',
        'spark.read.format("delta").load("{path}").withColumn("r", F.udf(lambda v: v, "int")("n"))',
        'spark.sql("SELECT sum(n) b FROM numbers").select(F.udf(lambda v: v)("b").alias("c"))',
        'spark.read.format("delta").load("{path}").mapInPandas(lambda i: i, "n INT")',
        'spark.read.parquet("{path}")',
        'spark.createDataFrame([(1,)], "n INT")',
        'spark.sql("SELECT 1 AS n WHERE EXISTS (SELECT * FROM numbers)")',
    ],
)
def test_what_may_come_out_otherwise_is_always_computed(project: Any, query: str) -> None:
    path = project.data("numbers", [(1,), (2,)], "n INT")
    source = f"""
        import dlt
        from pyspark.sql import functions as F

        @dlt.table
        def numbers():
            return spark.read.format("delta").load("{path}")

        @dlt.table
        def made():
            return {query.format(path=path)}
    """
    project.run(source)

    assert unchanged(project.run()) == {"numbers": True, "made": False}


def test_rows_written_in_sql_are_part_of_the_definition(project: Any) -> None:
    sql = "CREATE MATERIALIZED VIEW v AS SELECT * FROM VALUES (1), (2) AS t(n)"
    project.run({"a.sql": sql})
    assert unchanged(project.run()) == {"v": True}

    assert unchanged(project.run({"a.sql": sql.replace("2", "3")})) == {"v": False}
    assert project.rows("SELECT n FROM v") == [(1,), (3,)]


DEFINITION = """
    import dlt
    import pandas
    from pyspark.sql import functions as F

    spark.createDataFrame(pandas.DataFrame({{"n": [{n}]}})).createOrReplaceTempView("in_pandas")
    spark.sql("CREATE OR REPLACE TEMP VIEW in_sql AS SELECT * FROM VALUES ({n}) AS t(n)")
    spark.sql("CREATE OR REPLACE TEMPORARY FUNCTION more() RETURNS INT RETURN {n}")
    known = {{str(each): each for each in range(40)}} | {{"a": {n}}}

    @dlt.table
    def looked_up():
        rates = F.create_map(*[F.lit(each) for pair in known.items() for each in pair])
        return spark.read.format("delta").load("{path}").select(rates[F.col("x")].alias("n"))

    @dlt.table
    def quoted():
        parts = ["a", "b, c"] if {n} == 1 else ["a, b", "c"]
        return spark.read.format("delta").load("{path}").select(
            F.array(*map(F.lit, parts)).alias("n")
        )
"""
VIEWS = """
    CREATE MATERIALIZED VIEW of_pandas AS SELECT n FROM in_pandas;
    CREATE MATERIALIZED VIEW of_sql AS SELECT n FROM in_sql;
    CREATE MATERIALIZED VIEW of_function AS SELECT more() AS n;
"""


def test_what_the_text_of_a_plan_does_not_show_is_part_of_the_definition(project: Any) -> None:
    path = project.data("letters", [("a",)], "x STRING")

    def changed(n: int) -> dict[str, bool]:
        source = {"a.py": DEFINITION.format(n=n, path=path), "b.sql": VIEWS}
        return unchanged(project.run(source))

    names = ("looked_up", "quoted", "of_pandas", "of_sql", "of_function")
    changed(1)
    assert changed(1) == dict.fromkeys(names, True)
    assert changed(2) == dict.fromkeys(names, False)
    for name in names:
        if name != "quoted":
            assert project.rows(f"SELECT n FROM {name}") == [(2,)]


def test_an_expectation_decides_rows_as_the_query_does(project: Any) -> None:
    path = project.data("numbers", [(1,), (2,)], "n INT")
    source = f"""
        import dlt

        spark.udf.register("kept", lambda n: n < 2, "boolean")

        @dlt.table
        @dlt.expect_or_drop("in time", "current_timestamp() > '2020-01-01'")
        def timely():
            return spark.read.format("delta").load("{path}")

        @dlt.table
        @dlt.expect_or_drop("kept", "kept(n)")
        def judged():
            return spark.read.format("delta").load("{path}")

        @dlt.view
        @dlt.expect("seen", "n > 1")
        def seen():
            return spark.read.format("delta").load("{path}")

        @dlt.table
        @dlt.expect_or_fail("positive", "n > 0")
        def steady():
            return spark.sql("WITH c AS (SELECT * FROM seen) SELECT n, x'00ff' AS b, "
                "rank() OVER (ORDER BY n) AS r FROM c JOIN (SELECT n AS m FROM c) ON n = m")
    """
    project.run(source)

    assert unchanged(project.run()) == {"timely": False, "judged": False, "steady": True}


def test_a_copy_of_a_table_that_went_on_apart_is_another_table(project: Any) -> None:
    one = project.data("one", [(1,)], "n INT")
    shutil.copytree(one, project.folder / "outside" / "two")
    two = project.data("two", [(2,)], "n INT")
    project.data("one", [(3,)], "n INT")
    source = """
        import dlt

        @dlt.table
        def copied():
            return spark.read.format("delta").load("{}")
    """
    project.run(source.format(one))

    assert unchanged(project.run(source.format(two))) == {"copied": False}


def test_a_value_that_python_computes_is_part_of_the_plan(project: Any) -> None:
    path = project.data("numbers", [(1,)], "n INT")
    project.run(f"""
        import dlt, time
        from pyspark.sql import functions as F

        @dlt.table
        def stamped():
            frame = spark.read.format("delta").load("{path}")
            return frame.withColumn("at", F.lit(time.time()))
    """)

    assert unchanged(project.run()) == {"stamped": False}


def test_whatever_happens_a_view_equals_its_query(views: Any) -> None:
    """A random story of new data, new definitions and nothing at all."""
    chance = random.Random(7)
    limit = 1000
    for _ in range(8):
        step = chance.choice(["data", "definition", "nothing", "delete"])
        if step == "data":
            views.data("numbers", [(chance.randrange(1, 9),)], "n INT")
        elif step == "definition":
            limit = chance.choice([3, 5, 1000])
        elif step == "delete":
            views.spark.sql(f"DELETE FROM delta.`{views.path}` WHERE n = {chance.randrange(9)}")
        views.run(SOURCE.format(path=views.path, more=f'.where("n < {limit}")'))
        expected = views.spark.read.format("delta").load(views.path).where(f"n > 0 and n < {limit}")
        rows = sorted(row[0] for row in expected.collect())
        assert [row[0] for row in views.rows("SELECT n FROM copied")] == rows
        assert views.rows("SELECT c FROM total") == [(len(rows),)]
