import time
from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.bundle.globs import expand, is_pattern


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.yml", [".h.yml", "[.yml", "a.yml", "b.yml"]),
        ("?.yml", ["[.yml", "a.yml", "b.yml"]),
        ("[b-z].yml", ["b.yml"]),
        ("[^b].yml", ["[.yml", "a.yml"]),
        ("*/c.yml", ["d/c.yml"]),
        ("**/*.yml", ["d/c.yml"]),
        ("d/../a.yml", ["a.yml"]),
        ("./d/c.yml", ["d/c.yml"]),
        ("x.yml", []),
        ("missing/*.yml", []),
        ("a.yml/*", []),
        ("[.yml", ["[.yml"]),
    ],
)
def test_patterns_match_as_in_the_cli(
    write: Callable[..., Path], pattern: str, found: list[str]
) -> None:
    names = ("a.yml", "b.yml", ".h.yml", "d/c.yml", "d/e/f.yml", "[.yml")
    folder = write(dict.fromkeys(names, ""))
    assert [path.relative_to(folder).as_posix() for path in expand(folder, pattern)] == found


def test_many_wildcards_cost_little(write: Callable[..., Path]) -> None:
    folder = write({"a" * 200: ""})
    start = time.monotonic()
    assert expand(folder, "*a" * 40 + "b") == []
    assert time.monotonic() - start < 1


def test_wildcards_are_known() -> None:
    assert is_pattern("a*") and is_pattern("[a]") and is_pattern("a?")
    assert not is_pattern("a/b.py")


def test_matches_are_sorted(write: Callable[..., Path]) -> None:
    folder = write({"b.yml": "", "a.yml": "", "c.yml": ""})
    assert [path.name for path in expand(folder, "*.yml")] == ["a.yml", "b.yml", "c.yml"]
