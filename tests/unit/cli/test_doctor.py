"""`millpond doctor`: what is there, what is missing, what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Check:
    """What a check found."""

    name: str
    ok: bool
    detail: str
    hint: str


JAVA = Check("Java", True, "21 in /opt/java", "")
JARS = Check("Delta", False, "not downloaded", "Run `millpond run` once with a network.")


@pytest.fixture
def machine(replace_module: Callable) -> Callable[..., None]:
    """`machine(check, …)`: what the checks find in this test."""
    return lambda *found: replace_module("millpond.runtime.doctor", checks=lambda: list(found))


def test_all_is_there(cli: Callable, machine: Callable[..., None]) -> None:
    machine(JAVA)
    out = cli("doctor").assert_success().out
    assert out == "ok  Java  21 in /opt/java\n\nEverything is there.\n"


def test_something_is_missing(cli: Callable, machine: Callable[..., None]) -> None:
    machine(JAVA, JARS)
    result = cli("doctor")
    assert result.status == 2
    assert result.out.splitlines() == [
        "ok       Java   21 in /opt/java",
        "MISSING  Delta  not downloaded",
        "  hint: Run `millpond run` once with a network.",
        "",
        "1 of 2 missing.",
    ]


def test_json(cli: Callable, machine: Callable[..., None]) -> None:
    machine(JAVA, JARS)
    result = cli("doctor", "--output", "json")
    assert result.status == 2
    assert json.loads(result.out) == {
        "schema_version": 1,
        "ok": False,
        "checks": [
            {"name": "Java", "ok": True, "detail": "21 in /opt/java", "hint": None},
            {"name": "Delta", "ok": False, "detail": "not downloaded", "hint": JARS.hint},
        ],
    }
