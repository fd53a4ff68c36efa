"""What millpond.yml means, and how its mistakes are told."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from millpond import codes
from millpond.errors import Failures, MillpondError
from millpond.location import Span
from millpond.sources.inputs import LocalInputs, find_inputs, load_inputs

HERE = Span(Path("pipeline.py"), 7, 12)


@pytest.fixture
def project(tmp_path):
    for folder in ("landing/events", "dev", "other"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def load(project, text, target="dev"):
    file = project / "millpond.yml"
    file.write_text(dedent(text), encoding="utf-8")
    return load_inputs(file, target)


def errors(project, text):
    with pytest.raises(Failures) as raised:
        load(project, text)
    return [(error.code, error.at.line, error.at.column) for error in raised.value]


def test_a_prefix_maps_what_is_below_it(project):
    inputs = load(project, "paths:\n  /Volumes/main/raw/landing: landing\n")

    assert inputs.local_path("/Volumes/main/raw/landing") == str(project / "landing")
    assert inputs.local_path("/Volumes/main/raw/landing/events/*.json") == str(
        project / "landing/events/*.json"
    )
    assert inputs.local_path("/Volumes/main/raw/landing/2024-*/") == f"{project}/landing/2024-*/"


def test_a_prefix_matches_whole_components(project):
    inputs = load(project, "paths:\n  /Volumes/main/raw/land: landing\n")

    with pytest.raises(MillpondError) as raised:
        inputs.local_path("/Volumes/main/raw/landing", HERE)

    assert raised.value.code is codes.INPUT_NOT_MAPPED


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("dbfs:/mnt/raw", "/mnt/raw/x"),
        ("/mnt/raw", "dbfs:/mnt/raw/x"),
        ("/mnt/raw", "/dbfs/mnt/raw/x"),
        ("/Volumes/a/b/c/", "dbfs:/Volumes/a/b/c/x"),
        ("s3://bucket/raw", "s3a://bucket/raw/x"),
        (
            "abfss://c@account.dfs.core.windows.net/raw",
            "abfss://c@account.dfs.core.windows.net/raw/x",
        ),
        ("gs://bucket", "gs://bucket/x"),
    ],
)
def test_spellings_of_one_place_are_one(project, key, path):
    inputs = load(project, f"paths:\n  {key}: landing\n")

    assert inputs.local_path(path) == str(project / "landing/x")


def test_the_longest_match_wins_and_a_literal_one_before_a_glob(project):
    inputs = load(
        project,
        """
        paths:
          /Volumes/*: landing
          /Volumes/main: dev
          /Volumes/main/raw/*/events: other
        """,
    )

    assert inputs.local_path("/Volumes/any/x") == str(project / "landing/x")
    assert inputs.local_path("/Volumes/main/x") == str(project / "dev/x")
    assert inputs.local_path("/Volumes/main/raw/v1/events/x") == str(project / "other/x")


def test_a_target_overrides_the_general_mapping(project):
    text = """
        paths:
          /Volumes/main/raw: landing
          /Volumes/main/two: other
        targets:
          dev:
            paths:
              dbfs:/Volumes/main/raw: dev
        """

    assert load(project, text, "dev").local_path("/Volumes/main/raw") == str(project / "dev")
    assert load(project, text, "dev").local_path("/Volumes/main/two") == str(project / "other")
    assert load(project, text, "prod").local_path("/Volumes/main/raw") == str(project / "landing")


def test_a_local_path_passes_through(project):
    inputs = LocalInputs()

    for path in (str(project), "file:/data/x", "file:///data/x", "fixtures/x", "./x", "/data/none"):
        assert inputs.local_path(path) == path


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("/Volumes/main/raw/landing/", "/Volumes/main/raw/landing"),
        ("/Volumes/main/raw/landing/*/x.json", "/Volumes/main/raw/landing"),
        ("s3://bucket/raw", "s3://bucket/raw"),
        ("dbfs:/FileStore/x", "dbfs:/FileStore/x"),
        ("/databricks-datasets/retail", "/databricks-datasets/retail"),
    ],
)
def test_an_unmapped_path_is_an_error_with_the_line_to_add(path, prefix):
    with pytest.raises(MillpondError) as raised:
        LocalInputs().local_path(path, HERE)

    assert raised.value.code is codes.INPUT_NOT_MAPPED
    assert raised.value.at == HERE
    assert raised.value.params["line"] == f"{prefix}: path/to/local/folder"
    assert raised.value.params["line"] in raised.value.hint


def test_the_line_to_add_mends_the_error(project):
    with pytest.raises(MillpondError) as raised:
        LocalInputs().local_path("s3://bucket/raw/2024", HERE)

    line = raised.value.params["line"].replace("path/to/local/folder", "landing")
    inputs = load(project, f"paths:\n  {line}\n")
    assert inputs.local_path("s3://bucket/raw/2024") == str(project / "landing")


def test_a_mapped_folder_that_is_missing_is_an_error_at_its_line(project):
    inputs = load(project, "paths:\n  /Volumes/main/raw: nowhere\n")

    with pytest.raises(MillpondError) as raised:
        inputs.local_path("/Volumes/main/raw/x", HERE)

    assert raised.value.code is codes.INPUT_PATH_NOT_FOUND
    assert raised.value.at is not None
    assert raised.value.at.shown(project) == "millpond.yml:2:22"
    assert raised.value.params["local"] == "nowhere"


def test_mistakes_are_told_all_at_once_each_at_its_place(project):
    assert errors(
        project,
        """\
        path:
          a: b
        paths:
          /Volumes/x: [1]
          s3://b: s3://other
        secrets:
          a: b
        targets:
          dev:
            path: {}
          prod: 5
        """,
    ) == [
        (codes.INPUTS_FIELD_UNKNOWN, 1, 1),
        (codes.INPUTS_WRONG_TYPE, 4, 15),
        (codes.INPUTS_WRONG_TYPE, 5, 11),
        (codes.NOT_SUPPORTED_YET, 6, 1),
        (codes.INPUTS_FIELD_UNKNOWN, 10, 5),
        (codes.INPUTS_WRONG_TYPE, 11, 9),
    ]


def test_a_misspelt_key_gets_a_suggestion(project):
    with pytest.raises(Failures) as raised:
        load(project, "pahts: {}\n")

    (error,) = raised.value
    assert "'paths'" in error.hint


@pytest.mark.parametrize("key", ["tables", "secrets", "kafka", "configuration"])
def test_later_keys_are_not_supported_yet(project, key):
    assert errors(project, f"{key}: {{}}\n") == [(codes.NOT_SUPPORTED_YET, 1, 1)]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("paths:\n  a: b\n  a: c\n", codes.YAML_DUPLICATE_KEY, 3),
        ("paths: {\n", codes.YAML_INVALID, 2),
    ],
)
def test_what_is_not_yaml_is_an_error_at_its_line(project, text, code, line):
    with pytest.raises(MillpondError) as raised:
        load(project, text)

    assert (raised.value.code, raised.value.at.line) == (code, line)


def test_no_file_maps_nothing(project):
    assert load_inputs(None, "dev") == LocalInputs()
    assert load(project, "").paths == ()
    with pytest.raises(MillpondError) as raised:
        load_inputs(project / "none.yml", "dev")
    assert raised.value.code is codes.INPUTS_NOT_FOUND


def test_the_file_is_found_beside_the_source(project):
    assert find_inputs(project) is None
    load(project, "paths: {}\n")
    assert find_inputs(project) == project / "millpond.yml"
    assert find_inputs(project / "pipeline.sql") == project / "millpond.yml"
