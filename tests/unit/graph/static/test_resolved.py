"""The static graph of every project of the tests beside the graph that a run resolves.

Where they differ, the static one has to say so: its dataset is not `certain`, or a warning says
that something has no known name.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from millpond.definitions import PipelineSpec
from millpond.graph.static import EXTERNAL, Node, StaticGraph, static_graph
from millpond.sources.choice import PipelineChoice, choose

pytestmark = pytest.mark.spark

ROOT = Path(__file__).parents[4]
ACCEPTANCE = ROOT / "tests" / "acceptance"
PROJECTS = (
    *("auto_cdc", "differences", "expectation_violated", "notebook", "run", "sql", "type_change"),
    *("surface_dlt", "surface_flows", "surface_legacy_sql", "surface_python", "surface_sql"),
    "udf_raises",
)
NAMELESS = {"STATIC_NAME_UNKNOWN", "STATIC_SOURCE_TOO_LARGE"}


@dataclass
class Resolved:
    """The graph as the events of a dry run describe it, all by names in full."""

    kinds: dict[str, str] = field(default_factory=dict)
    expectations: dict[str, list[str]] = field(default_factory=dict)
    reads: dict[str, set[str]] = field(default_factory=dict)

    def __call__(self, event: Any) -> None:
        """Take note of an event."""
        body = event.details.get(event.event_type, {})
        name = event.origin.get("dataset_name", "")
        if event.event_type == "dataset_definition":
            self.kinds[name] = body["dataset_type"]
            self.expectations[name] = [each["name"] for each in body["expectations"]]
        elif event.event_type == "sink_definition":
            self.kinds[name] = EXTERNAL
        elif event.event_type == "flow_definition":
            self.reads.setdefault(body["output_dataset"], set()).update(body["input_datasets"])


def resolved(spec: PipelineSpec, state: Path, inputs: Any) -> Resolved:
    from millpond.engine.update import UpdateRequest, run_update

    found = Resolved()
    summary = run_update(UpdateRequest(spec, state, inputs, dry_run=True), found)
    assert summary.state == "COMPLETED", summary
    return found


def differences(static: StaticGraph, found: Resolved) -> Iterator[str]:
    """What the static graph has otherwise than the resolved one, without a mark that says so."""
    nodes = {each.name: each for each in static.nodes if each.at is not None}
    tables = {each.name for each in static.nodes if each.at is not None or each.table is not None}
    nameless = any(each.code.name in NAMELESS for each in static.warnings)
    for name in found.kinds.keys() - nodes.keys():
        if not nameless:
            yield f"{name} is missing"
    for name in nodes.keys() - found.kinds.keys():
        if nodes[name].certain:
            yield f"{name} is too much"
    for name in nodes.keys() & found.kinds.keys():
        reads = {e.source for e in static.edges if e.target == name and e.source in tables}
        yield from (
            f"{name}: {what}" for what in _of_node(nodes[name], reads, found) if nodes[name].certain
        )


def _of_node(node: Node, reads: set[str], found: Resolved) -> Iterator[str]:
    if node.kind != found.kinds[node.name]:
        yield f"{node.kind}, not {found.kinds[node.name]}"
    if list(node.expectations) != found.expectations.get(node.name, []):
        yield f"expects {node.expectations}, not {found.expectations[node.name]}"
    if reads != found.reads.get(node.name, set()):
        yield f"reads {reads}, not {found.reads.get(node.name)}"


@pytest.mark.parametrize("case", PROJECTS)
def test_a_project_of_the_acceptance_cases(case: str, tmp_path: Path, spark: Any) -> None:
    shutil.copytree(ACCEPTANCE / case / "project", tmp_path / "project")
    choice = PipelineChoice(tmp_path / "project", configuration={"type": "INT"})
    chosen = choose(choice)
    found = resolved(chosen.spec, tmp_path / "state", chosen.inputs)
    assert list(differences(static_graph(chosen.spec), found)) == []


@pytest.mark.parametrize("language", ["python", "sql"])
def test_a_new_project(language: str, tmp_path: Path, spark: Any) -> None:
    from millpond.cli.init import make_project

    make_project(tmp_path / "shop", language)
    chosen = choose(PipelineChoice(tmp_path / "shop"))
    found = resolved(chosen.spec, tmp_path / "state", chosen.inputs)
    static = static_graph(chosen.spec)
    assert list(differences(static, found)) == []
    assert all(node.certain for node in static.nodes)


def test_the_retail_bundle(tmp_path: Path, spark: Any) -> None:
    chosen = choose(PipelineChoice(ROOT, target="dev"))
    found = resolved(chosen.spec, tmp_path / "state", chosen.inputs)
    static = static_graph(chosen.spec)
    assert list(differences(static, found)) == []
    assert all(node.certain for node in static.nodes)


TRICKS = {
    "helpers/__init__.py": "",
    "helpers/naming.py": """
        PREFIX = "silver"

        def named(layer, *, suffix=""):
            return f"{layer}_{suffix}".rstrip("_")

        class Catalogue:
            tables = {"a": "id", "b": "id"}

            def __init__(self, prefix):
                self.prefix = prefix

            def full(self, name):
                return "_".join((self.prefix, name))
        """,
    "a_factories.py": """
        import dataclasses
        import enum
        import functools
        import json
        import os

        import dlt
        from pyspark import pipelines as sdp
        from pyspark.pipelines import materialized_view as mv, table
        from pyspark.sql import DataFrame, functions as F

        from helpers import naming
        from helpers.naming import Catalogue, named

        catalogue = Catalogue(naming.PREFIX)

        @table
        def bronze_orders() -> DataFrame:
            return spark.readStream.format("rate").load().selectExpr("value AS id")

        def made(source, name=None, **options):
            @mv(name=name or f"{source}_made", **options)
            def inner():
                return spark.read.table(source)
            return inner

        for key in catalogue.tables:
            made("bronze_orders", catalogue.full(key), comment="made")

        made(source="silver_a")

        @sdp.materialized_view(name=named("gold", suffix="one"))
        @sdp.expect_all({f"rule_{n}": f"id > {n}" for n in range(3)})
        def _():
            left, right = (spark.read.table(each) for each in ("silver_a", "silver_b"))
            return left.join(right, "id")

        @sdp.materialized_view
        def by_sql():
            spark.read.table("silver_b").createOrReplaceTempView("local_rows")
            return spark.sql(f"WITH x AS (SELECT id FROM {catalogue.full('a')}) "
                             "SELECT x.id FROM x JOIN local_rows USING (id)")

        @dlt.table(name="chosen" if len(catalogue.tables) == 2 else "other")
        def _chosen():
            return dlt.read("silver_a").union(dlt.read("by_sql"))

        def logged(function):
            @functools.wraps(function)
            def wrapper(*given, **named_):
                return function(*given, **named_)
            return wrapper

        @sdp.materialized_view
        @logged
        def wrapped():
            return spark.read.table("chosen")

        class Reader:
            def __init__(self, table_name):
                self.table_name = table_name

            def read(self):
                return spark.read.table(self.table_name)

        @sdp.temporary_view()
        def by_class():
            return Reader("wrapped").read()

        if os.environ.get("NOT_SET_ANYWHERE"):
            @sdp.materialized_view
            def only_there():
                return spark.read.table("by_class")

        names = [row.id for row in spark.range(2).collect()]
        for number in names:
            @sdp.materialized_view(name=f"numbered_{number}")
            def numbered(number=number):
                return spark.read.table("by_class").where(F.col("id") == number)

        @sdp.materialized_view
        def read_by_data():
            table_name = "silver_" + spark.range(1).schema.names[0].replace("id", "a")
            return spark.read.table(table_name)

        sdp.create_streaming_table("merged")
        for each in ("one", "two"):
            @sdp.append_flow(target="merged", name=f"merge_{each}")
            def flow(each=each):
                return spark.readStream.table("bronze_orders").selectExpr(f"'{each}' AS n", "id")

        class Layer(str, enum.Enum):
            GOLD = "gold"
            SILVER = "silver"

        @dataclasses.dataclass
        class Source:
            name: str
            columns: list = dataclasses.field(default_factory=list)
            layer: Layer = Layer.GOLD

            @property
            def target(self):
                return "{}_{}".format(self.layer.value, self.name.lower())

        class Base:
            suffix = "base"

            def __init__(self, prefix, *, reads=()):
                self.prefix, self.reads = prefix, list(reads)

            def name(self):
                return f"{self.prefix}_{self.suffix}"

            def define(self):
                def query():
                    frames = [spark.read.table(each) for each in self.reads]
                    return functools.reduce(lambda a, b: a.unionByName(b), frames)

                query.__name__ = self.name()
                return sdp.materialized_view(query)

        class Special(Base):
            suffix = "special"

            def __init__(self, prefix, reads):
                super().__init__(prefix, reads=reads)
                self.reads.append("silver_b")

        Base("plain", reads=["silver_a", "by_sql"]).define()
        Special("very", ["silver_a"]).define()
        Base.suffix = "renamed"
        Base("later", reads=("silver_a",)).define()

        for position, source in enumerate([Source("Shops"), Source("Stores", ["id"])], start=1):
            if position > 5:
                continue
            sdp.materialized_view(name=source.target, comment=str(source.columns))(
                lambda source=source: spark.read.table("silver_a" if source.columns else "silver_b")
            )

        def names_of(prefix, count):
            for number in range(count):
                yield f"{prefix}_{number:02d}"

        for name in names_of("generated", 2):
            @sdp.materialized_view(name=name)
            def generated():
                return spark.table("silver_a")

        steps = {"first": "silver_a", "second": "stepped_first"}
        for step, reads in steps.items():
            @sdp.temporary_view(name="stepped_%s" % step)
            def stepped(reads=reads):
                match reads:
                    case "silver_a":
                        return spark.sql(f"SELECT * FROM {reads}")
                    case _:
                        return spark.sql("SELECT * FROM " + reads)

        try:
            import a_package_that_is_not_there as missing
        except ImportError:
            missing = None

        @sdp.materialized_view(name="with_missing" if missing else "without_missing")
        def either():
            if (limit := len(steps)) > 1:
                return spark.read.table("stepped_second").limit(limit)
            return spark.read.table("silver_b")

        settings = json.loads('{"target": "from_json"}')

        @sdp.materialized_view(name=settings["target"])
        def by_json():
            return spark.read.table("silver_a")

        globals()["late"] = sdp.materialized_view(name="by_globals")(
            lambda: spark.read.table("merged")
        )
        """,
    "b_more.sql": """
        SET layer = silver;
        CREATE OR REFRESH MATERIALIZED VIEW from_config AS SELECT * FROM ${layer}_a;
        CREATE TEMPORARY VIEW united AS
        SELECT id FROM (SELECT id FROM silver_a UNION ALL SELECT id FROM silver_b)
        WHERE id IN (SELECT id FROM by_sql) AND EXISTS (SELECT 1 FROM chosen c WHERE c.id = 1);
        CREATE OR REFRESH MATERIALIZED VIEW `odd name` (CONSTRAINT `has id` EXPECT (id IS NOT NULL))
        AS WITH silver_a AS (SELECT 1 AS id) SELECT u.id FROM united u, silver_a, (SELECT 1);
        CREATE OR REFRESH STREAMING TABLE merged_again AS SELECT * FROM STREAM(LIVE.merged);
        """,
}


def test_what_people_do_to_names(project: Any, spark: Any) -> None:
    from millpond.sources.inputs import LocalInputs

    for name, text in TRICKS.items():
        project.write(f"source/{name}", text)
    spec = project.spec({})
    found = resolved(spec, project.state, LocalInputs())
    static = static_graph(spec)
    assert list(differences(static, found)) == []
    unsure = {node.name.removeprefix("main.default.") for node in static.nodes if not node.certain}
    assert unsure == {"gold_shops", "only_there", "read_by_data"}
    missing = {name.removeprefix("main.default.") for name in found.kinds} - {
        node.name.removeprefix("main.default.") for node in static.nodes
    }
    assert missing == {"numbered_0", "numbered_1", "without_missing"}
