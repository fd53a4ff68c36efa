"""The six expectation decorators (reference 1.8)."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes
from millpond.api import expectations
from millpond.api.decorators import materialized_view, table, temporary_view
from millpond.api.expectations import (
    expect,
    expect_all,
    expect_all_or_drop,
    expect_all_or_fail,
    expect_or_drop,
    expect_or_fail,
)
from millpond.api.flows import append_flow
from millpond.definitions import Action


def query() -> None:
    """A dataset function."""


SINGLE = [(expect, Action.WARN), (expect_or_drop, Action.DROP), (expect_or_fail, Action.FAIL)]
GROUPS = [
    (expect_all, Action.WARN),
    (expect_all_or_drop, Action.DROP),
    (expect_all_or_fail, Action.FAIL),
]


def only(dataset) -> tuple[str, object, Action]:
    (found,) = dataset().expectations
    return found.name, found.condition, found.action


@pytest.mark.parametrize(("decorator", "action"), SINGLE)
@pytest.mark.parametrize("dataset_decorator", [table, materialized_view, temporary_view])
def test_below_every_dataset_decorator(decorator, action, dataset_decorator, dataset) -> None:
    @dataset_decorator
    @decorator("positive", "x > 0")
    def orders() -> None: ...

    assert only(dataset) == ("positive", "x > 0", action)


@pytest.mark.parametrize(("decorator", "action"), SINGLE)
@pytest.mark.parametrize("name", ["description", "name"])
@pytest.mark.parametrize("condition", ["constraint", "inv"])
def test_both_spellings_of_the_parameters(decorator, action, name, condition, dataset) -> None:
    table(decorator(**{name: "positive", condition: "x > 0"})(query))
    assert only(dataset) == ("positive", "x > 0", action)


@pytest.mark.parametrize(("decorator", "action"), SINGLE)
def test_by_position_and_by_name(decorator, action, dataset) -> None:
    table(decorator("positive", constraint="x > 0")(query))
    assert only(dataset) == ("positive", "x > 0", action)


@pytest.mark.parametrize(("decorator", "action"), GROUPS)
@pytest.mark.parametrize("parameter", [None, "expectations", "constraints"])
def test_groups(decorator, action, parameter, dataset) -> None:
    rules = {"a": "x > 0", "b": "y > 0"}
    given = decorator(rules) if parameter is None else decorator(**{parameter: rules})
    table(given(query))
    found = [(each.name, each.condition, each.action) for each in dataset().expectations]
    assert found == [("a", "x > 0", action), ("b", "y > 0", action)]


@pytest.mark.parametrize(("decorator", "action"), GROUPS)
@pytest.mark.parametrize("rules", [None, {}])
def test_an_empty_group(decorator, action, rules, dataset) -> None:
    table(decorator(rules)(query))
    assert dataset().expectations == ()


def test_a_condition_may_be_a_column(dataset) -> None:
    class Column:
        """Stands for pyspark's, which needs a session."""

    column = Column()
    table(expect("positive", column)(query))
    assert only(dataset) == ("positive", column, Action.WARN)


def test_any_number_in_the_order_written(dataset) -> None:
    @expect("a", "x")
    @expect_all({"b": "x", "c": "x"})
    @table
    @expect_or_drop("d", "x")
    @expect_all_or_fail({"e": "x"})
    @expect("f", "x")
    def orders() -> None: ...

    assert [each.name for each in dataset().expectations] == ["a", "b", "c", "d", "e", "f"]


def test_the_place_is_each_decorators_own(dataset) -> None:
    @table
    @expect("a", "x")
    @expect_all({"b": "x"})
    def orders() -> None: ...

    first, second = (each.at for each in dataset().expectations)
    lines = Path(__file__).read_text().splitlines()
    assert lines[first.line - 1].strip() == '@expect("a", "x")'
    assert lines[second.line - 1].strip() == '@expect_all({"b": "x"})'


def test_two_functions_do_not_share_expectations(registry) -> None:
    for name in ["a", "b"]:
        table(name=name)(expect(name, "x")(query))
    found = registry.definitions().datasets
    assert [[each.name for each in dataset.expectations] for dataset in found] == [["a"], ["b"]]


# --- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, 3, ""])
def test_a_name_that_is_none(refused, name) -> None:
    error = refused(codes.INVALID_ARGUMENT, lambda: expect(name, "x > 0"))
    assert (error.params["argument"], error.params["value"]) == ("name", name)


@pytest.mark.parametrize("condition", [None, True, 3, ["x > 0"]])
def test_a_condition_that_is_none(refused, condition) -> None:
    error = refused(codes.INVALID_ARGUMENT, lambda: expect("positive", condition))
    assert error.params["argument"] == "condition of 'positive'"
    assert error.params["value"] == condition


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (expect, "description"),
        (lambda: expect("positive"), "constraint"),
        (expect_all, "expectations"),
    ],
)
def test_an_argument_that_is_missing(refused, call, argument: str) -> None:
    assert refused(codes.INVALID_ARGUMENT, call).params["argument"] == argument


@pytest.mark.parametrize("rules", ["x > 0", [("a", "x > 0")], 3])
def test_a_group_that_is_no_dictionary(refused, rules) -> None:
    error = refused(codes.INVALID_ARGUMENT, lambda: expect_all(rules))
    assert error.params["value"] == rules


def test_a_parameter_that_there_is_not(refused) -> None:
    error = refused(codes.UNKNOWN_ARGUMENT, lambda: expect("a", "x", action="drop"))
    assert error.params["argument"] == "action"


def test_decorating_what_is_no_function(refused) -> None:
    assert refused(codes.INVALID_ARGUMENT, lambda: expect("a", "x")(3)).params["value"] == 3


def test_an_expectation_on_a_flow_is_an_error_on_either_side(registry, refused) -> None:
    """Expectations belong on the target (reference 1.4); on the flow they would be lost."""
    to_orders = append_flow(target="orders")
    below = refused(codes.EXPECTATION_ON_FLOW, lambda: to_orders(expect("a", "x")(print_nothing())))
    above = refused(codes.EXPECTATION_ON_FLOW, lambda: expect("b", "x")(to_orders(print_nothing())))
    assert (below.params["name"], above.params["name"]) == ("a", "b")
    assert below.params["target"] == above.params["target"] == "orders"


def print_nothing():
    def rows() -> None: ...

    return rows


def test_names_and_docstrings_are_those_of_the_api() -> None:
    for decorator, action in SINGLE:
        assert getattr(expectations, decorator.__name__) is decorator
        assert action.value in (decorator.__doc__ or "")
