"""The root file, its includes, and what must be unique among them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.bundle import Bundle, load_bundle
from millpond.errors import MillpondError

ROOT = "bundle: {name: b}\ninclude: [%s]\n"
P = "resources: {pipelines: {%s: {libraries: [file: {path: %s}]}}}\n"


def test_includes_are_merged_in_order_and_paths_are_theirs(load: Callable[..., Bundle]) -> None:
    bundle = load(
        {
            "databricks.yml": ROOT % "resources/*.yml, other/x.json, resources/a.yml",
            "resources/b.yml": P % ("pb", "../src/b.py"),
            "resources/a.yml": P % ("pa", "a.py"),
            "resources/.hidden.yml": P % ("ph", "a.py"),
            "resources/a.py": "",
            "src/b.py": "",
            "other/x.json": '{"variables": {"v": {"default": 1}}}',
        }
    )
    assert list(bundle.pipelines) == ["ph", "pa", "pb"]
    assert bundle.configuration["variables"] == {"v": {"default": 1, "value": 1}}


def test_a_folder_without_a_root_file(tmp_path: Path) -> None:
    with pytest.raises(MillpondError) as caught:
        load_bundle(tmp_path)
    assert caught.value.code.name == "BUNDLE_NOT_FOUND"


def test_a_folder_with_two_root_files(places: Callable[..., object]) -> None:
    files = {"databricks.yml": ROOT % "", "bundle.yml": ""}
    assert places(files) == [("BUNDLE_SEVERAL_ROOTS", "bundle.yml", 1, 1)]


@pytest.mark.parametrize("name", ["databricks.yaml", "bundle.yml"])
def test_other_names_of_the_root_file(write: Callable[..., Path], name: str) -> None:
    assert load_bundle(write({name: ROOT % ""})).file.name == name


@pytest.mark.parametrize("pattern", ["missing.yml", "/etc/x.yml", "*.txt"])
def test_a_wrong_include_is_an_error_at_it(places: Callable[..., object], pattern: str) -> None:
    files = {"databricks.yml": ROOT % f"'{pattern}'", "a.txt": ""}
    assert places(files) == [("BUNDLE_INCLUDE_INVALID", "databricks.yml", 2, 11)]


def test_a_glob_that_matches_nothing_is_fine(load: Callable[..., Bundle]) -> None:
    assert load(ROOT % "'resources/*.yml'").pipelines == {}


def test_an_include_in_an_included_file_has_no_effect(load: Callable[..., Bundle]) -> None:
    bundle = load({"databricks.yml": ROOT % "a.yml", "a.yml": "include: [b.yml]\n"})
    assert [warning.code.name for warning in bundle.warnings] == ["BUNDLE_INCLUDE_INVALID"]


def test_mistakes_in_several_files_come_together(places: Callable[..., object]) -> None:
    files = {
        "databricks.yml": ROOT % "'*.yml'",
        "x.yml": "a: 1\na: 2\n",
        "y.yml": "resources:\n  pipelines:\n    p: {serverless: [1]}\n",
    }
    assert places(files) == [
        ("YAML_DUPLICATE_KEY", "x.yml", 2, 1),
        ("BUNDLE_WRONG_TYPE", "y.yml", 3, 21),
    ]


def test_a_resource_key_is_unique_over_files_and_kinds(places: Callable[..., object]) -> None:
    files = {
        "databricks.yml": ROOT % "'*.yml'",
        "x.yml": P % ("etl", "a.py"),
        "y.yml": "resources:\n  jobs:\n    etl: {name: x}\n",
    }
    assert places(files) == [("BUNDLE_DUPLICATE_RESOURCE", "y.yml", 3, 5)]


def test_environments_is_the_old_name_of_targets(load: Callable[..., Bundle]) -> None:
    assert load("bundle: {name: b}\nenvironments: {dev: {}}\n").target == "dev"


def test_both_names_of_targets_are_one_too_many(places: Callable[..., object]) -> None:
    text = "bundle: {name: b}\ntargets: {a: {}}\nenvironments: {dev: {}}\n"
    assert places(text) == [("BUNDLE_MERGE_CONFLICT", "databricks.yml", 3, 1)]


def test_a_file_that_is_no_mapping(places: Callable[..., object]) -> None:
    assert places("- a\n")[0][0] == "BUNDLE_WRONG_TYPE"  # type: ignore[index]


def test_python_that_makes_resources_is_named(load: Callable[..., Bundle]) -> None:
    text = "bundle: {name: b}\npython:\n  resources: ['resources:load_resources']\n"
    (warning,) = load(text).warnings
    assert warning.code.name == "BUNDLE_PYTHON_NOT_RUN"
    assert warning.params == {"names": "resources:load_resources"}
    assert warning.at is not None
    assert (warning.at.line, warning.at.column) == (3, 3)
