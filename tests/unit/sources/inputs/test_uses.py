"""What source reads from outside is listed without running it; dynamic reads are unknown."""

from __future__ import annotations

from textwrap import dedent

import pytest

from millpond.bundle import spec_for_sources
from millpond.graph.static import static_graph
from millpond.sources.inputs import load_inputs
from millpond.sources.inputs.answers import answer
from millpond.sources.inputs.uses import uses_in


@pytest.fixture
def answers(tmp_path):
    def listed(source, inputs="", stored=()):
        (tmp_path / "pipeline.py").write_text(dedent(source))
        (tmp_path / "millpond.yml").write_text(dedent(inputs))
        spec = spec_for_sources(tmp_path / "pipeline.py")
        mapped = load_inputs(tmp_path / "millpond.yml", "dev")
        uses = uses_in(spec, static_graph(spec))
        found = [answer(use, mapped, lambda name: str(name) in stored) for use in uses]
        return [(each.use.kind, each.use.name, each.status) for each in found]

    return listed


def test_each_use_is_listed_once_with_its_status(answers):
    source = """
        import dlt

        a = dbutils.secrets.get("s", "k") + dbutils.secrets.get(scope="s", key="k")

        @dlt.table
        def x():
            return spark.read.table("sales.orders").join(spark.read.table("MAIN.sales.Orders"))

        @dlt.table
        def y():
            return spark.read.table("other.z.t")
        """
    assert answers(source, stored=("main.sales.orders",)) == [
        ("table", "main.sales.orders", "local"),
        ("table", "other.z.t", "unmapped"),
        ("secret", "s/k", "unmapped"),
    ]


def test_what_only_a_run_knows_is_unknown(answers):
    source = """
        import dlt, os

        @dlt.table
        def x():
            return spark.read.table(os.environ["T"])

        k = dbutils.secrets.get(os.environ["S"], "k")
        """
    assert answers(source) == [("read", None, "unknown"), ("secret", None, "unknown")]


def test_a_mapping_that_leads_nowhere_is_wrong(answers):
    source = """
        import dlt

        @dlt.table
        def x():
            return spark.read.table("a.b.c")
        """
    assert answers(source, "tables: {a.b.c: missing.csv}") == [("table", "a.b.c", "wrong")]


def test_options_of_kafka_may_be_a_dictionary(answers):
    source = """
        import dlt

        OPTIONS = {"kafka.bootstrap.servers": "broker:9092", "subscribe": "t"}
        OTHERS = {"kafka.bootstrap.servers": f"{spark.conf.get('n')}:9093", "subscribe": "u"}

        @dlt.table
        def x():
            return spark.readStream.format("kafka").options(**OPTIONS).load()
        """
    assert answers(source) == [("kafka", "broker:9092", "unmapped"), ("kafka", None, "unknown")]
