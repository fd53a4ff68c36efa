"""Options that only Databricks' readers of files know."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes, differences
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.notices import Notices, noticing
from millpond.sources.plain_files import as_auto_loader, options_for_spark
from millpond.sources.written import WrittenOptions

READ = Span(Path("pipeline.py"), 3, 1)
OPTION = Span(Path("pipeline.py"), 2, 1)


def written(**options: str) -> WrittenOptions:
    return WrittenOptions(options, dict.fromkeys(options, OPTION))


@pytest.mark.parametrize("name", ["skipRows", "SKIPROWS"])
def test_rows_cannot_be_skipped(name: str) -> None:
    with pytest.raises(MillpondError) as refused:
        options_for_spark("CSV", written(**{name: "2"}), READ)
    assert refused.value.code is codes.OPTION_ONLY_ON_DATABRICKS
    assert refused.value.params["option"] == "skipRows"
    assert refused.value.at == OPTION


def test_no_rows_skipped_is_what_spark_does() -> None:
    assert options_for_spark("csv", written(skipRows="0"), READ) == {}


def test_a_format_without_an_option_is_left_alone() -> None:
    assert options_for_spark("delta", written(skipRows="2", badRecordsPath="/x"), READ) == {}


def test_bad_records_are_left_out_and_that_is_told() -> None:
    with noticing(Notices()) as notices:
        assert options_for_spark("json", written(badRecordsPath="/x"), READ) == {
            "mode": "DROPMALFORMED"
        }
    assert [(found.feature, found.at) for found in notices.differences] == [
        (differences.BAD_RECORDS, OPTION)
    ]


@pytest.mark.parametrize(("value", "told"), [("delete", 1), ("OFF", 0)])
def test_files_of_this_machine_are_never_cleaned_away(value: str, told: int) -> None:
    with noticing(Notices()) as notices:
        found = options_for_spark("json", written(cleanSource=value), READ)
    assert found == {"cleanSource": "off"} if told else found == {}
    assert len(notices.differences) == told


def test_a_pattern_has_two_names() -> None:
    given = written(fileNamePattern="*.json")
    assert options_for_spark("json", given, READ) == {"pathGlobFilter": "*.json"}
    assert options_for_spark("json", WrittenOptions({**given, "pathGlobFilter": "a"}), READ) == {}


@pytest.mark.parametrize("format", ["avro", "csv", "JSON", "orc", "parquet", "xml"])
def test_what_is_rescued_is_read_by_auto_loader(format: str) -> None:
    given = written(rescuedDataColumn="_r", sep=";")
    ours = as_auto_loader(format, "/x", given, has_schema=True, streaming=True)
    assert ours is not None
    assert ours["cloudFiles.format"] == format.casefold()
    assert (ours["rescuedDataColumn"], ours["sep"]) == ("_r", ";")
    assert ours["cloudFiles.schemaEvolutionMode"] == "none"
    assert ours.places == given.places


def test_csv_has_no_header_and_no_types_unless_told() -> None:
    plain = as_auto_loader(
        "csv", "/x", written(rescuedDataColumn="_r"), has_schema=False, streaming=False
    )
    assert plain is not None
    assert (plain["header"], plain["cloudFiles.inferColumnTypes"]) == ("false", "false")
    told = as_auto_loader(
        "csv",
        "/x",
        written(rescuedDataColumn="_r", header="true", inferSchema="True"),
        has_schema=False,
        streaming=False,
    )
    assert told is not None
    assert (told["header"], told["cloudFiles.inferColumnTypes"]) == ("true", "true")


@pytest.mark.parametrize(("format", "is_ours"), [("csv", True), ("avro", True), ("parquet", False)])
def test_schemas_are_merged_of_formats_that_spark_does_not_merge(
    format: str, is_ours: bool
) -> None:
    given = written(mergeSchema="true")
    ours = as_auto_loader(format, "/x", given, has_schema=False, streaming=False)
    assert (ours is not None) == is_ours
    assert as_auto_loader(format, "/x", given, has_schema=True, streaming=False) is None


@pytest.mark.parametrize(
    ("format", "options", "streaming"),
    [
        ("json", written(multiLine="true"), False),
        ("json", written(rescuedDataColumn=""), False),
        ("text", written(rescuedDataColumn="_r"), False),
        ("json", written(rescuedDataColumn="_r"), True),  # Spark asks for a schema
    ],
)
def test_all_else_is_read_by_spark(format: str, options: WrittenOptions, streaming: bool) -> None:
    assert as_auto_loader(format, "/x", options, has_schema=False, streaming=streaming) is None


def test_several_paths_cannot_be_rescued() -> None:
    with pytest.raises(MillpondError) as refused:
        as_auto_loader(
            "json", ["/x", "/y"], written(rescuedDataColumn="_r"), has_schema=True, streaming=False
        )
    assert refused.value.code is codes.OPTION_ONLY_ON_DATABRICKS
    assert refused.value.at == OPTION
