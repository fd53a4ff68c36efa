"""Statements with something wrong in them: an error with a place, never a crash or a guess."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from millpond.codes import PARSE_SYNTAX_ERROR
from millpond.errors import MillpondError
from millpond.sql.references import find
from millpond.sql.statements import split
from millpond.sql.tokens import words

CORPUS = split((Path(__file__).parent / "corpus.sql").read_text(encoding="utf-8"), Path("c.sql"))
REFUSED_FROM = next(n for n, s in enumerate(CORPUS) if "AUTO CDC" in s.text)
HEADER_WORDS = set(
    words(
        """CREATE OR REFRESH REPLACE PRIVATE TEMPORARY TEMP STREAMING LIVE INCREMENTAL TABLE
    MATERIALIZED VIEW FLOW COMMENT TBLPROPERTIES PARTITIONED CLUSTER BY USING DELTA LOCATION AS
    EXPECT ON VIOLATION DROP ROW FAIL UPDATE PRIMARY KEY INSERT INTO NAME GENERATED
    ALWAYS NOT REFRESH POLICY SCHEDULE AUTO STRING BIGINT TIMESTAMP DATE DOUBLE DECIMAL
    """
    )
)


def header_words():
    """Each word of the grammar in each statement's header, to be misspelt."""
    for statement in CORPUS[:REFUSED_FROM]:
        depth = 0
        for number, token in enumerate(statement.tokens):
            depth += (token.text == "(") - (token.text == ")")
            if token.upper in ("SELECT", "WITH", "FROM") and depth == 0:
                break
            around = statement.tokens[number - 1 : number + 2] if number else ()
            nested = any(neighbour.text in (".", ":", "<") for neighbour in around)
            nested = nested or (token.upper == "STRING" and around[0].text == ",")
            if token.upper in HEADER_WORDS and depth < 2 and not nested:
                yield pytest.param(statement, token, id=f"{statement.at.line}-{number}{token.text}")


@pytest.mark.parametrize(("statement", "token"), list(header_words()))
def test_a_misspelt_word_of_the_header_is_named_at_its_place(statement, token, load):
    text, start, end = statement.text, token.start, token.end
    wrong = token.text[:-1] + "ZZ" + token.text[-1]
    with pytest.raises(MillpondError) as caught:
        load(text[:start] + wrong + text[end:])
    error = caught.value
    assert error.code == PARSE_SYNTAX_ERROR
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    assert (error.at.line, error.at.column) == (line, column), error
    assert error.params["found"] == repr(wrong)


@st.composite
def mutated(draw):
    """A statement with a few of its tokens deleted, doubled, swapped, cut or replaced."""
    statement = draw(st.sampled_from(CORPUS))
    texts = [token.text for token in statement.tokens]
    for _ in range(draw(st.integers(1, 4))):
        if not texts:
            break
        place = draw(st.integers(0, len(texts) - 1))
        other = draw(st.integers(0, len(texts) - 1))
        match draw(st.sampled_from(["delete", "double", "swap", "cut", "replace", "break"])):
            case "delete":
                del texts[place]
            case "double":
                texts.insert(place, texts[place])
            case "swap":
                texts[place], texts[other] = texts[other], texts[place]
            case "cut":
                del texts[place:]
            case "replace":
                texts[place] = draw(st.sampled_from(["(", ")", ",", ";", "'", "`", "AS", "1", "x"]))
            case "break":
                texts[place] = texts[place][: draw(st.integers(0, len(texts[place])))]
    return " ".join(texts)


def attempt(load, text):
    """What a text defines, or None and the place of its error; anything else is a crash."""
    try:
        return load(text), None
    except MillpondError as error:
        return None, error.at


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=mutated())
def test_a_mutated_statement_is_read_or_refused_with_a_place(text, load):
    defined, place = attempt(load, text)
    if defined is None:
        lines = text.split("\n")
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        return
    for flow in defined.flows:
        for reference in find(flow.query.text):
            assert 0 <= reference.start < reference.end <= len(flow.query.text)
