"""Nodes and edges from declarations in Python and SQL."""

from __future__ import annotations


def test_python_and_sql_in_one_graph(draw) -> None:
    drawn = draw(
        """
        import dlt

        @dlt.view
        def checked():
            return spark.readStream.table("raw")
        """,
        files={
            "a.sql": """
                CREATE OR REFRESH STREAMING TABLE raw (CONSTRAINT has_id EXPECT (id IS NOT NULL))
                AS SELECT * FROM STREAM read_files('/in', format => 'json');
                CREATE MATERIALIZED VIEW totals AS
                SELECT count(*) AS n FROM checked JOIN other.codes USING (id);
            """
        },
    )
    assert drawn.kinds == {
        "checked": "VIEW",
        "raw": "STREAMING_TABLE",
        "totals": "MATERIALIZED_VIEW",
        "/in": "EXTERNAL",
        "main.other.codes": "EXTERNAL",
    }
    assert drawn.edges == {
        ("/in", "raw"),
        ("raw", "checked"),
        ("checked", "totals"),
        ("main.other.codes", "totals"),
    }
    assert drawn["raw"].expectations == ("has_id",)
    assert (drawn["raw"].at.file.name, drawn["raw"].at.line) == ("a.sql", 2)
    assert all(node.certain for node in drawn.graph.nodes)


def test_names_compare_without_regard_to_case(draw) -> None:
    drawn = draw("""
        import dlt

        @dlt.view
        def Raw():
            return spark.read.table("LANDING")

        @dlt.view
        def copy():
            return spark.read.table("main.SALES.raw").join(spark.read.table("landing"), "id")
        """)
    assert drawn.edges == {("Raw", "copy"), ("LANDING", "Raw"), ("LANDING", "copy")}


def test_use_schema_holds_for_the_rest_of_the_file(draw) -> None:
    drawn = draw(
        "",
        files={
            "a.sql": """
                CREATE TEMPORARY VIEW checked AS SELECT 1 AS id;
                USE SCHEMA gold;
                CREATE MATERIALIZED VIEW totals AS SELECT * FROM checked, codes;
            """
        },
    )
    assert drawn.edges == {("checked", "main.gold.totals"), ("main.gold.codes", "main.gold.totals")}


def test_flows_in_sql(draw) -> None:
    drawn = draw(
        "",
        files={
            "a.sql": """
                CREATE STREAMING TABLE orders;
                CREATE FLOW f AS INSERT INTO orders BY NAME SELECT * FROM STREAM raw;
            """
        },
    )
    assert drawn.edges == {("raw", "orders")}


def test_an_edge_is_drawn_once(draw) -> None:
    drawn = draw("""
        import dlt

        @dlt.view
        def a():
            one = spark.read.table("raw")
            return one.join(spark.read.table("raw"), "id")
        """)
    assert len(drawn.graph.edges) == 1


def test_a_dataset_defined_twice(draw) -> None:
    drawn = draw("""
        import dlt

        dlt.create_streaming_table("orders")
        dlt.create_streaming_table("ORDERS")
        """)
    assert drawn.names == ["orders"]
    (warning,) = drawn.graph.warnings
    assert warning.code.name == "PIPELINE_DUPLICATE_IDENTIFIERS.OUTPUT"
    assert warning.params["other"] == "source.py:4:1"
    assert warning.at.line == 5


def test_datasets_that_read_each_other(draw) -> None:
    """A run refuses a circle; a drawing shows it."""
    drawn = draw("""
        import dlt

        @dlt.view
        def a():
            return spark.read.table("b")

        @dlt.view
        def b():
            return spark.read.table("a")

        @dlt.table
        def c():
            return spark.read.table("a")
        """)
    assert drawn.edges == {("a", "b"), ("b", "a"), ("a", "c")}
    assert drawn.kinds["c"] == "MATERIALIZED_VIEW"
