"""Real-shaped statements of every age of DLT are read for what they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from millpond.errors import MillpondError
from millpond.sql.references import find

CORPUS = (Path(__file__).parent / "corpus.sql").read_text(encoding="utf-8")
BLOCKS = [part.split("\n", 1) for part in CORPUS.split("-- case: ")[1:]]
EXPECTED = [(dict(re.findall(r"(\w+)=(.*?)(?= \w+=|$)", head)), body) for head, body in BLOCKS]
CASES = [case for case in EXPECTED if "error" not in case[0]]
REFUSED = [(case[0]["feature"], case[1]) for case in EXPECTED if "error" in case[0]]


def shown(reference) -> str:
    return ("~" if reference.streaming else "") + ".".join(reference.parts)


@pytest.mark.parametrize(("expected", "sql"), CASES, ids=[case[0]["name"] for case in CASES])
def test_a_statement_defines(expected, sql, load):
    defined = load(sql)
    if expected["kind"] == "FLOW":
        assert not defined.datasets
        assert ".".join(defined.flow.name) == expected["name"]
        assert ".".join(defined.flow.target) == expected["target"]
    else:
        assert defined.dataset.kind.value == expected["kind"]
        assert ".".join(defined.dataset.name) == expected["name"]
        assert defined.dataset.private is ("private" in expected)
        found = [f"{e.name}:{e.action.value}" for e in defined.dataset.expectations]
        assert ",".join(found) == expected.get("expectations", "")
    assert [flow.kind.value for flow in defined.flows] == expected["flow"].split()
    for flow in defined.flows:
        assert flow.once is ("once" in expected)
        reads = ",".join(shown(reference) for reference in find(flow.query.text))
        assert reads == expected["reads"]


@pytest.mark.parametrize(("feature", "sql"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_is_not_there_yet_is_refused_by_name(feature, sql, load):
    with pytest.raises(MillpondError) as caught:
        load(sql)
    assert caught.value.code.name == "NOT_SUPPORTED_YET"
    assert caught.value.params["feature"] == feature
    words = sql[caught.value.at.column - 1 : caught.value.at.end_column - 1]
    assert words.split() == feature.removeprefix("CREATE ").split()
