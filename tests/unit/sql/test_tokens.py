"""Tokens are exact ranges of the text; comments are not tokens; open text is an error."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.codes import PARSE_SYNTAX_ERROR
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.tokens import MAX_NESTING, TokenKind, tokenize

AT = Span(Path("f.sql"), 1, 1)


def texts(sql: str) -> list[str]:
    return [token.text for token in tokenize(sql, AT)]


def test_words_are_words_whatever_they_mean_elsewhere():
    tokens = tokenize("GROUP BY Select SHOW é_1 2024_sales", AT)
    assert {token.kind for token in tokens} == {TokenKind.WORD}
    assert [token.upper for token in tokens][:3] == ["GROUP", "BY", "SELECT"]


def test_comments_and_hints_are_gaps():
    assert texts("a -- x ; y\n/* b /* nested */ ' */ c /*+ BROADCAST(t) */ d{#e") == [
        *("a", "c", "d", "{", "#", "e")
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'it''s'", "it's"),
        (r"'it\'s'", "it's"),
        ("\"say 'x'\"", "say 'x'"),
        (r"r'\d+'", r"\d+"),
        ("''", ""),
        ("`a``b`", "a`b"),
        ("'a;b'", "a;b"),
    ],
)
def test_the_value_of_quoted_text(written, value):
    (token,) = tokenize(written, AT)
    assert (token.text, token.value) == (written, value)


def test_operators_are_one_token():
    assert " ".join(texts("a::int->b=>c|>d<=>e!=f")) == "a :: int -> b => c |> d <=> e != f"


def test_a_number_with_a_suffix_covers_its_text_once():
    assert texts("10L + 1.5e3") == ["10L", "+", "1.5e3"]


@pytest.mark.parametrize(
    ("sql", "line", "column", "expected"),
    [
        ("SELECT 'abc", 1, 8, "a closing '"),
        ("SELECT '', 'x''y',\n  `abc", 2, 3, "a closing `"),
        ("-- it's fine\nSELECT r'\\', 1 /* c /* d */", 2, 16, "*/"),
        ('SELECT "a', 1, 8, 'a closing "'),
    ],
)
def test_text_that_never_ends_is_an_error_where_it_opens(sql, line, column, expected):
    with pytest.raises(MillpondError) as caught:
        tokenize(sql, AT)
    assert caught.value.code == PARSE_SYNTAX_ERROR
    assert caught.value.params["expected"] == expected
    assert (caught.value.at.line, caught.value.at.column) == (line, column)


def test_nesting_has_a_limit_that_is_an_error_and_not_a_crash():
    tokenize("(" * MAX_NESTING + ")" * MAX_NESTING, AT)
    with pytest.raises(MillpondError) as caught:
        tokenize("(" * 5000, AT)
    assert caught.value.at.column == MAX_NESTING + 1


@given(st.text(alphabet="ab1'\"`-/*;.(){}$#:\\\n\r rRxX@é%|&", max_size=40))
def test_any_text_gives_ordered_ranges_or_an_error(sql):
    try:
        tokens = tokenize(sql, AT)
    except MillpondError:
        return
    end = 0
    for token in tokens:
        assert end <= token.start < token.end <= len(sql)
        assert sql[token.start : token.end] == token.text
        end = token.end


@pytest.fixture(scope="module")
def oracle():
    """Databricks' dialect of sqlglot without keywords: the text of each token and what it holds."""
    from sqlglot.dialects.databricks import Databricks
    from sqlglot.errors import TokenError

    base = Databricks.Tokenizer
    symbols = {
        text: kind
        for text, kind in base.KEYWORDS.items()
        if not any(c.isalnum() or c in "{}" for c in text) and not text.startswith("/*")
    }
    plain = {"KEYWORDS": symbols, "NUMERIC_LITERALS": {}, "HINT_START": "/*+", "COMMANDS": set()}
    words = type("_Words", (base,), {**plain, "COMMENTS": ["--", ("/*", "*/")]})
    words._COMMENTS = {"--": None, "/*": "*/"}

    def tokens(sql: str) -> list[tuple[str, str]] | None:
        try:
            return [(sql[t.start : t.end + 1], t.text) for t in words("databricks").tokenize(sql)]
        except TokenError:
            return None

    return tokens


@given(st.text(alphabet="ab1'\"`-/*;.(){}#:\\\n\r rR_,é%|&<>=~?!\t\xa0", max_size=30))
def test_the_tokens_are_those_of_an_established_tokenizer(oracle, sql):
    expected = oracle(sql)
    try:
        found = tokenize(sql, AT)
    except MillpondError:
        assert expected is None
        return
    assert expected is not None
    if any("''" in each.text or '""' in each.text for each in found):
        return  # one string here, two there
    assert [(each.text, each.value) for each in found] == expected
