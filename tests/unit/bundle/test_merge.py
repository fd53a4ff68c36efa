"""Merging, against a model on plain data."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from millpond.bundle.merge import merge, merge_keyed_lists
from millpond.bundle.problems import Problems
from millpond.bundle.value import from_plain
from millpond.errors import Failures
from millpond.location import Span

HERE = Span(Path("a.yml"), 1)
THERE = Span(Path("b.yml"), 2)

scalars = st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["x", "y"])
data = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)


def model(base: Any, over: Any) -> Any:
    """What merging means: later wins, mappings by key, lists one after the other."""
    if base is None or over is None:
        return over if base is None else base
    if isinstance(base, dict) and isinstance(over, dict):
        return {key: model(base.get(key), over.get(key)) for key in [*base, *over]}
    if isinstance(base, list) and isinstance(over, list):
        return base + over
    if isinstance(base, dict | list) or isinstance(over, dict | list):
        return base
    return over


def merged(base: Any, over: Any) -> tuple[Any, int]:
    problems = Problems()
    value = merge(from_plain(base, HERE), from_plain(over, THERE), problems)
    try:
        problems.raise_errors()
    except Failures as failures:
        return value.plain(), len(failures.errors)
    return value.plain(), 0


@given(data, data)
def test_merging_does_what_the_model_does(base: Any, over: Any) -> None:
    assert merged(base, over)[0] == model(base, over)


@given(data)
def test_merging_with_nothing_changes_nothing(base: Any) -> None:
    assert merged(base, None) == (base, 0)
    assert merged(None, base) == (base, 0)


@given(data, data)
def test_a_conflict_is_noted_exactly_where_shapes_differ(base: Any, over: Any) -> None:
    def differ(one: Any, other: Any) -> bool:
        if one is None or other is None:
            return False
        if isinstance(one, dict) and isinstance(other, dict):
            return any(differ(one.get(key), other.get(key)) for key in one)
        if isinstance(one, dict | list) or isinstance(other, dict | list):
            return type(one) is not type(other)
        return False

    assert (merged(base, over)[1] > 0) == differ(base, over)


def test_a_conflict_points_at_the_override() -> None:
    problems = Problems()
    merge(from_plain({"a": {"b": [1]}}, HERE), from_plain({"a": {"b": {}}}, THERE), problems)
    try:
        problems.raise_errors()
    except Failures as failures:
        (error,) = failures.errors
    assert (error.code.name, error.at) == ("BUNDLE_MERGE_CONFLICT", THERE)
    assert error.params == {"path": "a.b", "found": "a mapping", "expected": "a list"}


def test_an_override_keeps_its_place_and_a_merged_mapping_the_first() -> None:
    value = merge(from_plain({"a": {"b": 1}}, HERE), from_plain({"a": {"b": 2}}, THERE), Problems())
    a, b = value.get("a"), value.get("a", "b")
    assert a is not None and b is not None
    assert (a.at, b.at) == (HERE, THERE)


def keyed(kind: str, field: str, elements: list[dict[str, Any]]) -> Any:
    resources = from_plain({kind: {"r": {field: elements}}}, HERE)
    return merge_keyed_lists(resources, Problems()).plain()[kind]["r"][field]  # type: ignore[index]


def test_clusters_are_merged_by_label_in_any_case_default_if_left_out() -> None:
    elements = [{"num_workers": 1}, {"label": "updates"}, {"label": "Default", "num_workers": 4}]
    assert keyed("pipelines", "clusters", elements) == [
        {"num_workers": 4, "label": "default"},
        {"label": "updates"},
    ]


def test_tasks_are_merged_by_their_key_and_keep_their_order() -> None:
    elements = [{"task_key": "b", "x": 1}, {"task_key": "a"}, {"task_key": "b", "x": 2}]
    assert keyed("jobs", "tasks", elements) == [{"task_key": "b", "x": 2}, {"task_key": "a"}]


def test_other_lists_keep_their_elements() -> None:
    elements = [{"file": {"path": "a"}}, {"file": {"path": "a"}}]
    assert keyed("pipelines", "libraries", elements) == elements


@given(
    st.lists(st.fixed_dictionaries({"task_key": st.sampled_from("abc"), "n": st.integers(0, 9)}))
)
def test_merging_by_key_keeps_one_element_a_key_with_the_last_value(
    elements: list[dict[str, Any]],
) -> None:
    last = {element["task_key"]: element for element in elements}
    order = list(dict.fromkeys(element["task_key"] for element in elements))
    assert keyed("jobs", "tasks", elements) == [last[key] for key in order]
