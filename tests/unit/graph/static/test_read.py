"""Whole pipelines: errors of several files, and the same answers as a run gives."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.definitions import DatasetKind, PipelineSpec, SourceFile, SourceKind, qualify
from millpond.errors import Failures
from millpond.graph.static import static_graph
from millpond.load.environment import source_environment
from millpond.load.pipeline import load_definitions, read_programs
from millpond.sources.inputs import LocalInputs

RETAIL = Path(__file__).parents[4] / "src" / "retail"


def spec_of(root: Path, *files: Path, configuration: dict[str, str] | None = None) -> PipelineSpec:
    kinds = {".py": SourceKind.PYTHON, ".sql": SourceKind.SQL}
    sources = tuple(SourceFile(file, kinds[file.suffix]) for file in files)
    return PipelineSpec(
        key="p",
        name="p",
        pipeline_id="id",
        target="default",
        catalog="main",
        schema="sales",
        sources=sources,
        root_path=root,
        project=root,
        configuration=configuration or {},
    )


def declared_by_a_run(spec: PipelineSpec) -> list[tuple[object, ...]]:
    """What running the source declares: names, kinds, places and expectations."""
    spark = SimpleNamespace(conf=SimpleNamespace(get=spec.configuration.__getitem__))
    with source_environment(spec.root_path):
        definitions = load_definitions(spec, read_programs(spec), spark, LocalInputs())
    return [
        (
            str(qualify(dataset.name, spec.catalog, spec.schema)),
            dataset.kind.value,
            dataset.at,
            tuple(expectation.name for expectation in dataset.expectations),
        )
        for dataset in definitions.datasets
    ]


def assert_same_as_a_run(spec: PipelineSpec) -> None:
    graph = static_graph(spec)
    drawn = [
        (node.name, node.kind, node.at, node.expectations)
        for node in graph.nodes
        if node.kind != "EXTERNAL"
    ]
    expected = declared_by_a_run(spec)
    assert [each[0] for each in drawn] == [each[0] for each in expected]
    for mine, run in zip(drawn, expected, strict=True):
        assert mine[2:] == run[2:]
        if run[1] != DatasetKind.TABLE.value:
            assert mine[1] == run[1]


def test_the_retail_pipeline_is_known_in_full() -> None:
    """It reads settings, loops over feeds and takes its rules from modules of its own."""
    folders = [RETAIL / name for name in ("bronze", "silver", "gold", "events")]
    files = sorted(file for folder in folders for file in folder.iterdir() if file.is_file())
    names = ("bronze_schema", "silver_schema", "gold_schema", "landing_path", "events_path")
    spec = spec_of(RETAIL, *files, configuration={name: name for name in names})
    graph = static_graph(spec)
    assert graph.warnings == ()
    assert all(node.certain for node in graph.nodes)
    assert all(node.kind != "TABLE" for node in graph.nodes)
    assert_same_as_a_run(spec)


names = st.lists(
    st.text("abcxyz_", min_size=1, max_size=6).filter(str.isidentifier), min_size=1, unique=True
)


@given(names, names, st.booleans())
def test_definitions_in_loops_and_functions_are_those_of_a_run(
    tmp_path_factory: pytest.TempPathFactory, tables: list[str], rules: list[str], as_loop: bool
) -> None:
    root = tmp_path_factory.mktemp("generated")
    file = root / "source.py"
    function = """
import dlt

RULES = {rules!r}
SUFFIX = "é_" + str(len(RULES))

def define(name, number=0, *, rules=RULES):
    @dlt.expect("outer", "1 = 1")
    @dlt.table(
        name=f"s{{number:02d}}.{{name}}",
    )
    @dlt.expect_all({{f"{{rule}}_{{name}}": "x" for rule in rules if rule != name}})
    @dlt.expect_or_drop("inner", "1 = 1")
    def rows():
        return 1
"""
    loop = "for i, t in enumerate({tables!r}):\n    define(t, number=i)\n"
    calls = "[define(t, rules=[t, SUFFIX]) for t in {tables!r}]\n"
    text = function.format(rules=rules) + (loop if as_loop else calls).format(tables=tables)
    file.write_text(text, encoding="utf-8")
    assert_same_as_a_run(spec_of(root, file))


def test_every_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    python, sql, good = tmp_path / "a.py", tmp_path / "b.sql", tmp_path / "c.sql"
    python.write_text("def f(:\n")
    sql.write_text("CREATE STREAMING TABLE 1;\n")
    good.write_text("CREATE STREAMING TABLE t;\n")
    with pytest.raises(Failures) as failures:
        static_graph(spec_of(tmp_path, python, sql, good))
    found = [(error.code.name, error.at.file.name) for error in failures.value]
    assert found == [("PYTHON_SYNTAX_ERROR", "a.py"), ("PARSE_SYNTAX_ERROR", "b.sql")]


def test_what_a_run_does_not_support_yet_is_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "a.sql"
    file.write_text("CREATE STREAMING TABLE t;\nINSERT INTO t VALUES (1);")
    graph = static_graph(spec_of(tmp_path, file))
    assert [node.name for node in graph.nodes] == ["main.sales.t"]
    assert [warning.code.name for warning in graph.warnings] == ["SQL_STATEMENT_WITHOUT_DEFINITION"]


def test_a_pipeline_without_source_is_empty(tmp_path: Path) -> None:
    assert static_graph(spec_of(tmp_path)).nodes == ()
