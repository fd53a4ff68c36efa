"""What tables, secrets and Kafka servers are on this machine, and what to add where none is."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from millpond import codes
from millpond.definitions import QualifiedName
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sources.inputs import LocalInputs, load_inputs

HERE = Span(Path("pipeline.py"), 7, 12)
TRIPS = QualifiedName("samples", "nyctaxi", "trips")


@pytest.fixture
def project(tmp_path):
    return tmp_path


def load(project, text, files=()):
    for name, content in dict(files).items():
        file = project / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    file = project / "millpond.yml"
    file.write_text(dedent(text), encoding="utf-8")
    return load_inputs(file, "dev")


# --- tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "content", "format", "options"),
    [
        ("t.csv", "a,b\n1,2\n", "csv", {"header": "true", "inferSchema": "true"}),
        ("t.tsv.gz", "", "csv", {"header": "true", "inferSchema": "true", "sep": "\t"}),
        ("t.json", '{"a": 1}\n{"a": 2}\n', "json", {}),
        ("t.json", '[{"a": 1}]', "json", {"multiLine": "true"}),
        ("t.json", '\ufeff {\n "a": 1}', "json", {"multiLine": "true"}),
        ("t.jsonl", "{}", "json", {}),
        ("t.parquet", "", "parquet", {}),
        ("t/part-1.parquet", "", "parquet", {}),
        ("t/_delta_log/0.json", "", "delta", {}),
        ("t/y=1/a.csv", "x\n", "csv", {"header": "true", "inferSchema": "true"}),
        ("t/_SUCCESS", "", None, None),
        ("t/a.dat", "", None, None),
    ],
)
def test_the_files_tell_how_they_are_read(project, file, content, format, options):
    mapped = file.split("/", maxsplit=1)[0]
    text = f"tables: {{samples.nyctaxi.trips: {mapped}}}"
    inputs = load(project, text, {file: content})

    if format is None:
        with pytest.raises(MillpondError) as raised:
            inputs.table(TRIPS)
        assert raised.value.code is codes.INPUT_FORMAT_UNKNOWN
        return
    table = inputs.table(TRIPS)
    assert (table.path, table.format, table.options) == (project / mapped, format, options)


def test_a_mapping_says_how_a_table_is_read(project):
    text = """
        tables:
          samples.nyctaxi.trips:
            path: trips.dat
            format: CSV
            options: {header: false, sep: "|"}
            schema: id INT, name STRING
        """
    table = load(project, text, {"trips.dat": ""}).table(TRIPS)

    assert (table.format, table.schema) == ("csv", "id INT, name STRING")
    assert table.options == {"header": "false", "sep": "|"}


@pytest.mark.parametrize(
    ("key", "file"),
    [
        ("samples.*.*", "data/nyctaxi/trips.csv"),
        ("samples.nyctaxi.*", "data/Trips.CSV.gz"),
        ("samples.nyctaxi.t*", "data/trips/x.csv"),
        ("'*.*.*'", "data/samples/nyctaxi/trips/x.csv"),
        ("'*.nyctaxi.trips'", "data/samples/nyctaxi/trips.csv"),
    ],
)
def test_behind_a_wildcard_stands_a_folder_of_tables(project, key, file):
    inputs = load(project, f"tables: {{{key}: data}}", {file: "a\n1\n"})

    assert inputs.table(TRIPS).format == "csv"


def test_a_wildcards_folder_without_the_table_is_an_error_at_its_line(project):
    inputs = load(project, "tables:\n  samples.*.*: data\n", {"data/nyctaxi/zones.csv": ""})

    with pytest.raises(MillpondError) as raised:
        inputs.table(TRIPS)
    assert raised.value.code is codes.INPUT_PATH_NOT_FOUND
    assert raised.value.params["looked_for"] == project / "data/nyctaxi/trips"
    assert raised.value.at.line == 2


def test_the_name_with_the_fewest_wildcards_wins_then_the_most_literal(project):
    text = """
        tables:
          "*.nyctaxi.*": {path: any}
          samples.nyctaxi.*: {path: schema}
          samples.*.trips: {path: shorter}
        """
    files = {f"{name}/trips.csv": "" for name in ("any/samples/nyctaxi", "schema")}
    files["shorter/nyctaxi/trips.csv"] = ""
    inputs = load(project, text, files)

    assert inputs.table(QualifiedName("other", "sales", "trips")) is None
    assert inputs.table_mapping(QualifiedName("Samples", "NYCTAXI", "Zones")).written == "schema"
    assert inputs.table_mapping(TRIPS).written == "schema"


def test_names_that_match_equally_are_an_error(project):
    text = "tables:\n  samples.*.trips: a\n  '*.samples.trips': b\n"
    inputs = load(project, text)

    with pytest.raises(MillpondError) as raised:
        inputs.table(QualifiedName("samples", "samples", "trips"))
    assert raised.value.code is codes.INPUT_AMBIGUOUS
    assert raised.value.at.line == 3


def test_a_table_of_another_runs_state(project):
    inputs = load(project, "tables: {main.sales.*: {state: other}}", {"other/x": ""})

    table = inputs.table(QualifiedName("main", "sales", "orders"))
    assert (table.is_state, table.path) == (True, project / "other")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (TRIPS, "samples.nyctaxi.trips: path/to/trips.csv"),
        (QualifiedName("a", "b c", "x.y"), "a.`b c`.`x.y`: path/to/x.y.csv"),
    ],
)
def test_the_line_that_maps_a_table_does(project, name, line):
    assert LocalInputs().lines_for_table(name) == line
    inputs = load(project, f"tables:\n  {line}\n", {line.split(": ")[1]: "a\n"})
    assert inputs.table(name).format == "csv"


# --- secrets ----------------------------------------------------------------------------------


def test_a_secret_is_text_or_in_the_environment(project, monkeypatch):
    inputs = load(project, "secrets: {kv: {user: me, password: {env: DB_PASSWORD}}}")

    assert inputs.secret("kv", "user") == "me"
    with pytest.raises(MillpondError) as raised:
        inputs.secret("kv", "password", HERE)
    assert raised.value.code is codes.SECRET_VARIABLE_NOT_SET
    monkeypatch.setenv("DB_PASSWORD", "s3cret")
    assert inputs.secret("kv", "password") == "s3cret"
    assert inputs.secret_values() == ("s3cret", "me")
    assert "s3cret" not in repr(inputs)


def test_an_unknown_secret_is_an_error_with_the_lines_to_add(project):
    inputs = load(project, "secrets: {kv: {pasword: x}}")

    with pytest.raises(MillpondError) as raised:
        inputs.secret("kv", "password", HERE)
    assert raised.value.code is codes.SECRET_NOT_MAPPED
    assert raised.value.at == HERE
    assert "'pasword'" in raised.value.hint
    lines = raised.value.hint.split("\n", 1)[1]
    assert load(project, lines).secret("kv", "password") == "the secret"


# --- kafka ------------------------------------------------------------------------------------


def test_kafka_servers_are_looked_up_as_a_list_then_one_by_one(project):
    text = """
        kafka:
          a:9092,b:9092: localhost:1
          "*.servicebus.windows.net:9093": localhost:2
          "hub.*:9093": localhost:3
        """
    inputs = load(project, text)

    assert inputs.kafka("a:9092, B:9092") == "localhost:1"
    assert inputs.kafka("x.servicebus.windows.net:9093,localhost:9") == "localhost:2,localhost:9"
    assert inputs.kafka("hub.servicebus.windows.net:9093") == "localhost:2"
    with pytest.raises(MillpondError) as raised:
        inputs.kafka("a:9092", HERE)
    assert raised.value.code is codes.KAFKA_NOT_MAPPED
    assert raised.value.at == HERE
    lines = raised.value.hint.split("\n", 1)[1]
    assert load(project, lines).kafka("a:9092") == "localhost:9092"
