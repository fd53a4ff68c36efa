"""The words after CREATE, in every spelling, and what is wrong with others."""

import pytest

from millpond.codes import (
    EXPECTATION_ON_PUBLISHED_VIEW,
    IDENTIFIER_NOT_CONSTANT,
    INVALID_NAME,
    PARSE_SYNTAX_ERROR,
)
from millpond.definitions import DatasetKind, FlowKind

ST, MV, VIEW = (
    DatasetKind.STREAMING_TABLE,
    DatasetKind.MATERIALIZED_VIEW,
    DatasetKind.TEMPORARY_VIEW,
)


@pytest.mark.parametrize("replacing", ["", "OR REFRESH ", "OR REPLACE ", "or refresh "])
@pytest.mark.parametrize(
    ("words", "kind", "private"),
    [
        ("STREAMING TABLE", ST, False),
        ("streaming table", ST, False),
        ("STREAMING LIVE TABLE", ST, False),
        ("INCREMENTAL LIVE TABLE", ST, False),
        ("PRIVATE STREAMING TABLE", ST, True),
        ("TEMPORARY STREAMING TABLE", ST, True),
        ("TEMPORARY STREAMING LIVE TABLE", ST, True),
        ("MATERIALIZED VIEW", MV, False),
        ("PRIVATE MATERIALIZED VIEW", MV, True),
        ("LIVE TABLE", MV, False),
        ("TEMPORARY LIVE TABLE", MV, True),
        ("TEMPORARY VIEW", VIEW, False),
        ("TEMP VIEW", VIEW, False),
        ("LIVE VIEW", VIEW, False),
        ("TEMPORARY LIVE VIEW", VIEW, False),
        ("STREAMING LIVE VIEW", VIEW, False),
        ("TEMPORARY STREAMING LIVE VIEW", VIEW, False),
        ("TEMPORARY STREAMING VIEW", VIEW, False),
    ],
)
def test_every_spelling(replacing, words, kind, private, load):
    defined = load(f"CREATE {replacing}{words} x AS SELECT 1 AS one")
    assert (defined.dataset.kind, defined.dataset.private) == (kind, private)
    assert defined.flow.name == defined.flow.target == ("x",)
    assert defined.flow.language == defined.dataset.language == "SQL"


def test_the_implicit_flow_has_the_kind_of_its_dataset(load):
    text = "CREATE {} {} AS SELECT 1 AS one;"
    words = ("STREAMING TABLE", "MATERIALIZED VIEW", "TEMPORARY VIEW")
    defined = load("".join(text.format(w, n) for n, w in zip("abc", words, strict=True)))
    kinds = [flow.kind for flow in defined.flows]
    assert kinds == [FlowKind.APPEND, FlowKind.COMPLETE, FlowKind.VIEW]


def test_a_dataset_is_at_its_name_and_its_query_where_it_starts(load):
    defined = load("\nCREATE MATERIALIZED VIEW\n  a.`b c`\nAS -- now\n  SELECT 1 AS one -- done\n;")
    assert defined.dataset.name == ("a", "b c")
    assert (defined.dataset.at.line, defined.dataset.at.column) == (3, 3)
    query = defined.flow.query
    assert query.text == "SELECT 1 AS one"
    assert (query.at.line, query.at.column, query.at.end_column) == (5, 3, 18)


@pytest.mark.parametrize(
    ("sql", "column", "found", "hint"),
    [
        ("CREATE STREAMNG TABLE t", 8, "'STREAMNG'", "Did you mean STREAMING?"),
        ("CREATE STREAMING TABEL t", 18, "'TABEL'", "Did you mean TABLE?"),
        ("CREATE MATERIALIZED VEIW t", 21, "'VEIW'", "Did you mean VIEW?"),
        ("CREATE OR REFESH STREAMING TABLE t", 11, "'REFESH'", "Did you mean REFRESH?"),
        ("CREATE MATERIALISED VIEW t", 8, "'MATERIALISED'", "Did you mean MATERIALIZED?"),
        ("CRATE STREAMING TABLE t", 1, "'CRATE'", "Did you mean CREATE?"),
        ("CREATE", 7, "the end of the statement", None),
        ("CREATE STREAMING TABLE", 23, "the end of the statement", None),
        ("CREATE STREAMING TABLE 'x'", 24, "\"'x'\"", None),
        ("CREATE STREAMING TABLE a.", 26, "the end of the statement", None),
        ("CREATE STREAMING TABLE a.b.c.d", 30, "'d'", None),
        ("CREATE STREAMING TABLE IF EXISTS a", 27, "'EXISTS'", None),
        ("CREATE STREAMING TABLE t A SELECT 1", 26, "'A'", "Did you mean AS?"),
        ("CREATE STREAMING TABLE t AS", 28, "the end of the statement", None),
        ("CREATE STREAMING TABLE t AS SELEC 1", 29, "'SELEC'", "Did you mean SELECT?"),
        ("CREATE STREAMING TABLE t AS (SELECT 1", 38, "the end of the statement", None),
        ("CREATE STREAMING TABLE t AS SELECT 1)", 37, "')'", None),
        ("CREATE MATERIALIZED VIEW v", 27, "the end of the statement", None),
        ("CREATE TEMPORARY VIEW v COMMENT 'x'", 36, "the end of the statement", None),
        ("CREATE MATERIALIZED VIEW v FLOW INSERT BY NAME SELECT 1", 28, "'FLOW'", None),
        ("CREATE MATERIALIZED VIEW v AS SELECT 1 CREATE FLOW f AS", 40, "'CREATE'", None),
        ("CREATE OR REPLACE FLOW f AS INSERT INTO t BY NAME SELECT 1", 8, "'OR'", None),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(sql, column, found, hint, fails):
    error = fails("\n  " + sql, PARSE_SYNTAX_ERROR, f"2:{column + 2}")
    assert error.params["found"] == found
    assert hint is None or error.hint == hint


def test_a_range_covers_the_offending_word(fails):
    error = fails("CREATE STREAMNG TABLE t", PARSE_SYNTAX_ERROR, "1:8")
    assert (error.at.end_line, error.at.end_column) == (1, 16)


def test_what_may_follow_is_told_in_the_words_of_today(fails):
    error = fails("CREATE OR REFRESH STREAMNG TABLE t", PARSE_SYNTAX_ERROR, "1:19")
    expected = "FLOW, STREAMING, PRIVATE, TEMPORARY, MATERIALIZED, VIEW or TABLE"
    assert error.params["expected"] == expected


def test_create_as_a_name_does_not_start_a_statement(load):
    sql = "CREATE MATERIALIZED VIEW v AS SELECT t.create, `create` AS create FROM t"
    assert load(sql).query.endswith("AS create FROM t")


def test_a_temporary_view_with_a_schema(fails):
    error = fails("CREATE TEMPORARY VIEW a.v AS SELECT 1", INVALID_NAME, "1:23")
    assert error.params["name"] == "a.v"


def test_a_published_view_and_a_managed_table(load):
    view = load("CREATE OR REPLACE VIEW main.gold.v AS SELECT 1 AS one")
    assert (view.dataset.kind, view.dataset.published) == (VIEW, True)
    assert view.differences == ()
    table = load("CREATE TABLE t (id INT) FLOW INSERT BY NAME SELECT * FROM STREAM s")
    assert (table.dataset.kind, table.dataset.managed) == (ST, True)
    assert [each.feature.name for each in table.differences] == ["CREATE TABLE ... FLOW"]


def test_a_published_view_has_no_expectations(fails):
    sql = "CREATE VIEW v (CONSTRAINT c EXPECT (a > 1)) AS SELECT 1 AS a"
    fails(sql, EXPECTATION_ON_PUBLISHED_VIEW, "1:16")


def test_a_managed_table_takes_its_query_from_a_flow(fails):
    fails("CREATE TABLE t AS SELECT 1 AS one", PARSE_SYNTAX_ERROR, "1:16")


@pytest.mark.parametrize(
    "value", ["'a.`b c`'", "'a' || '.`b c`'", "concat('a', '.', '`b c`')", "('a.`b c`')"]
)
def test_a_name_by_identifier(value, load):
    defined = load(f"CREATE MATERIALIZED VIEW IDENTIFIER({value}) AS SELECT 1 AS one")
    assert defined.dataset.name == ("a", "b c")
    flow = load(f"CREATE FLOW f AS INSERT INTO identifier({value}) BY NAME SELECT 1 AS one").flow
    assert flow.target == ("a", "b c")


def test_a_name_that_is_not_constant(fails):
    sql = "CREATE MATERIALIZED VIEW IDENTIFIER({}) AS SELECT 1"
    error = fails(sql.format("upper('a')"), IDENTIFIER_NOT_CONSTANT, "1:26")
    assert error.params["text"] == "upper('a')"
    fails(sql.format("'a b'"), INVALID_NAME, "1:26")
