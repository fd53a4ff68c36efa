"""Fields, their shapes and the CLI's conversions, through a pipeline's settings."""

from collections.abc import Callable

import pytest

from millpond.bundle import Bundle
from millpond.errors import MillpondError

PIPELINE = """
bundle: {{name: b}}
resources:
  pipelines:
    p:
      libraries: [file: {{path: a.py}}]
      {}
"""
SOURCE = {"a.py": ""}


def files(field: str) -> dict[str, str]:
    return {"databricks.yml": PIPELINE.format(field), **SOURCE}


@pytest.mark.parametrize(
    ("written", "field", "value"),
    [
        ("serverless: yes", "serverless", True),
        ("serverless: 'off'", "serverless", False),
        ("photon: true", "photon", True),
        ("configuration: {a: 1, b: true, c: 1.0, d: x}", "configuration", None),
        ("name: 12", "name", "12"),
        ("channel: preview", "channel", "preview"),
        ("restart_window: {start_hour: '5'}", "restart_window", {"start_hour": 5}),
        ("clusters: [{label: default, num_workers: 4.0}]", "clusters", None),
    ],
)
def test_values_are_brought_into_the_fields_shape(
    load: Callable[..., Bundle], written: str, field: str, value: object
) -> None:
    expected = {
        "configuration": {"a": "1", "b": "true", "c": "1", "d": "x"},
        "clusters": [{"label": "default", "num_workers": 4}],
    }.get(field, value)
    assert load(files(written)).pipelines["p"].settings[field] == expected


@pytest.mark.parametrize(
    ("written", "column", "params"),
    [
        (
            "serverless: maybe",
            19,
            {"path": "serverless", "expected": "a boolean", "found": "text"},
        ),
        (
            "clusters: {label: x}",
            17,
            {"path": "clusters", "expected": "a list", "found": "a mapping"},
        ),
        (
            "clusters: [{num_workers: many}]",
            32,
            {"path": "clusters[0].num_workers", "expected": "a whole number", "found": "text"},
        ),
        ("name: [x]", 13, {"path": "name", "expected": "text", "found": "a list"}),
        (
            "configuration: x",
            22,
            {"path": "configuration", "expected": "a mapping", "found": "text"},
        ),
    ],
)
def test_a_wrong_type_is_an_error_at_the_value(
    errors: Callable[..., tuple[MillpondError, ...]],
    written: str,
    column: int,
    params: dict[str, str],
) -> None:
    (error,) = errors(files(written))
    assert error.code.name == "BUNDLE_WRONG_TYPE"
    assert error.at is not None
    assert (error.at.line, error.at.column) == (6, column)
    path = f"resources.pipelines.p.{params['path']}"
    assert error.params == {**params, "path": path}


def test_a_word_that_is_not_allowed_is_an_error(
    errors: Callable[..., tuple[MillpondError, ...]],
) -> None:
    (error,) = errors(files("edition: ADVANCD"))
    assert error.code.name == "BUNDLE_VALUE_INVALID"
    assert error.params["value"] == "ADVANCD"
    assert "ADVANCED" in error.hint


def test_a_variable_of_a_wrong_type_is_an_error_where_it_is_used(
    places: Callable[..., object],
) -> None:
    text = files("serverless: ${var.s}")
    text["databricks.yml"] += "variables: {s: {default: maybe}}\n"
    assert places(text) == [("BUNDLE_WRONG_TYPE", "databricks.yml", 6, 19)]


def test_unknown_fields_are_warnings_and_dropped(load: Callable[..., Bundle]) -> None:
    bundle = load(files("serverles: true\n      clusters: [{label: x, num_worker: 1}]"))
    found = [
        (warning.code.name, warning.at.line, warning.at.column, warning.params["field"])
        for warning in bundle.warnings
        if warning.at
    ]
    assert found == [
        ("BUNDLE_FIELD_UNKNOWN", 6, 7, "serverles"),
        ("BUNDLE_FIELD_UNKNOWN", 7, 29, "num_worker"),
    ]
    assert "serverless" in bundle.warnings[0].hint
    assert "serverles" not in bundle.pipelines["p"].settings


def test_a_field_that_carries_an_anchor_may_be_unknown(load: Callable[..., Bundle]) -> None:
    text = files("clusters: [*small]")
    text["databricks.yml"] = "\nmy: &small {label: default}\n" + text["databricks.yml"]
    assert load(text).warnings == ()
