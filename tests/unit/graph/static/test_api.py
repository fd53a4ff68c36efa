"""Every way to define something with the pipeline API, found without running it."""

from __future__ import annotations

import pytest

DATASET = """
{imports}

{decorator}
def orders():
    return spark.readStream.table("raw")
"""


@pytest.mark.parametrize(
    ("imports", "decorator"),
    [
        ("import dlt", "@dlt.table"),
        ("import dlt", "@dlt.table()"),
        ("import dlt as live", "@live.table(name='orders')"),
        ("from dlt import table", "@table"),
        ("from dlt import table as t", "@t(comment='x')"),
        ("from dlt import *", "@table"),
        ("from pyspark import pipelines as dp", "@dp.table"),
        ("from pyspark import pipelines", "@pipelines.table()"),
        ("import pyspark.pipelines as dp", "@dp.table"),
        ("import pyspark.pipelines", "@pyspark.pipelines.table"),
        ("from pyspark.pipelines import table", "@table"),
        ("from pyspark.pipelines import *", "@table()"),
        ("import dlt", "@dlt.create_table()"),
        ("try:\n    import dlt\nexcept ImportError:\n    dlt = None", "@dlt.table"),
    ],
)
def test_a_streaming_table_by_any_import(draw, imports: str, decorator: str) -> None:
    drawn = draw(DATASET.format(imports=imports, decorator=decorator))
    assert drawn.node.name == "main.sales.orders"
    assert drawn.node.kind == "STREAMING_TABLE"
    assert drawn.node.certain
    assert drawn.edges == {("raw", "orders")}
    assert drawn.warnings == []


def test_dlt_of_another_library_defines_nothing(draw) -> None:
    drawn = draw("""
        import dlt.sources as dlt

        @dlt.table
        def orders():
            return 1
        """)
    assert drawn.names == []


@pytest.mark.parametrize(
    ("decorator", "kind"),
    [
        ("materialized_view", "MATERIALIZED_VIEW"),
        ("temporary_view", "VIEW"),
        ("view", "VIEW"),
        ("create_view", "VIEW"),
    ],
)
def test_kinds_that_the_decorator_says(draw, decorator: str, kind: str) -> None:
    drawn = draw(f"""
        import dlt

        @dlt.{decorator}
        def orders():
            return spark.read.table("raw")
        """)
    assert drawn.node.kind == kind
    assert drawn.node.certain


def test_a_table_of_a_batch_frame_is_a_materialized_view(draw) -> None:
    """The reference documents `table` for streams only; real code uses it for both."""
    drawn = draw("""
        import dlt

        @dlt.table
        def orders():
            return spark.read.table("raw").where("amount > 0")
        """)
    assert drawn.node.kind == "MATERIALIZED_VIEW"


def test_a_table_that_reads_a_streaming_view_is_a_streaming_table(draw) -> None:
    drawn = draw("""
        import dlt

        @dlt.view
        def checked():
            return spark.readStream.table("raw")

        @dlt.view
        def checked_again():
            return spark.read.table("checked")

        @dlt.table
        def orders():
            return dlt.read("checked_again")
        """)
    assert drawn.kinds["orders"] == "STREAMING_TABLE"


def test_a_table_of_an_unknown_frame_is_of_unknown_kind(draw) -> None:
    drawn = draw("""
        import dlt
        from company import lake

        @dlt.table
        def orders():
            return lake.load("orders")
        """)
    assert drawn.node.kind == "TABLE"
    assert not drawn.node.certain
    assert drawn.warnings == [("STATIC_DATASET_UNCERTAIN", 5)]
    assert drawn.graph.warnings[0].params["what"] == "the kind and the input"


def test_a_table_whose_reading_depends_on_what_is_not_known_is_of_unknown_kind(draw) -> None:
    drawn = draw("""
        import dlt

        @dlt.table
        def orders():
            if dbutils.widgets.get("mode") == "stream":
                return spark.readStream.table("raw")
            return spark.read.table("raw")
        """)
    assert drawn.node.kind == "TABLE"
    assert not drawn.node.certain


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("'orders'", "main.sales.orders"),
        ("'silver.orders'", "main.silver.orders"),
        ("'dev.silver.orders'", "dev.silver.orders"),
        ("None", "main.sales.rows"),
        ("f'{LAYER}.orders'", "main.gold.orders"),
        ("LAYER + '.' + 'orders'", "main.gold.orders"),
        ("'%s.orders' % LAYER", "main.gold.orders"),
        ("'{}.orders'.format(LAYER)", "main.gold.orders"),
        ("'.'.join([LAYER, 'orders'])", "main.gold.orders"),
        ("spark.conf.get('schema') + '.orders'", "main.set.orders"),
        ("spark.conf.get('other', 'o') + '.orders'", "main.o.orders"),
        ("SETTINGS['schema'] + '.orders'", "main.silver.orders"),
        ("Names.ORDERS", "main.sales.the_orders"),
        ("name_of('orders')", "main.sales.raw_orders"),
    ],
)
def test_names(draw, name: str, full: str) -> None:
    drawn = draw(
        f"""
        import dlt

        LAYER = "gold"
        SETTINGS = {{"schema": "silver"}}

        class Names:
            ORDERS = "the_orders"

        def name_of(table):
            return "raw_" + table

        @dlt.table(name={name})
        def rows():
            return spark.read.table("raw")
        """,
        configuration={"schema": "set"},
    )
    assert drawn.node.name == full
    assert drawn.node.certain


def test_a_name_that_only_a_run_knows_is_left_out_with_a_warning(draw) -> None:
    drawn = draw("""
        import dlt
        import os

        @dlt.table(name=os.environ["TABLE"])
        def rows():
            return spark.read.table("raw")
        """)
    assert drawn.names == []
    assert drawn.warnings == [("STATIC_NAME_UNKNOWN", 5)]


def test_a_setting_that_the_pipeline_does_not_have_is_not_guessed(draw) -> None:
    drawn = draw("""
        import dlt

        @dlt.table(name=spark.conf.get("schema") + ".orders")
        def rows():
            return spark.read.table("raw")
        """)
    assert drawn.warnings == [("STATIC_NAME_UNKNOWN", 4)]


def test_options_that_are_not_known_may_hold_the_name(draw) -> None:
    drawn = draw("""
        import dlt
        from company import options

        @dlt.table(**options("orders"))
        def rows():
            return spark.read.table("raw")
        """)
    assert drawn.names == []
    assert drawn.warnings == [("STATIC_NAME_UNKNOWN", 5)]


def test_options_from_a_dictionary(draw) -> None:
    drawn = draw("""
        import dlt

        OPTIONS = {"comment": "c"}

        @dlt.table(**OPTIONS, name="orders")
        def rows():
            return spark.read.table("raw")
        """)
    assert drawn.node.name == "main.sales.orders"


def test_an_invalid_name_is_told_where_it_stands(draw) -> None:
    drawn = draw("""
        import dlt

        dlt.create_streaming_table("a.b.c.d")
        """)
    assert ("INVALID_NAME", 4) in drawn.warnings


def test_positions_count_characters(draw) -> None:
    drawn = draw("""
        import dlt

        é = "é"; dlt.create_streaming_table("orders")
        """)
    at = drawn["orders"].at
    assert (at.line, at.column, at.end_line, at.end_column) == (4, 10, 4, 46)


# --- expectations -----------------------------------------------------------------------------


def test_expectations_of_every_form_in_the_order_written(draw) -> None:
    drawn = draw("""
        import dlt

        RULES = {"c": "z > 0", "d": "z < 9"}

        @dlt.expect("above", "x > 0")
        @dlt.table
        @dlt.expect("a", "x > 0")
        @dlt.expect_or_drop(description="b", constraint="y > 0")
        @dlt.expect_all_or_drop(RULES)
        @dlt.expect_all(expectations={"e": "1 = 1"})
        @dlt.expect_all_or_fail({f"{k}_fail": v for k, v in RULES.items()})
        @dlt.expect_or_fail(name="f", inv="x > 0")
        def orders():
            return spark.read.table("raw")
        """)
    assert drawn.node.expectations == ("above", "a", "b", "c", "d", "e", "c_fail", "d_fail", "f")
    assert drawn.node.certain


def test_expectations_that_only_a_run_knows(draw) -> None:
    drawn = draw("""
        import dlt
        from company import rules

        @dlt.table
        @dlt.expect("a", "x > 0")
        @dlt.expect_all_or_drop(rules("orders"))
        def orders():
            return spark.readStream.table("raw")
        """)
    assert drawn.node.expectations == ("a",)
    assert drawn.node.kind == "STREAMING_TABLE"
    assert not drawn.node.certain
    assert drawn.warnings == [("STATIC_EXPECTATIONS_UNKNOWN", 7)]


# --- streaming tables and flows ---------------------------------------------------------------


@pytest.mark.parametrize(
    "function", ["create_streaming_table", "create_target_table", "create_streaming_live_table"]
)
def test_streaming_tables_without_a_query(draw, function: str) -> None:
    drawn = draw(f"""
        import dlt

        dlt.{function}("orders", expect_all_or_drop={{"a": "x > 0"}}, expect_all=None)
        """)
    assert drawn.node.kind == "STREAMING_TABLE"
    assert drawn.node.expectations == ("a",)


def test_append_flows_fill_their_target(draw) -> None:
    drawn = draw("""
        import dlt

        dlt.create_streaming_table(name="orders")

        for region in ["east", "west"]:
            @dlt.append_flow(target="orders", name=f"from_{region}")
            def flow(region=region):
                return spark.readStream.table(f"raw_{region}")

        @dlt.append_flow(name="late", target="main.sales.orders")
        def late_orders():
            return spark.readStream.table("raw_late")
        """)
    assert drawn.names[0] == "orders"
    assert drawn.edges == {("raw_east", "orders"), ("raw_west", "orders"), ("raw_late", "orders")}
    assert drawn["orders"].certain


def test_a_flow_whose_target_is_not_defined(draw) -> None:
    drawn = draw("""
        import dlt

        dlt.create_streaming_table("orders")

        @dlt.append_flow(target="order")
        def flow():
            return spark.readStream.table("raw")
        """)
    (warning,) = drawn.graph.warnings
    assert warning.code.name == "FLOW_TARGET_NOT_FOUND"
    assert str(warning.params["target"]) == "main.sales.order"
    assert "main.sales.orders" in str(warning.params["suggestion"])


def test_a_flow_whose_target_is_not_known(draw) -> None:
    drawn = draw("""
        import dlt
        from company import TARGET

        @dlt.append_flow(target=TARGET)
        def flow():
            return spark.readStream.table("raw")
        """)
    assert drawn.warnings == [("STATIC_NAME_UNKNOWN", 5)]


@pytest.mark.parametrize(
    "call",
    [
        "dlt.apply_changes(target='customers', source='feed', keys=['id'], sequence_by='ts')",
        "dlt.apply_changes('customers', 'feed', ['id'], 'ts', stored_as_scd_type=2)",
        "dp.create_auto_cdc_flow(target='customers', source='feed', keys=['id'], sequence_by='ts')",
        "dlt.apply_changes_from_snapshot(target='customers', snapshot_and_version=next_, keys=K)",
        "dp.create_auto_cdc_from_snapshot_flow(target='customers', source='feed', keys=['id'])",
    ],
)
def test_auto_cdc(draw, call: str) -> None:
    drawn = draw(f"""
        import dlt
        from pyspark import pipelines as dp

        K = ["id"]

        def next_(latest):
            return (spark.read.table("feed"), 1) if latest is None else None

        dlt.create_streaming_table("customers")
        {call}
        """)
    assert drawn.edges == {("feed", "customers")}
    assert drawn.kinds == {"customers": "STREAMING_TABLE", "feed": "EXTERNAL"}


def test_auto_cdc_of_an_unknown_source(draw) -> None:
    drawn = draw("""
        import dlt
        from company import FEED

        dlt.create_streaming_table("customers")
        dlt.apply_changes(target="customers", source=FEED, keys=["id"], sequence_by="ts")
        """)
    assert ("STATIC_READ_UNKNOWN", 6) in drawn.warnings
    assert not drawn["customers"].certain


def test_sinks_are_outside_and_flows_lead_to_them(draw) -> None:
    drawn = draw("""
        from pyspark import pipelines as dp

        dp.create_sink("alerts", "kafka", {"topic": "alerts"})

        @dp.append_flow(name="to_alerts", target="alerts")
        def to_alerts():
            return spark.readStream.table("orders")

        @dp.foreach_batch_sink(name="warehouse")
        def write(batch, batch_id):
            batch.write.save("/w")

        @dp.update_flow(target="warehouse")
        def to_warehouse():
            return spark.readStream.table("orders")
        """)
    assert drawn.kinds["alerts"] == drawn.kinds["warehouse"] == "EXTERNAL"
    assert drawn["alerts"].at.line == 4
    assert drawn.edges == {("orders", "alerts"), ("orders", "warehouse")}


def test_defining_in_a_dataset_function_is_told(draw) -> None:
    drawn = draw("""
        import dlt

        @dlt.table
        def orders():
            dlt.create_streaming_table("inner")
            return spark.read.table("raw")
        """)
    assert drawn.node.name == "main.sales.orders"
    assert drawn.warnings == [("OUTSIDE_PIPELINE_SOURCE", 6)]


def test_calling_a_dataset_function_reads_nothing(draw) -> None:
    """Its decorated name is a placeholder (reference 1.1)."""
    drawn = draw("""
        import dlt

        @dlt.table
        def raw():
            return spark.readStream.table("landing")

        @dlt.table
        def orders():
            raw()
            return spark.read.table("raw")
        """)
    assert ("landing", "orders") not in drawn.edges


def test_a_decorator_of_the_users_own(draw) -> None:
    drawn = draw("""
        import dlt

        def bronze(name):
            def decorate(function):
                return dlt.table(name=f"bronze.{name}")(dlt.expect("a", "b")(function))
            return decorate

        @bronze("orders")
        def rows():
            return spark.readStream.table("raw")
        """)
    assert drawn.node.name == "main.bronze.orders"
    assert drawn.node.expectations == ("a",)
    assert drawn.node.at.line == 6


def test_a_decorator_that_is_not_known_casts_doubt(draw) -> None:
    drawn = draw("""
        import dlt
        from company import retry

        @dlt.table
        @retry(3)
        def orders():
            return spark.readStream.table("raw")
        """)
    assert drawn.edges == {("raw", "orders")}
    assert not drawn.node.certain


def test_decorating_without_the_at_sign(draw) -> None:
    drawn = draw("""
        import dlt

        dlt.table(lambda: spark.readStream.table("raw"), name="orders")
        dlt.table(name="copies")(lambda: dlt.read_stream("orders"))
        """)
    assert drawn.edges == {("raw", "orders"), ("orders", "copies")}


def test_decorating_something_unknown(draw) -> None:
    drawn = draw("""
        import dlt
        from company import query

        dlt.table(name="orders")(query)
        """)
    assert drawn.kinds == {"orders": "TABLE"}
    assert not drawn["orders"].certain


def test_a_function_with_its_arguments_given(draw) -> None:
    drawn = draw("""
        import dlt
        from functools import partial

        def load(name):
            return spark.readStream.table(name)

        dlt.table(name="orders")(partial(load, "raw"))
        dlt.create_streaming_table("all")
        dlt.append_flow(name="f", target="all")(partial(load, name="raw"))
        """)
    assert drawn.edges == {("raw", "orders"), ("raw", "all")}
    assert drawn["orders"].certain


def test_a_function_of_snapshots_reads_what_its_frames_read(draw) -> None:
    drawn = draw(
        """
        from pyspark import pipelines as dp

        def next_list(latest):
            days = [file.name for file in dbutils.fs.ls("/Volumes/a/b/lists")]
            day = min(days, default=None)
            if day is None:
                return None
            return spark.read.table("lists").where("day = 1"), day

        dp.create_streaming_table("prices")
        dp.create_auto_cdc_from_snapshot_flow(target="prices", source=next_list, keys=["id"])
        """
    )
    assert drawn.edges == {("lists", "prices")}
    assert drawn["prices"].certain
