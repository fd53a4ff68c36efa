"""Where sqlfluff parses one of our statements, it sees the same definition as we do."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.sql.columns import read_schema
from millpond.sql.statements import split

CORPUS = split((Path(__file__).parent / "corpus.sql").read_text(encoding="utf-8"), Path("c.sql"))
REFUSED = ("CREATE FUNCTION", "USING ICEBERG")
STATEMENTS = [s for s in CORPUS if not any(refused in s.text for refused in REFUSED)]
KINDS = {
    "create_table_statement": {"STREAMING_TABLE", "MATERIALIZED_VIEW"},
    "create_materialized_view_statement": {"MATERIALIZED_VIEW"},
    "create_view_statement": {"VIEW"},
    "create_flow_statement": {"FLOW"},
    "apply_changes_into_statement": {"FLOW"},
}


@pytest.fixture(scope="module")
def parsed():
    """The tree of a statement by sqlfluff, or None where its dialect knows less than ours."""
    core = pytest.importorskip("sqlfluff.core")
    linter = core.Linter(config=core.FluffConfig(overrides={"dialect": "databricks"}))

    def parse(text: str):
        result = linter.parse_string(text)
        return None if result.violations else next(result.tree.recursive_crawl("statement"))

    return parse


def _first(tree, *types: str) -> str | None:
    found = next(tree.recursive_crawl(*types), None)
    return None if found is None else found.raw.replace("`", "").casefold()


def _columns(tree) -> list[str]:
    """The columns that are listed with a type."""
    found = tree.recursive_crawl("column_definition", recurse_into=False)
    return [next(c.recursive_crawl("naked_identifier", "quoted_identifier")).raw for c in found]


@pytest.mark.parametrize("statement", STATEMENTS, ids=[s.text[:60] for s in STATEMENTS])
def test_a_definition(statement, parsed, load):
    tree = parsed(statement.text)
    defined = load(statement.text)
    if tree is None:
        assert defined.datasets or defined.flows
        return
    (inner,) = [segment for segment in tree.segments if segment.get_type() in KINDS]
    if defined.datasets:
        name, kind = ".".join(defined.dataset.name), defined.dataset.kind.value
    else:
        name, kind = ".".join(defined.flow.target), "FLOW"
    assert kind in KINDS[inner.get_type()]
    if kind == "FLOW":
        targets = [r.raw.replace("`", "") for r in inner.recursive_crawl("table_reference")]
        assert name in targets
    else:
        assert _first(inner, "table_reference") in (name.casefold(), None) or "`" in statement.text
        assert len(defined.dataset.expectations) == inner.raw.upper().count("EXPECT (")
        schema = defined.dataset.schema
        assert (read_schema(schema, statement.at).names if schema else []) == _columns(inner)


def test_the_oracle_reads_most_of_the_corpus(parsed):
    read = [statement for statement in STATEMENTS if parsed(statement.text) is not None]
    assert len(read) >= 0.7 * len(STATEMENTS)
