"""What the SQL functions ask Auto Loader for."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sources.auto_loader.options import DETECT
from millpond.sources.read_files import (
    auto_loader_options,
    auto_loader_request,
    kafka_arguments,
    option_arguments,
)
from millpond.sql.references import find

HERE = Span(Path("pipeline.sql"), 3, 8)


def arguments(call):
    (reference,) = find(f"SELECT * FROM {call}")
    return option_arguments(reference, HERE)


def refused(call):
    with pytest.raises(MillpondError) as raised:
        arguments(call)
    assert raised.value.at == HERE
    return raised.value


def test_options_get_the_names_they_have_in_auto_loader():
    path, options = arguments(
        "STREAM read_files('/Volumes/a/b', format => 'csv', schemaHints => 'id INT',"
        " header => true, maxFilesPerTrigger => 10, sep => ';', inferColumnTypes => false,"
        " fileNamePattern => '*.csv')"
    )

    assert path == "/Volumes/a/b"
    assert options == {
        "cloudFiles.format": "csv",
        "cloudFiles.schemaHints": "id INT",
        "header": "true",
        "cloudFiles.maxFilesPerTrigger": "10",
        "sep": ";",
        "cloudFiles.inferColumnTypes": "false",
        "pathGlobFilter": "*.csv",
    }


def test_types_are_inferred_and_the_format_is_found_out_unless_given():
    assert auto_loader_options({}) == {
        "cloudFiles.inferColumnTypes": "true",
        "cloudFiles.format": DETECT,
    }


def test_the_schema_is_an_option():
    _, options = arguments("read_files('/x', format => 'json', schema => 'id INT', mode => NULL)")

    assert options["schema"] == "id INT"
    assert "mode" not in options


def test_the_legacy_function_has_options_under_their_own_names():
    assert arguments(
        "STREAM cloud_files('/x', 'csv', map('header', 'true', 'cloudFiles.schemaHints', 'a INT'))"
    ) == (
        "/x",
        {"cloudFiles.format": "csv", "header": "true", "cloudFiles.schemaHints": "a INT"},
    )
    assert arguments("STREAM(cloud_files('/x', 'json'))") == ("/x", {"cloudFiles.format": "json"})


def test_what_is_no_constant_is_refused():
    error = refused("read_files(concat('a', 'b'))")
    assert error.code is codes.INVALID_ARGUMENT
    assert error.params["argument"] == "path"
    assert refused("read_files('/x', format => lower('CSV'))").params["argument"] == "format"
    assert refused("read_files('/x', 'csv')").code is codes.INVALID_ARGUMENT
    assert refused("read_files(format => 'csv')").params["argument"] == "path"
    assert refused("read_files(1)").params["argument"] == "path"
    assert refused("read_files('/x', format => 'a', FORMAT => 'b')").params["argument"] == "FORMAT"


def test_options_of_kafka_are_taken_as_they_are():
    (reference,) = find(
        "SELECT * FROM STREAM read_kafka(bootstrapServers => 'k:9092', subscribe => 'x',"
        " `kafka.security.protocol` => 'SASL_SSL', maxOffsetsPerTrigger => 10)"
    )
    options = kafka_arguments(reference, HERE)

    assert options == {
        "bootstrapServers": "k:9092",
        "subscribe": "x",
        "kafka.security.protocol": "SASL_SSL",
        "maxOffsetsPerTrigger": "10",
    }
    assert set(options.places.values()) == {HERE}


def test_a_request_is_made_of_a_local_path_and_the_arguments(tmp_path):
    request = auto_loader_request(
        str(tmp_path), {"format": "json"}, schema_store=tmp_path, at=HERE, user_path="/Volumes/x"
    )

    assert (request.path, request.user_path, request.at) == (str(tmp_path), "/Volumes/x", HERE)
    assert request.options["cloudFiles.format"] == "json"


@pytest.mark.spark
@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("a.jsonl", '{"v": 1}\n', 1), ("a.csv.gz", None, 1), ("a.txt", "1\n", "1")],
)
def test_the_format_is_that_of_the_files_names(spark, tmp_path, name, text, value):
    import gzip

    from millpond.sources.auto_loader import read_batch

    data = gzip.compress(b"v\n1\n") if text is None else text.encode()
    (tmp_path / name).write_bytes(data)

    frame = read_batch(spark, auto_loader_request(str(tmp_path), {}))

    assert frame.first()[0] == value


@pytest.mark.spark
def test_a_format_that_names_do_not_tell_is_asked_for(spark, tmp_path):
    from millpond.sources.auto_loader import read_batch

    (tmp_path / "data").write_text("x")

    with pytest.raises(MillpondError) as raised:
        read_batch(spark, auto_loader_request(str(tmp_path), {}, at=HERE))

    assert (raised.value.code, raised.value.params["option"]) == (codes.CF_FORMAT_NOT_SET, "format")
