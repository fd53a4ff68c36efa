"""What millpond.yml means, and how its mistakes are told."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from millpond import codes
from millpond.definitions import QualifiedName
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

    assert inputs.path("/Volumes/main/raw/landing") == str(project / "landing")
    assert inputs.path("/Volumes/main/raw/landing/events/*.json") == str(
        project / "landing/events/*.json"
    )
    assert inputs.path("/Volumes/main/raw/landing/2024-*/") == f"{project}/landing/2024-*/"


def test_a_prefix_matches_whole_components(project):
    inputs = load(project, "paths:\n  /Volumes/main/raw/land: landing\n")

    with pytest.raises(MillpondError) as raised:
        inputs.path("/Volumes/main/raw/landing", HERE)

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

    assert inputs.path(path) == str(project / "landing/x")


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

    assert inputs.path("/Volumes/any/x") == str(project / "landing/x")
    assert inputs.path("/Volumes/main/x") == str(project / "dev/x")
    assert inputs.path("/Volumes/main/raw/v1/events/x") == str(project / "other/x")


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

    assert load(project, text, "dev").path("/Volumes/main/raw") == str(project / "dev")
    assert load(project, text, "dev").path("/Volumes/main/two") == str(project / "other")
    assert load(project, text, "prod").path("/Volumes/main/raw") == str(project / "landing")


def test_globs_that_match_equally_are_an_error(project):
    inputs = load(project, "paths:\n  /Volumes/a/*: landing\n  /Volumes/*/b: dev\n")

    assert inputs.path("/Volumes/a/c") == str(project / "landing")
    with pytest.raises(MillpondError) as raised:
        inputs.path("/Volumes/a/b/x")
    assert raised.value.code is codes.INPUT_AMBIGUOUS
    assert raised.value.at is not None
    assert raised.value.at.line == 3


def test_a_local_path_passes_through(project):
    inputs = LocalInputs()

    for path in (str(project), "file:/data/x", "file:///data/x", "fixtures/x", "./x", "/data/none"):
        assert inputs.path(path) == path


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
        LocalInputs().path(path, HERE)

    assert raised.value.code is codes.INPUT_NOT_MAPPED
    assert raised.value.at == HERE
    assert raised.value.params["line"] == f"{prefix}: path/to/local/folder"
    assert raised.value.params["line"] in raised.value.hint


@pytest.mark.parametrize(
    ("path", "here"),
    [("/Volumes/main/s/raw/a.csv", "file"), ("s3://my.bucket", "folder"), ("/mnt/v1.2", "folder")],
)
def test_the_line_to_add_knows_a_file_by_its_name(path, here):
    with pytest.raises(MillpondError) as raised:
        LocalInputs().path(path, HERE)
    assert raised.value.params["line"] == f"{path}: path/to/local/{here}"


def test_the_line_to_add_mends_the_error(project):
    with pytest.raises(MillpondError) as raised:
        LocalInputs().path("s3://bucket/raw/2024", HERE)

    line = raised.value.params["line"].replace("path/to/local/folder", "landing")
    inputs = load(project, f"paths:\n  {line}\n")
    assert inputs.path("s3://bucket/raw/2024") == str(project / "landing")


def test_a_mapped_folder_that_is_missing_is_an_error_at_its_line(project):
    inputs = load(project, "paths:\n  /Volumes/main/raw: nowhere\n")

    with pytest.raises(MillpondError) as raised:
        inputs.path("/Volumes/main/raw/x", HERE)

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
          c: {d: 5, e: {evn: X}, f: {}}
        kafka:
          "broker:9092": 9092
        tables:
          sales.orders: orders.csv
          a.b.c: {path: x, fromat: csv}
          a.b.d: {path: x, format: cvs, state: y}
          a.b.e: {format: excel, path: x}
        configuration:
          key: [1]
        targets:
          dev:
            path: {}
          prod: 5
        """,
    ) == [
        (codes.INPUTS_FIELD_UNKNOWN, 1, 1),
        (codes.INPUTS_WRONG_TYPE, 4, 15),
        (codes.INPUTS_WRONG_TYPE, 5, 11),
        (codes.INPUTS_WRONG_TYPE, 7, 6),
        (codes.INPUTS_WRONG_TYPE, 8, 10),
        (codes.INPUTS_FIELD_UNKNOWN, 8, 17),
        (codes.INPUTS_WRONG_TYPE, 8, 29),
        (codes.INPUTS_WRONG_TYPE, 10, 18),
        (codes.INPUTS_NAME_INVALID, 12, 3),
        (codes.INPUTS_FIELD_UNKNOWN, 13, 20),
        (codes.INPUTS_WRONG_TYPE, 14, 10),
        (codes.INPUTS_WRONG_TYPE, 15, 19),
        (codes.INPUTS_WRONG_TYPE, 17, 8),
        (codes.INPUTS_FIELD_UNKNOWN, 20, 5),
        (codes.INPUTS_WRONG_TYPE, 21, 9),
    ]


def test_a_misspelt_key_gets_a_suggestion(project):
    with pytest.raises(Failures) as raised:
        load(project, "pahts: {}\n")

    (error,) = raised.value
    assert "'paths'" in error.hint


def test_a_target_that_the_project_does_not_have_is_told(project):
    file = project / "millpond.yml"
    file.write_text("targets:\n  porduction:\n    configuration: {a: b}\n", encoding="utf-8")

    assert load_inputs(file, "dev") == LocalInputs(file)
    with pytest.raises(Failures) as raised:
        load_inputs(file, "dev", ("dev", "production"))
    [error] = raised.value
    assert (error.code, error.at.line) == (codes.INPUTS_FIELD_UNKNOWN, 2)
    assert "production" in error.hint


def test_a_path_of_databricks_without_its_slash_is_told(project):
    found = errors(project, "paths:\n  Volumes/main/raw: landing\n")
    assert found == [(codes.INPUTS_PATH_INVALID, 2, 3)]


def test_a_target_is_merged_over_the_top_level_line_by_line(project):
    text = """
        configuration: {a: 1, b: two, c: true}
        secrets: {s: {k: one, l: two}}
        kafka: {"prod:9092": "localhost:1"}
        tables: {c.s.t: general.csv}
        targets:
          dev:
            configuration: {a: 2.50}
            secrets: {s: {k: other}}
            kafka: {"PROD:9092": "localhost:2"}
            tables: {C.S.T: dev.csv}
        """
    (project / "dev.csv").write_text("a\n1\n")
    inputs = load(project, text)

    assert inputs.configuration == {"a": "2.5", "b": "two", "c": "true"}
    assert [inputs.secret("s", key) for key in "kl"] == ["other", "two"]
    assert inputs.kafka("prod:9092") == "localhost:2"
    table = inputs.table(QualifiedName("c", "s", "t"))
    assert table is not None
    assert table.path == project / "dev.csv"
    assert load(project, text, "prod").kafka("prod:9092") == "localhost:1"


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


def test_two_spellings_of_a_path_may_have_one_local_path(project):
    text = "paths:\n  /Volumes/a: landing\n  dbfs:/Volumes/a: {}\n"

    assert load(project, text.format("landing")).path("/Volumes/a/x") == str(project / "landing/x")
    with pytest.raises(MillpondError):
        load(project, text.format("dev")).path("/Volumes/a/x")
