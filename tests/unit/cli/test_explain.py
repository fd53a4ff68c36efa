"""`millpond explain`: what is asked of the engine, and how its answer is printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from millpond.engine.explanation.outcome import Explanation, FlowOrigin, Origin
from millpond.location import Span

pytestmark = pytest.mark.usefixtures("project")


@dataclass(frozen=True)
class Request:
    """The shape of the engine's request."""

    spec: Any
    state: Path
    inputs: Any
    table: str
    key: dict[str, str]
    limit: int


@pytest.fixture
def asked(replace_module: Callable[..., None]) -> list[Request]:
    """What was asked of the engine."""
    requests: list[Request] = []

    def explain(request: Request) -> Explanation:
        requests.append(request)
        sys.stdout.write("said by the source")
        at = Span(request.spec.project / "src/sales.sql", 1, 26)
        origin = Origin("main.silver.a", at, (FlowOrigin("a", at),))
        return Explanation("main.silver.a", "MATERIALIZED_VIEW", request.key, 0, (), origin)

    replace_module("millpond.engine.explanation.explain", explain=explain, ExplainRequest=Request)
    return requests


def test_key_and_path(cli: Callable[..., Any], project: Path, asked: list[Request]) -> None:
    found = cli("explain", "a", "id=1", "note=x=y", str(project), "--rows", "2").assert_success()
    (request,) = asked
    assert (request.table, request.key, request.limit) == ("a", {"id": "1", "note": "x=y"}, 2)
    assert request.state == project / ".millpond/dev"
    assert found.out.startswith("main.silver.a (materialized view), id=1, note=x=y: 0 rows\n")
    assert "flow a, src/sales.sql:1:26" in found.out
    assert "said by the source" in found.err


def test_json(cli: Callable[..., Any], asked: list[Request]) -> None:
    document = json.loads(cli("explain", "a", "id=1", "-o", "json").assert_success().out)
    assert document["origin"]["flows"][0]["at"] == "src/sales.sql:1:26"


@pytest.mark.parametrize("words", [(), (".",), ("=1",), ("id", "x=1")])
def test_no_key(cli: Callable[..., Any], asked: list[Request], words: tuple[str, ...]) -> None:
    assert cli("explain", "a", *words).status == 2
    assert asked == []
