"""A query reads other views and still means what it said."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.references import find
from millpond.sql.rewrite import position, replace, substitute, uses_metadata
from millpond.sql.tokens import words

AT = Span(Path("f.sql"), 3, 7)


def rewritten(query: str, *, hide: str = "", defaults: tuple[str, ...] = ()) -> str:
    """The query with its references replaced by v0, v1, ... in order."""
    references = find(query)
    return substitute(
        query,
        references,
        {reference: f"v{number}" for number, reference in enumerate(references)},
        hide_metadata=[r for r in references if hide and r.parts[-1] in hide.split()],
        defaults=defaults,
    )


def test_replace_takes_ranges_in_any_order():
    assert replace("abc", [(2, 3, "Z"), (0, 1, "X")]) == "XbZ"
    with pytest.raises(ValueError, match="overlaps"):
        replace("abc", [(0, 2, "X"), (1, 3, "Y")])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT orders.id FROM orders", "SELECT orders.id FROM v0 AS `orders`"),
        ("SELECT o.id FROM c.s.orders o", "SELECT o.id FROM v0 o"),
        ("SELECT * FROM STREAM(LIVE.t)", "SELECT * FROM v0 AS `t`"),
        ("SELECT * FROM `a b`", "SELECT * FROM v0 AS `a b`"),
        ("SELECT * FROM read_files('/x')", "SELECT * FROM v0"),
        ("SELECT * FROM delta.`/x/y`", "SELECT * FROM v0"),
        ("TABLE t", "TABLE v0"),
        ("SELECT * FROM t UNION TABLE u", "SELECT * FROM v0 AS `t` UNION TABLE v1"),
        (
            "SELECT * FROM t TABLESAMPLE (10 PERCENT), u",
            "SELECT * FROM v0 TABLESAMPLE (10 PERCENT) AS `t`, v1 AS `u`",
        ),
        (
            "SELECT * FROM STREAM t WITH (a = 1) WATERMARK x DELAY OF INTERVAL 1 DAY WHERE y",
            "SELECT * FROM v0 WATERMARK x DELAY OF INTERVAL 1 DAY AS `t` WHERE y",
        ),
    ],
)
def test_a_table_keeps_its_name_as_alias(query, expected):
    assert rewritten(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT c.s.t.id, s.t.id, t.id FROM c.s.t", "SELECT `t`.id, `t`.id, t.id FROM v0 AS `t`"),
        ("SELECT S.T.id FROM s.t", "SELECT `t`.id FROM v0 AS `t`"),
        ("SELECT s.t.* FROM s.t", "SELECT `t`.* FROM v0 AS `t`"),
        ("SELECT LIVE.t.id FROM LIVE.t", "SELECT `t`.id FROM v0 AS `t`"),
        ("SELECT s.t.a.b.c FROM s.t", "SELECT `t`.a.b.c FROM v0 AS `t`"),
        ("SELECT f(s.t.id) FROM s.t ORDER BY s.t", "SELECT f(`t`.id) FROM v0 AS `t` ORDER BY s.t"),
        ("SELECT t.items.price FROM t", "SELECT t.items.price FROM v0 AS `t`"),
        ("SELECT s.t.id FROM s.t x", "SELECT s.t.id FROM v0 x"),
        ("SELECT 's.t.id', s.t(1) FROM s.t", "SELECT 's.t.id', s.t(1) FROM v0 AS `t`"),
        (
            "SELECT * FROM s.t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = s.t.id)",
            "SELECT * FROM v0 AS `t` WHERE EXISTS (SELECT 1 FROM v1 AS `u` WHERE u.id = `t`.id)",
        ),
        (
            "SELECT s.t.id FROM u UNION SELECT s.t.id FROM s.t",
            "SELECT s.t.id FROM v0 AS `u` UNION SELECT `t`.id FROM v1 AS `t`",
        ),
        (
            "SELECT a.t.id, b.t.id FROM a.t JOIN b.t ON a.t.id = b.t.id",
            "SELECT `a.t`.id, `b.t`.id FROM v0 AS `a.t` JOIN v1 AS `b.t` ON `a.t`.id = `b.t`.id",
        ),
    ],
)  # fmt: skip
def test_qualifiers_of_several_parts_become_the_alias(query, expected):
    assert rewritten(query) == expected


def test_a_bare_table_can_be_qualified_by_the_schema_in_force():
    query = "SELECT c.s.t.id, s.t.id, x.t.id FROM t"
    assert rewritten(query, defaults=("c", "s")) == "SELECT `t`.id, `t`.id, x.t.id FROM v0 AS `t`"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT *, _metadata.f FROM t", "SELECT * EXCEPT (_metadata), _metadata.f FROM v0 AS `t`"),
        ("SELECT * EXCEPT (a) FROM t", "SELECT * EXCEPT (a, _metadata) FROM v0 AS `t`"),
        ("SELECT * EXCEPT (_METADATA) FROM t", "SELECT * EXCEPT (_METADATA) FROM v0 AS `t`"),
        ("SELECT x.*, y.* FROM t x, u y", "SELECT x.* EXCEPT (_metadata), y.* FROM v0 x, v1 y"),
        ("SELECT s.t.* FROM s.t", "SELECT `t`.* EXCEPT (_metadata) FROM v0 AS `t`"),
        ("SELECT DISTINCT * FROM t", "SELECT DISTINCT * EXCEPT (_metadata) FROM v0 AS `t`"),
        ("SELECT count(*), a * b FROM t", "SELECT count(*), a * b FROM v0 AS `t`"),
        (
            "SELECT * FROM (SELECT *, _metadata FROM t) JOIN u",
            "SELECT * FROM (SELECT * EXCEPT (_metadata), _metadata FROM v0 AS `t`) JOIN v1 AS `u`",
        ),
        (
            "SELECT * FROM t UNION ALL SELECT * FROM u",
            "SELECT * EXCEPT (_metadata) FROM v0 AS `t` UNION ALL SELECT * FROM v1 AS `u`",
        ),
    ],
)
def test_a_star_leaves_out_the_metadata_column(query, expected):
    assert rewritten(query, hide="t") == expected


def test_a_star_over_two_file_sources_names_both_columns():
    assert rewritten("SELECT * FROM t, u x", hide="t u") == (
        "SELECT * EXCEPT (`t`._metadata, `x`._metadata) FROM v0 AS `t`, v1 x"
    )


def test_file_sources_without_names_get_some_to_tell_their_metadata_apart():
    query = "SELECT * FROM read_files('/a'), read_files('/b')"
    first, second = "`read_files 14`", "`read_files 32`"
    assert rewritten(query, hide="read_files") == (
        f"SELECT * EXCEPT ({first}._metadata, {second}._metadata)"
        f" FROM v0 AS {first}, v1 AS {second}"
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT _metadata.file_path FROM t", True),
        ("SELECT t._METADATA FROM t", True),
        ("SELECT `_metadata` FROM t", True),
        ("SELECT '_metadata', my_metadata FROM t -- _metadata", False),
    ],
)
def test_uses_metadata(query, expected):
    assert uses_metadata(query) is expected


def test_places_in_the_rewritten_query_are_those_of_the_file():
    query = "SELECT oops\nFROM STREAM(a.b.orders)\nWHERE wrong"
    text = substitute(query, find(query), dict.fromkeys(find(query), "`a very long view name`"))
    assert position(AT, text, text.index("oops")) == Span(AT.file, 3, 14)
    assert position(AT, text, text.index("`a very")) == Span(AT.file, 4, 6)
    assert position(AT, text, text.index("wrong")) == Span(AT.file, 5, 7)
    assert position(AT, query, query.index("wrong")) == Span(AT.file, 5, 7)


def test_only_the_references_given_are_replaced():
    query = "SELECT * FROM a, b"
    first, _ = find(query)
    assert substitute(query, [first], {first: "v"}) == "SELECT * FROM v AS `a`, b"


WORDS = [
    *words("SELECT FROM WHERE JOIN WITH AS UNION EXCEPT TABLE STREAM ( ) , . * a b s.t s.t.a a.*"),
    *words("t IS WATERMARK DELAY OF INTERVAL 1 'x' `q` => |> _metadata VALUES"),
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_any_words_can_be_rewritten(texts):
    query = " ".join(texts)
    references = find(query)
    text = substitute(
        query, references, dict.fromkeys(references, "v"), hide_metadata=references,
        defaults=("c", "s"),
    )  # fmt: skip
    assert text.origin == query
    assert [text[r.start : r.end] for r in find(text)].count("v") <= len(references)


def test_rewriting_an_open_string_is_the_users_mistake():
    with pytest.raises(MillpondError):
        uses_metadata("SELECT 'a")
