"""Options that nobody knows are told; those that some reader knows never are."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes
from millpond.location import Span
from millpond.notices import Notices, noticing
from millpond.sources.auto_loader.misspelt_options import misspelt
from millpond.sources.auto_loader.options import read_options
from millpond.sources.read_files import auto_loader_request

HERE = Span(Path("pipeline.sql"), 3, 8)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("headers", "header"),
        ("delimeter", "delimiter"),
        ("schemaHint", "schemaHints"),
        ("inferColumnType", "inferColumnTypes"),
        ("multi_line", "multiLine"),
        ("recuesdDataColumn", "rescuedDataColumn"),
    ],
)
def test_an_option_that_is_nearly_one(written, known):
    assert list(misspelt({written: "true"})) == [(written, known)]


@pytest.mark.parametrize(
    "written",
    [
        *("HEADER", "multiline", "wholetext", "maxFilesPerTrigger", "inferTimestamp", "rowTag"),
        *("skipRows", "someConnectorsOption", "fs.azure.headers", "cloudFiles.format", "separator"),
    ],
)
def test_no_false_alarm(written):
    assert list(misspelt({written: "x"})) == []


def test_the_reader_warns_at_the_option():
    notices = Notices()
    with noticing(notices):
        read_options(auto_loader_request("/x", {"format": "csv", "headr": "true"}, at=HERE))
    (warning,) = notices.warnings
    assert (warning.code, warning.at) == (codes.OPTION_WITHOUT_EFFECT, HERE)
    assert warning.params == {"key": "headr", "known": "header"}
