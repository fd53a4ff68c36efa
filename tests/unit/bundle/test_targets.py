"""Which target is used, and what its overrides do."""

from collections.abc import Callable
from typing import Any

import pytest

from millpond.bundle import Bundle

TWO = """
bundle: {name: b}
targets:
  dev: {%s}
  prod: {%s}
"""


def test_a_bundle_without_targets_has_one_called_default(load: Callable[..., Bundle]) -> None:
    assert load("bundle: {name: b}").target == "default"
    assert load("bundle: {name: b}", target="default").target == "default"


def test_the_only_target_is_used(load: Callable[..., Bundle]) -> None:
    assert load("bundle: {name: b}\ntargets: {dev: }").target == "dev"


def test_of_several_the_default_is_used(load: Callable[..., Bundle]) -> None:
    assert load(TWO % ("", "default: true")).target == "prod"
    assert load(TWO % ("", "default: true"), target="dev").target == "dev"


def test_no_default_target(places: Callable[..., object]) -> None:
    found = places(TWO % ("", ""))
    assert found == [("BUNDLE_TARGET_NOT_CHOSEN", "databricks.yml", 2, 1)]


def test_two_default_targets(places: Callable[..., object]) -> None:
    found = places(TWO % ("default: true", "default: true"))
    assert found == [("BUNDLE_TARGET_NOT_CHOSEN", "databricks.yml", 4, 10)]


def test_an_unknown_target_names_the_closest(errors: Callable[..., Any]) -> None:
    (error,) = errors(TWO % ("", ""), target="pord")
    assert error.code.name == "BUNDLE_TARGET_UNKNOWN"
    assert error.params == {"target": "pord", "known": "dev, prod"}
    assert error.at.line == 2
    assert "prod" in error.hint


def test_an_unknown_mode(places: Callable[..., object]) -> None:
    found = places(TWO % ("default: true, mode: dev", ""))
    assert found == [("BUNDLE_VALUE_INVALID", "databricks.yml", 3, 30)]


OVERRIDDEN = """
bundle: {name: b, git: {branch: main}}
run_as: {user_name: me}
variables: {c: {default: {a: 1}, type: complex}, s: {default: x}}
resources:
  pipelines:
    p:
      configuration: {keep: '1', change: '1'}
      libraries: [file: {path: a.py}]
      clusters: [{label: default, num_workers: 1, node_type_id: n}]
  jobs:
    j: {tasks: [{task_key: t, max_retries: 1}]}
targets:
  prod:
    run_as: {service_principal_name: sp}
    git: {origin_url: u}
    variables: {c: {b: 2}, s: {default: y, description: d}}
    resources:
      pipelines:
        p:
          configuration: {change: '2', add: '3'}
          libraries: [file: {path: b.py}]
          clusters: [{num_workers: 4}]
      jobs:
        j: {tasks: [{task_key: t, timeout_seconds: 5}, {task_key: u}]}
"""


def test_overrides_are_merged_the_way_the_cli_merges(load: Callable[..., Bundle]) -> None:
    bundle = load({"databricks.yml": OVERRIDDEN, "a.py": "", "b.py": ""})
    spec = bundle.pipelines["p"]
    assert spec.configuration == {"keep": "1", "change": "2", "add": "3"}
    assert [source.path.name for source in spec.sources] == ["a.py", "b.py"]
    assert spec.settings["clusters"] == [
        {"label": "default", "num_workers": 4, "node_type_id": "n"}
    ]
    configuration: Any = bundle.configuration
    assert configuration["resources"]["jobs"]["j"]["tasks"] == [
        {"task_key": "t", "max_retries": 1, "timeout_seconds": 5},
        {"task_key": "u"},
    ]
    assert configuration["run_as"] == {"service_principal_name": "sp"}
    assert configuration["bundle"]["git"]["branch"] == "main"
    assert configuration["bundle"]["git"]["origin_url"] == "u"
    assert configuration["variables"]["c"]["value"] == {"b": 2}
    assert configuration["variables"]["s"]["value"] == "y"
    assert "targets" not in configuration


def test_a_target_may_add_a_resource(load: Callable[..., Bundle]) -> None:
    text = """
    bundle: {name: b}
    targets:
      dev: {resources: {pipelines: {p: {libraries: [file: {path: a.py}]}}}}
    """
    assert list(load({"databricks.yml": text, "a.py": ""}).pipelines) == ["p"]


def test_a_target_cannot_set_a_variable_that_is_not_defined(errors: Callable[..., Any]) -> None:
    text = """
    bundle: {name: b}
    variables: {catalog: {default: x}}
    targets: {dev: {variables: {catalg: y}}}
    """
    (error,) = errors(text)
    assert (error.code.name, error.at.line, error.at.column) == ("BUNDLE_VARIABLE_UNKNOWN", 3, 29)
    assert "catalog" in error.hint


@pytest.mark.parametrize("override", ["libraries: {}", "configuration: []", "clusters: x"])
def test_mistakes_in_targets_that_are_not_used_are_found_too(
    places: Callable[..., Any], override: str
) -> None:
    text = f"""
    bundle: {{name: b}}
    targets:
      dev: {{default: true}}
      prod: {{resources: {{pipelines: {{p: {{{override}}}}}}}}}
    """
    assert [place[:3] for place in places(text)] == [("BUNDLE_WRONG_TYPE", "databricks.yml", 4)]
