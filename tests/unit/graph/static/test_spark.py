"""What dataset functions read."""

from __future__ import annotations

import pytest

HEAD = """
import dlt
from functools import reduce
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

@dlt.table
def orders():
"""


def table(body: str) -> str:
    lines = body.strip().splitlines() if "\n" in body else [f"return {body}"]
    return HEAD + "\n".join(f"    {line}" for line in lines) + "\n"


@pytest.mark.parametrize(
    ("expression", "streaming"),
    [
        ("spark.read.table('raw')", False),
        ("spark.table('raw')", False),
        ("spark.read.option('x', 1).table('raw')", False),
        ("spark.read.format('delta').table('raw')", False),
        ("dlt.read('raw')", False),
        ("dlt.read(name='raw')", False),
        ("spark.readStream.table('raw')", True),
        ("spark.readStream.option('skipChangeCommits', 'true').table('raw')", True),
        ("spark.readStream.table('LIVE.raw')", True),
        ("spark.readStream.table('main.sales.raw')", True),
        ("dlt.read_stream('raw')", True),
        ("dlt.readStream('raw')", True),
        ("SparkSession.getActiveSession().readStream.table('raw')", True),
        ("SparkSession.builder.appName('a').getOrCreate().read.table('raw')", False),
        ("spark.sql('SELECT * FROM raw')", False),
        ("spark.sql('SELECT * FROM STREAM(raw)')", True),
        ("spark.sql('WITH x AS (SELECT 1) SELECT * FROM x JOIN raw')", False),
        ("spark.sql(f'SELECT * FROM {\"raw\"}')", False),
        ("F.broadcast(spark.read.table('raw'))", False),
        ("spark.read.table('raw').groupBy('a').agg(F.count('*').alias('n'))", False),
        ("spark.read.table('raw').transform(lambda frame: frame.where('x'))", False),
    ],
)
def test_tables(draw, expression: str, streaming: bool) -> None:
    drawn = draw(table(expression))
    assert drawn.edges == {("raw", "orders")}
    assert drawn.kinds["orders"] == ("STREAMING_TABLE" if streaming else "MATERIALIZED_VIEW")
    assert drawn["orders"].certain
    assert drawn["raw"].kind == "EXTERNAL"
    assert drawn["raw"].at is None
    assert drawn.warnings == []


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("spark.readStream.format('cloudFiles').load('/Volumes/in')", "/Volumes/in"),
        (
            (
                "spark.readStream.format('cloudFiles').option('cloudFiles.format', 'json')"
                ".options(header=True).schema('a INT').load(path='/Volumes/in')"
            ),
            "/Volumes/in",
        ),
        ("spark.readStream.format('cloudFiles').option('path', '/in').load()", "/in"),
        ("spark.readStream.load('s3://bucket/in', format='json')", "s3://bucket/in"),
        ("spark.readStream.json('/in')", "/in"),
        ("spark.readStream.format('kafka').option('subscribe', 'sales').load()", "kafka:sales"),
        ('spark.sql(\'SELECT * FROM STREAM read_files("/in", format => "csv")\')', "/in"),
        ("spark.sql('SELECT * FROM STREAM read_kafka(subscribe => \"s\")')", "kafka:s"),
        ("spark.readStream.table('delta.`/in`')", "/in"),
    ],
)
def test_paths_and_topics(draw, expression: str, place: str) -> None:
    drawn = draw(table(expression))
    assert drawn.edges == {(place, "orders")}
    assert drawn.kinds == {"orders": "STREAMING_TABLE", place: "EXTERNAL"}
    assert drawn["orders"].certain


def test_several_paths(draw) -> None:
    drawn = draw(table("spark.read.csv(['/a', '/b'], header=True)"))
    assert drawn.edges == {("/a", "orders"), ("/b", "orders")}


def test_a_source_without_a_place(draw) -> None:
    drawn = draw(table("spark.readStream.format('rate').load()"))
    assert drawn.kinds == {"orders": "STREAMING_TABLE"}
    assert drawn["orders"].certain


def test_a_frame_of_literals(draw) -> None:
    drawn = draw(table("spark.createDataFrame([(1,)], 'a INT')"))
    assert drawn.kinds == {"orders": "MATERIALIZED_VIEW"}


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("spark.readStream.table(NAME)", "STREAMING_TABLE"),
        ("spark.read.table(NAME)", "MATERIALIZED_VIEW"),
        ("spark.readStream.format('cloudFiles').load(NAME)", "STREAMING_TABLE"),
        ("spark.readStream.format('kafka').load()", "STREAMING_TABLE"),
        ("spark.sql(NAME)", "TABLE"),
        ("spark.sql('SELECT * FROM read_files(current_user())')", "TABLE"),
    ],
)
def test_what_is_not_known_is_not_guessed(draw, expression: str, kind: str) -> None:
    """Whether it is a stream may be known where its name is not."""
    drawn = draw(table(expression))
    assert drawn.edges == set()
    assert ("STATIC_READ_UNKNOWN", 9) in drawn.warnings
    assert not drawn["orders"].certain
    assert drawn.kinds["orders"] in (kind, "TABLE")


def test_a_query_that_is_no_sql(draw) -> None:
    drawn = draw(table("spark.sql('SELECT \"')"))
    assert ("PARSE_SYNTAX_ERROR", 9) in drawn.warnings
    assert not drawn["orders"].certain


def test_joins_and_unions_read_both_sides(draw) -> None:
    drawn = draw(
        table("""
names = ["a", "b"]
frames = [spark.read.table(f"raw_{name}") for name in names]
together = reduce(DataFrame.unionByName, frames)
return together.join(F.broadcast(spark.read.table("codes")), "id").where(F.col("x") > 1)
""")
    )
    assert drawn.edges == {("raw_a", "orders"), ("raw_b", "orders"), ("codes", "orders")}
    assert drawn["orders"].certain


def test_a_condition_that_is_not_known_casts_no_doubt(draw) -> None:
    drawn = draw(table("spark.read.table('raw').join(spark.read.table('codes'), odd(), 'left')"))
    assert drawn.edges == {("raw", "orders"), ("codes", "orders")}
    assert drawn["orders"].certain


def test_joining_something_unknown_casts_doubt(draw) -> None:
    drawn = draw(table("spark.read.table('raw').join(lookup('codes'), 'id')"))
    assert drawn.edges == {("raw", "orders")}
    assert not drawn["orders"].certain
    assert drawn.kinds["orders"] == "TABLE"


def test_a_stream_stays_a_stream_whatever_is_done_with_it(draw) -> None:
    drawn = draw(table("clean(spark.readStream.table('raw'))"))
    assert drawn.kinds["orders"] == "STREAMING_TABLE"
    assert not drawn["orders"].certain


def test_temporary_views_of_a_query_are_not_tables(draw) -> None:
    drawn = draw(
        table("""
spark.readStream.table("raw").createOrReplaceTempView("checked")
return spark.sql("SELECT * FROM checked WHERE x > 0")
""")
    )
    assert drawn.edges == {("raw", "orders")}
    assert drawn.kinds["orders"] == "STREAMING_TABLE"


def test_a_frame_made_at_the_top_of_the_file_is_read_where_it_is_used(draw) -> None:
    drawn = draw("""
        import dlt

        codes = spark.read.table("codes")
        unused = spark.read.table("unused")

        @dlt.table
        def orders():
            return spark.readStream.table("raw").join(codes, "id")
        """)
    assert drawn.edges == {("raw", "orders"), ("codes", "orders")}


@pytest.mark.parametrize(
    ("helper", "use"),
    [
        ("def load(name):\n    return spark.readStream.table(name)", "load('raw')"),
        ("def load(s, *, name='raw'):\n    return s.readStream.table(name)", "load(spark)"),
        ("load = lambda name: spark.readStream.table(name)", "load('raw')"),
        (
            (
                "def inner(n):\n    return spark.readStream.table(n)\n"
                "def load(n):\n    df = inner(n)\n    return df.where('x')"
            ),
            "load('raw')",
        ),
        (
            (
                "class Lake:\n    def __init__(self, spark):\n        self.spark = spark\n"
                "    def load(self, name):\n        return self.spark.readStream.table(name)\n"
                "lake = Lake(spark)"
            ),
            "lake.load('raw')",
        ),
        (
            (
                "class Lake:\n    @staticmethod\n    def load(name):\n"
                "        return spark.readStream.table(name)"
            ),
            "Lake.load('raw')",
        ),
        (
            (
                "from functools import partial\ndef both(a, b):\n"
                "    return spark.readStream.table(a + b)\nload = partial(both, 'r')"
            ),
            "load('aw')",
        ),
        (
            (
                "from functools import lru_cache\n@lru_cache(maxsize=None)\ndef load(name):\n"
                "    return spark.readStream.table(name)"
            ),
            "load('raw')",
        ),
    ],
)
def test_functions_and_objects_of_the_users_are_followed(draw, helper: str, use: str) -> None:
    source = f"import dlt\n{helper}\n\n@dlt.table\ndef orders():\n    return {use}\n"
    drawn = draw(source)
    assert drawn.edges == {("raw", "orders")}
    assert drawn.kinds["orders"] == "STREAMING_TABLE"
    assert drawn["orders"].certain


def test_a_function_that_calls_itself_ends(draw) -> None:
    drawn = draw("""
        import dlt

        def load(names):
            if not names:
                return spark.read.table("base")
            return load(names[1:]).unionByName(spark.read.table(names[0]))

        def forever(x):
            return forever(x)

        @dlt.table
        def orders():
            return load(["a"])

        @dlt.table
        def endless():
            return forever(1)
        """)
    assert drawn.edges == {("base", "orders"), ("a", "orders")}
    assert not drawn["endless"].certain


def test_settings_that_the_source_changes(draw) -> None:
    drawn = draw(
        """
        import dlt
        from company import value

        spark.conf.set("layer", "gold")
        spark.conf.set("lost", value)

        @dlt.table(name=spark.conf.get("layer") + ".orders")
        def orders():
            return spark.read.table("raw")

        @dlt.table(name=spark.conf.get("lost", "x") + ".orders")
        def lost():
            return spark.read.table("raw")
        """,
        configuration={"layer": "silver", "lost": "silver"},
    )
    assert drawn.names[0] == "main.gold.orders"
    assert ("STATIC_NAME_UNKNOWN", 12) in drawn.warnings


def test_the_count_of_a_grouping_is_a_frame(draw) -> None:
    drawn = draw("""
        import dlt

        @dlt.table
        def sales():
            return spark.read.table("orders").groupBy("shop").count()
        """)
    assert (drawn.node.kind, drawn.node.certain) == ("MATERIALIZED_VIEW", True)
