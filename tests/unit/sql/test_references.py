"""Every table a query reads, with the exact range to replace; and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.errors import MillpondError
from millpond.sql.references import find
from millpond.sql.tokens import words


def ranges(query: str) -> list[str]:
    """The text of every reference's range."""
    return [query[reference.start : reference.end] for reference in find(query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT 1", []),
        ("SELECT * FROM t", ["t"]),
        ("SELECT * FROM cat . sch . `t x` a", ["cat . sch . `t x`"]),
        ("SELECT * FROM a, b AS x, (SELECT 1) y, c", ["a", "b", "c"]),
        ("SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c USING (x), d", ["a", "b", "c", "d"]),
        ("SELECT * FROM a NATURAL JOIN b CROSS JOIN c LEFT ANTI JOIN d ON true", [*"abcd"]),
        ("SELECT * FROM (a JOIN (b JOIN c ON true) ON true) JOIN d ON true", [*"abcd"]),
        ("SELECT * FROM ((SELECT * FROM a) UNION (SELECT * FROM b)) u, c", [*"abc"]),
        ("(SELECT * FROM a) UNION ALL (SELECT * FROM b) ORDER BY x, y", [*"ab"]),
        ("SELECT * FROM a WHERE x IN (SELECT y FROM b) AND EXISTS (SELECT 1 FROM c)", [*"abc"]),
        ("SELECT (SELECT max(x) FROM a), b FROM c", [*"ac"]),
        ("SELECT ((SELECT max(x) FROM a) + 1) FROM b", [*"ab"]),
        ("SELECT * FROM a JOIN LATERAL (SELECT * FROM b WHERE b.x = a.x) ON true", [*"ab"]),
        ("TABLE a UNION TABLE b", [*"ab"]),
        ("SELECT * FROM a MINUS SELECT * FROM b", [*"ab"]),
        ("FROM a SELECT x, y WHERE z IN (SELECT * FROM b)", [*"ab"]),
        ("FROM a |> WHERE x |> SELECT p, q |> LEFT JOIN b USING (p) |> ORDER BY p, q", [*"ab"]),
        ("SELECT a, sum(b) FROM t GROUP BY a, b HAVING c ORDER BY d, e LIMIT 1", ["t"]),
        ("SELECT * FROM t WINDOW w AS (PARTITION BY a), v AS (ORDER BY b)", ["t"]),
        ("SELECT * FROM t PIVOT (sum(x) FOR y IN ('a', 'b')), u", [*"tu"]),
        ("SELECT * FROM t UNPIVOT (x FOR y IN (a, b)) p JOIN u", [*"tu"]),
    ],
)
def test_where_tables_stand(query, expected):
    assert ranges(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "SELECT EXTRACT(year FROM x), TRIM(LEADING FROM x), SUBSTRING(x FROM 1 FOR 2)",
        "SELECT OVERLAY(x PLACING y FROM 1), a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b",
        "SELECT * FROM range(10), explode(array(1)) e",
        "SELECT * FROM VALUES (1, 2), (3, 4) AS v(a, b)",
        "SELECT * FROM VALUES 1, 2, 'c'",
        "SELECT 'FROM a', \"FROM b\", `FROM c` -- FROM d\n/* FROM e */",
        "SELECT x.from, `from`, t.join, s.table",
        "VALUES (1), (2)",
        "SELECT filter(xs, x -> x > 1), a:b.c, a::int",
    ],
)
def test_what_only_looks_like_a_table(query):
    assert find(query) == ()


def test_lateral_views_and_functions_beside_tables():
    query = "SELECT * FROM t LATERAL VIEW OUTER explode(m) e AS k, v LATERAL VIEW f(x) g WHERE a, b"
    assert ranges(query) == ["t"]
    assert ranges("SELECT * FROM t, LATERAL explode(t.xs) AS l(x), u") == ["t", "u"]
    assert ranges("SELECT * FROM f((SELECT max(x) FROM a)), g(TABLE b), h(x => TABLE(c))") == [
        *("a", "b", "c")
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("WITH a AS (SELECT * FROM a) SELECT * FROM a", ["a"]),
        ("WITH a AS (SELECT * FROM t), b AS (SELECT * FROM A) SELECT * FROM b, `a`", ["t"]),
        ("WITH b AS (SELECT * FROM a), a AS (SELECT 1) SELECT * FROM a, b", ["a"]),
        ("WITH a AS (SELECT 1) SELECT * FROM (SELECT * FROM a WHERE EXISTS (TABLE a)) x", []),
        ("WITH a AS (SELECT 1) SELECT * FROM s.a, a", ["s.a"]),
        ("WITH a AS (WITH b AS (SELECT * FROM b) SELECT * FROM b) SELECT * FROM a, b", ["b", "b"]),
        ("SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, a", ["a"]),
        ("SELECT * FROM t WHERE x IN (WITH a AS (SELECT 1) SELECT * FROM a) UNION TABLE a",
         ["t", "a"]),
        ("WITH a (x, y) AS (SELECT * FROM t) SELECT * FROM a UNION SELECT * FROM a", ["t"]),
        ("WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT * FROM a) SELECT * FROM a", []),
        ("WITH RECURSIVE a MAX RECURSION LEVEL 9 AS (SELECT * FROM a, b) SELECT * FROM a", ["b"]),
    ],
)  # fmt: skip
def test_common_table_expressions_hide_tables_only_in_their_scope(query, expected):
    assert ranges(query) == expected


@pytest.mark.parametrize(
    ("query", "text", "parts"),
    [
        ("SELECT * FROM STREAM(t)", "STREAM(t)", ("t",)),
        ("SELECT * FROM stream ( a.`b` )", "stream ( a.`b` )", ("a", "b")),
        ("SELECT * FROM STREAM t", "STREAM t", ("t",)),
        ("SELECT * FROM STREAM LIVE.t", "STREAM LIVE.t", ("LIVE", "t")),
        ("SELECT * FROM STREAM(LIVE.t) WHERE x", "STREAM(LIVE.t)", ("LIVE", "t")),
        ("SELECT * FROM a.b, STREAM stream", "STREAM stream", ("stream",)),
    ],
)
def test_streams_are_replaced_whole(query, text, parts):
    reference = find(query)[-1]
    assert query[reference.start : reference.end] == text
    assert (reference.parts, reference.streaming) == (parts, True)


@pytest.mark.parametrize(
    "query",
    ["SELECT stream FROM `stream`", "SELECT * FROM stream", "SELECT * FROM stream WHERE x",
     "SELECT * FROM (stream)", "SELECT * FROM stream, stream.t", "SELECT * FROM stream AS s"],
)  # fmt: skip
def test_a_table_may_be_called_stream(query):
    assert not any(reference.streaming for reference in find(query))
    assert "stream" in find(query)[0].parts


@pytest.mark.parametrize(
    ("behind", "alias"),
    [
        ("", None), (" a", "a"), (" AS a", "a"), (" AS `a b`", "a b"), (" a(x, y)", "a"),
        (" WHERE true", None), (" JOIN u", None), (" LEFT JOIN u", None), (", u", None),
        (" UNION TABLE u", None), (" LATERAL VIEW f(x) y", None), (" |> WHERE x", None),
        (" TABLESAMPLE (5 ROWS) a", "a"), (" VERSION AS OF 1 AS a", "a"),
        (" TIMESTAMP AS OF date_sub(now(), 1) a", "a"), (" FOR VERSION AS OF 2", None),
        (" WATERMARK ts DELAY OF INTERVAL '10' MINUTES a", "a"),
        (" WATERMARK f(ts) AS t DELAY OF INTERVAL 1 HOUR 5 MINUTES", None),
        (" PIVOT (sum(x) FOR y IN (1))", None), (" GROUP BY ALL", None),
    ],
)  # fmt: skip
def test_aliases_and_where_one_can_be_put(behind, alias):
    query = f"SELECT * FROM t{behind}"
    reference = find(query)[0]
    assert (reference.alias, reference.alias_follows) == (alias, alias is not None)
    rest = query[reference.alias_at :].removeprefix(" AS").lstrip(" `")
    if alias is not None:
        assert rest.startswith(alias)


def test_read_options_belong_to_the_reference():
    query = "SELECT * FROM STREAM t WITH (skipChangeCommits = TRUE, 'startingVersion' = 3) AS x"
    (reference,) = find(query)
    assert reference.options == (("skipChangeCommits", "TRUE"), ("startingVersion", "3"))
    assert query[reference.end :] == " AS x"


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("SELECT * FROM delta.`/mnt/x`", ("delta", "/mnt/x")),
        ("SELECT * FROM JSON.`abfss://c@a/x`", ("JSON", "abfss://c@a/x")),
        ("SELECT * FROM STREAM delta.`s3://b/x`", ("delta", "s3://b/x")),
    ],
)
def test_files_named_in_the_query(query, parts):
    (reference,) = find(query)
    assert (reference.kind, reference.parts) == ("path", parts)


def test_a_schema_may_be_called_like_a_format():
    (reference,) = find("SELECT * FROM delta.orders")
    assert (reference.kind, reference.parts) == ("table", ("delta", "orders"))


def test_identifier_of_a_constant_is_a_name():
    (reference,) = find("SELECT * FROM IDENTIFIER('a.b') x")
    assert (reference.parts, reference.alias) == (("a", "b"), "x")
    assert find("SELECT * FROM IDENTIFIER(:t)") == ()


def test_lines_and_columns_are_those_of_the_query():
    first, second = find("SELECT *\nFROM a,\r\n  STREAM(b)")
    assert (first.line, first.column) == (2, 6)
    assert (second.line, second.column) == (3, 3)


def test_a_source_function_with_its_arguments():
    query = (
        "SELECT * FROM STREAM(read_files('/Volumes/a', format => 'csv', header => true,\n"
        "  maxFilesPerTrigger => -1, rate => 1.5, schema => 'a INT', x => concat('a', 'b'))) f"
    )
    (reference,) = find(query)
    assert (reference.kind, reference.function) == ("function", "read_files")
    assert (reference.streaming, reference.alias) == (True, "f")
    assert query[reference.start :].startswith("STREAM(read_files")
    assert query[reference.end :] == " f"
    found = [(a.name, a.value, a.literal) for a in reference.arguments]
    assert found == [
        (None, "/Volumes/a", True),
        ("format", "csv", True),
        ("header", True, True),
        ("maxFilesPerTrigger", -1, True),
        ("rate", 1.5, True),
        ("schema", "a INT", True),
        ("x", None, False),
    ]
    last = reference.arguments[-1]
    assert query[last.start : last.end] == last.text == "concat('a', 'b')"


def test_without_stream_read_files_is_a_batch_read():
    (reference,) = find("SELECT * FROM read_files('/a')")
    assert not reference.streaming


def test_cloud_files_always_streams_and_takes_a_map():
    (reference,) = find("SELECT * FROM cloud_files('/a', 'json', map('x.y', 'true', 'n', 5))")
    assert reference.streaming
    values = [argument.value for argument in reference.arguments]
    assert values == ["/a", "json", (("x.y", "true"), ("n", "5"))]


@pytest.mark.parametrize("bad", ["map('a')", "map('a', b)", "map", "f(x)", "1 + 1", "NULLS"])
def test_what_is_not_a_constant_stays_text(bad):
    (argument,) = find(f"SELECT * FROM read_files(x => {bad})")[0].arguments
    assert (argument.literal, argument.value, argument.text) == (False, None, bad)


@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        ("", []),
        ("'p',", ["'p'", ","]),
        (",'p'", [",", "'p'"]),
        ("'p',, a => 1", ["'p'", ",", "1"]),
        ("'p', map('a',)", ["'p'", "map('a',)"]),
    ],
)
def test_an_argument_that_is_missing_is_a_comma_and_no_constant(arguments, texts):
    (reference,) = find(f"SELECT * FROM read_files({arguments})")
    assert [argument.text for argument in reference.arguments] == texts
    assert not any(each.literal for each in reference.arguments if each.text.endswith((",", ",)")))


def test_references_can_be_keys():
    references = find("SELECT * FROM a, cloud_files('/a', 'json', map('a', 'b'))")
    assert len(set(references)) == 2


WORDS = [
    *words("SELECT FROM WHERE JOIN WITH AS UNION EXCEPT TABLE STREAM LATERAL VIEW VALUES"),
    *words("( ) , . * a b [ ] map IDENTIFIER read_files"),
    *words("t IS DISTINCT ON WATERMARK DELAY OF INTERVAL 1 'x' `q` => |>"),
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_any_words_give_ranges_that_do_not_overlap(texts):
    query = " ".join(texts)
    end = 0
    for reference in find(query):
        assert end <= reference.start < reference.end <= len(query)
        assert reference.alias_at is None or reference.end <= reference.alias_at <= len(query)
        end = reference.end


def test_text_that_cannot_be_cut_into_tokens_is_the_users_mistake():
    with pytest.raises(MillpondError):
        find("SELECT 'a FROM b")


def test_a_table_is_an_argument_where_no_bracket_is_around_it() -> None:
    assert ranges("SELECT * FROM f(TABLE(a.b))") == ["a.b"]
    assert ranges("SELECT * FROM f(TABLE a)") == ["a"]


def test_the_event_log_of_a_table_reads_the_log_and_not_the_table() -> None:
    assert ranges("SELECT * FROM event_log(TABLE(a.b)) AS log") == ["event_log(TABLE(a.b))"]


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ("'a.b', 0", {"startingVersion": "0"}),
        ("'a.b', 1, 3", {"startingVersion": "1", "endingVersion": "3"}),
        ("'a.b', '2024-01-01', TIMESTAMP'2024-01-02'",
         {"startingTimestamp": "2024-01-01", "endingTimestamp": "2024-01-02"}),
    ],
)  # fmt: skip
def test_changes_of_a_table_are_the_table_read_with_options(arguments, options):
    (reference,) = find(f"SELECT * FROM table_changes({arguments}) AS c")
    assert (reference.kind, reference.parts, reference.alias) == ("table", ("a", "b"), "c")
    assert dict(reference.options) == {"readChangeFeed": "true", **options}
