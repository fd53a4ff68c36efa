"""References, against a model on plain data, and every way they can be wrong."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.bundle.problems import Problems
from millpond.bundle.references import Resolver, path_of, place_of, references_in, refers
from millpond.bundle.value import Value, from_plain
from millpond.errors import Failures, MillpondError
from millpond.location import Span

HERE = Span(Path("a.yml"), 1)


def resolved(variables: dict[str, Any], value: Any, **others: Any) -> Any:
    """A value with `${var.x}` replaced, from plain data to plain data."""
    problems = Problems()
    root = {"variables": {name: {"value": v} for name, v in variables.items()}, **others}
    resolver = Resolver(from_plain(root, HERE), frozenset(root), problems)
    result = resolver.resolve(from_plain(value, HERE)).plain()
    problems.raise_errors()
    return result


def errors_of(variables: dict[str, Any], value: Any) -> tuple[MillpondError, ...]:
    with pytest.raises(Failures) as caught:
        resolved(variables, value)
    return caught.value.errors


def test_a_reference_alone_keeps_the_type() -> None:
    variables = {"n": 3, "on": True, "list": [1, {"k": "v"}], "none": None}
    assert resolved(variables, "${var.n}") == 3
    assert resolved(variables, "${var.on}") is True
    assert resolved(variables, "${var.list}") == [1, {"k": "v"}]
    assert resolved(variables, "${var.none}") is None


def test_a_reference_in_text_becomes_text() -> None:
    assert resolved({"n": 3, "on": True, "f": 0.5}, "${var.n}-${var.on}-${var.f}") == "3-true-0.5"


def test_references_reach_into_complex_variables() -> None:
    variables = {"c": {"a": [{"b": "deep"}]}}
    assert resolved(variables, "${var.c.a[0].b}") == "deep"
    assert resolved(variables, "x${var.c.a[0].b}") == "xdeep"


def test_values_are_resolved_before_they_are_used() -> None:
    variables = {"a": "<${var.b}>", "b": "${var.c.k}", "c": {"k": "${bundle.name}"}}
    assert resolved(variables, "${var.a}", bundle={"name": "n"}) == "<n>"


def test_a_reference_may_pass_through_another() -> None:
    assert resolved({"alias": "${var.real}", "real": {"k": 7}}, "${var.alias.k}") == 7


def test_a_reference_may_be_built_from_another() -> None:
    variables = {"dev_size": 1, "prod_size": 8}
    assert resolved(variables, "${var.${bundle.target}_size}", bundle={"target": "prod"}) == 8


@pytest.mark.parametrize("text", ["$", "$x", "${", "${}", "${a b}", "${1.x}", "{var.a}", "$${"])
def test_what_is_not_a_reference_is_text(text: str) -> None:
    assert not refers(text)
    assert resolved({}, text) == text


def test_what_almost_is_a_reference_is_told_in_linear_time() -> None:
    start = time.monotonic()
    for text in (
        "${" + "a" * 50_000 + "!",
        "${" + "a_" * 50_000,
        "${a" * 50_000,
        "${" + "a." * 50_000,
    ):
        assert not refers(text)
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    ("word", "is_one"),
    [("a", True), ("a-b_c9", True), ("a__b", True), ("a_", False), ("9a", False), ("_a", False)],
)
def test_words_of_references(word: str, is_one: bool) -> None:
    assert refers("${" + word + "." + word + "}") is is_one


def test_other_roots_are_left_alone() -> None:
    assert resolved({"a": 1}, "${resources.x.y}/${var.a}") == "${resources.x.y}/1"


def test_paths() -> None:
    assert path_of("var.a.b[1][2].c") == ("variables", "a", "value", "b", "1", "2", "c")
    assert path_of("bundle.name") == ("bundle", "name")
    assert references_in("${a.b}-${c[0]}") == ["a.b", "c[0]"]


def test_an_unknown_reference_is_noted_once_a_site_with_the_closest_name() -> None:
    first, second = errors_of({"catalog": "c"}, ["${var.catalg}", "x${var.zzz}"])
    assert first.code.name == second.code.name == "BUNDLE_REFERENCE_UNKNOWN"
    assert first.params == {"reference": "var.catalg"}
    assert first.hint == "Did you mean ${var.catalog}?"


def test_what_is_wrong_inside_a_variable_is_not_repeated_by_its_users() -> None:
    (error,) = errors_of({"a": "${var.typo}"}, ["${var.a}", "x${var.a}"])
    assert error.params == {"reference": "var.typo"}


def test_a_cycle_is_named() -> None:
    (error,) = errors_of({"a": "${var.b}", "b": "x${var.a}"}, "${var.a}")
    assert error.code.name == "BUNDLE_REFERENCE_CYCLE"
    assert error.params == {"cycle": "var.a -> var.b -> var.a"}


def test_a_variable_that_holds_itself_is_a_cycle() -> None:
    (error,) = errors_of({"a": {"k": ["${var.a}"]}}, "${var.a}")
    assert error.code.name == "BUNDLE_REFERENCE_CYCLE"


def test_a_list_or_null_cannot_be_part_of_a_text() -> None:
    errors = errors_of({"l": [1], "none": None}, ["x${var.l}", "x${var.none}"])
    assert [error.params for error in errors] == [
        {"reference": "var.l", "found": "a list"},
        {"reference": "var.none", "found": "null"},
    ]


def test_text_that_multiplies_is_refused() -> None:
    variables: dict[str, Any] = {"a0": "x" * 10}
    variables |= {f"a{i}": f"${{var.a{i - 1}}}" * 10 for i in range(1, 12)}
    assert errors_of(variables, "${var.a11}")[0].code.name == "BUNDLE_REFERENCE_TOO_LARGE"


def test_values_that_multiply_are_refused() -> None:
    variables: dict[str, Any] = {"a0": ["x"] * 10}
    variables |= {f"a{i}": [f"${{var.a{i - 1}}}"] * 10 for i in range(1, 12)}
    assert errors_of(variables, "${var.a11}")[0].code.name == "BUNDLE_REFERENCE_TOO_LARGE"


def test_values_that_nest_without_end_are_refused() -> None:
    variables: dict[str, Any] = {"a0": "x"}
    variables |= {f"a{i}": {"k": f"${{var.a{i - 1}}}"} for i in range(1, 2000)}
    assert errors_of(variables, "${var.a1999}")[0].code.name == "BUNDLE_REFERENCE_TOO_LARGE"


def test_many_failing_users_cost_no_more_than_few() -> None:
    variables: dict[str, Any] = {"a0": "${var.typo}"}
    variables |= {f"a{i}": f"${{var.a{i - 1}}} ${{var.a{i - 1}}}" for i in range(1, 20)}
    assert len(errors_of(variables, "${var.a19}")) == 1


def test_the_place_is_that_of_the_reference_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("a: 'é ${var.x} and ${var.y}'\nb: |\n  one\n  ${var.z}\n", encoding="utf-8")
    quoted = Value("é ${var.x} and ${var.y}", Span(file, 1, 4, 1, 30))
    block = Value("one\n${var.z}\n", Span(file, 2, 4, 5, 1))
    assert (place_of(quoted, "var.y").column, place_of(quoted, "var.y").end_column) == (20, 28)
    assert (place_of(block, "var.z").line, place_of(block, "var.z").column) == (4, 3)
    assert place_of(block, "var.elsewhere") == block.at


# Variables refer only to those before them, so that there is no cycle.
pieces = st.lists(st.tuples(st.sampled_from(["", "x", "$", "{"]), st.integers(0, 9)), max_size=3)


@given(st.lists(pieces, min_size=1, max_size=6))
def test_resolving_does_what_replacing_one_by_one_does(texts: list[list[tuple[str, int]]]) -> None:
    variables: dict[str, str] = {}
    expected: dict[str, str] = {}
    for number, parts in enumerate(texts):
        written = "".join(
            f"{text}${{var.v{index % number}}}" if number else text for text, index in parts
        )
        variables[f"v{number}"] = written
        expected[f"v{number}"] = re.sub(
            r"\$\{var\.(v\d)\}", lambda match: expected[match[1]], written
        )
    last = f"v{len(texts) - 1}"
    assert resolved(variables, f"${{var.{last}}}") == expected[last]


@given(st.recursive(st.integers() | st.text(max_size=5), lambda i: st.lists(i, max_size=3)))
def test_values_without_references_come_back_unchanged(value: Any) -> None:
    assert resolved({"v": value}, value) == value
