"""Formats that Spark does not find: told by name, at the read."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sources.connectors import connect, known_format

AT = Span(Path("p.py"), 3, 7)


def test_a_format_that_is_not_found_is_told_wherever_spark_says_so() -> None:
    with pytest.raises(MillpondError) as raised, known_format("mongodb", AT):
        raise RuntimeError("o1.load: [DATA_SOURCE_NOT_FOUND] Failed to find the data source")
    assert (raised.value.code, raised.value.at) == (codes.FORMAT_NOT_FOUND, AT)
    assert raised.value.params == {"format": "mongodb"}


def test_other_errors_of_a_read_are_left_as_they_are() -> None:
    with pytest.raises(ValueError, match="else"), known_format("csv", AT):
        raise ValueError("something else")


@pytest.mark.parametrize("format", ["kinesis", "lakeflow_connect", "deltaSharing", "SQLServer"])
def test_formats_of_databricks_alone_need_no_spark_to_be_refused(format: str) -> None:
    with pytest.raises(MillpondError) as raised:
        connect(None, format, AT)  # type: ignore[arg-type]
    assert raised.value.code is codes.FORMAT_ONLY_ON_DATABRICKS
