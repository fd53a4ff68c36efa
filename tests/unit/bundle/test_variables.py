"""Where the value of a variable comes from."""

from collections.abc import Callable
from typing import Any

import pytest

from millpond.bundle import Bundle

TEXT = """
bundle: {name: b}
variables: {v: {default: from default}}
targets: {dev: {%s}}
"""
FILE = ".databricks/bundle/dev/variable-overrides.json"


def value(bundle: Bundle, name: str = "v") -> Any:
    variables: Any = bundle.configuration["variables"]
    return variables[name]["value"]


def test_the_default(load: Callable[..., Bundle]) -> None:
    assert value(load(TEXT % "")) == "from default"


def test_the_target_goes_before_the_default(load: Callable[..., Bundle]) -> None:
    assert value(load(TEXT % "variables: {v: from target}")) == "from target"


def test_the_file_goes_before_the_target(load: Callable[..., Bundle]) -> None:
    files = {"databricks.yml": TEXT % "variables: {v: t}", FILE: '{"v": "from file"}'}
    assert value(load(files)) == "from file"


def test_the_environment_goes_before_the_file(load: Callable[..., Bundle]) -> None:
    files = {"databricks.yml": TEXT % "", FILE: '{"v": "from file"}'}
    assert value(load(files, environ={"BUNDLE_VAR_v": "from env"})) == "from env"


def test_the_caller_goes_before_all(load: Callable[..., Bundle]) -> None:
    options = {"environ": {"BUNDLE_VAR_v": "e"}, "variables": {"v": "given"}}
    assert value(load(TEXT % "", **options)) == "given"


def test_a_variable_without_a_value_is_an_error_where_it_is_defined(
    places: Callable[..., object],
) -> None:
    text = "bundle: {name: b}\nvariables:\n  used: {description: d}\n  unused:\n"
    assert places(text) == [
        ("BUNDLE_VARIABLE_UNSET", "databricks.yml", 3, 3),
        ("BUNDLE_VARIABLE_UNSET", "databricks.yml", 4, 3),
    ]


def test_a_given_variable_must_be_defined(errors: Callable[..., Any]) -> None:
    (error,) = errors(TEXT % "", variables={"w": "1"})
    assert error.code.name == "BUNDLE_VARIABLE_UNKNOWN"
    assert error.params == {"variable": "w", "known": "v"}


@pytest.mark.parametrize("options", [{"variables": {"v": "1"}}, {"environ": {"BUNDLE_VAR_v": "1"}}])
def test_a_complex_variable_takes_no_text(
    places: Callable[..., object], options: dict[str, object]
) -> None:
    text = "bundle: {name: b}\nvariables: {v: {type: complex, default: {}}}\n"
    assert places(text, **options) == [("BUNDLE_VARIABLE_COMPLEX", "databricks.yml", 2, 13)]


def test_a_lookup_stands_for_the_name_it_looks_up(load: Callable[..., Bundle]) -> None:
    text = "bundle: {name: b}\nvariables: {v: {lookup: {warehouse: Shared}}}\n"
    assert value(load(text)) == "Shared"


def test_a_file_of_overrides_that_is_wrong(places: Callable[..., object]) -> None:
    assert places({"databricks.yml": TEXT % "", FILE: "[1]"}) == [("BUNDLE_WRONG_TYPE", FILE, 1, 1)]
    assert places({"databricks.yml": TEXT % "", FILE: "{"}) == [("YAML_INVALID", FILE, 1, 2)]


def test_a_lookup_is_of_one_known_kind(load: Callable[..., Bundle], errors: Any) -> None:
    text = "bundle: {name: b}\nvariables: {v: {lookup: {%s}}}\n"
    (error,) = errors(text % "warehouse: A, cluster: B")
    assert error.code.name == "BUNDLE_WRONG_TYPE"
    bundle = load(text % "warehous: A" + "resources: {}\n", variables={"v": "x"})
    assert [(w.code.name, w.hint) for w in bundle.warnings] == [
        ("BUNDLE_FIELD_UNKNOWN", "Did you mean 'warehouse'?")
    ]


def test_a_target_turns_a_default_into_a_lookup_and_back(load: Callable[..., Bundle]) -> None:
    text = """
        bundle: {name: b}
        variables: {v: {default: x}, w: {lookup: {warehouse: A}}}
        targets: {t: {variables: {v: {lookup: {warehouse: B}}, w: y}}}
    """
    bundle = load(text)
    assert (value(bundle, "v"), value(bundle, "w")) == ("B", "y")


def test_a_list_without_type_complex_is_a_warning(load: Callable[..., Bundle]) -> None:
    bundle = load("bundle: {name: b}\nvariables: {v: {default: [1]}}\n")
    assert value(bundle) == [1]
    assert [w.params["path"] for w in bundle.warnings] == ["variables.v.default"]
