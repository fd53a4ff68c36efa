"""What the clauses of AUTO CDC make of a source's columns, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyspark.sql.types import IntegerType, MapType, StringType, StructType

from millpond.cdc.layout import ChangeLayout, change_layout
from millpond.definitions import AutoCdc, CdcColumns, CdcExpression, StoredAs
from millpond.errors import MillpondError
from millpond.location import Span

AT = Span(Path("pipeline.py"), 1)
SOURCE = (
    StructType()
    .add("Id", IntegerType())
    .add("name", StringType())
    .add("city", StringType())
    .add("tags", MapType(StringType(), StringType()))
    .add("op", StringType())
    .add("seq", IntegerType())
)


def layout(sequence: Any = None, source: StructType = SOURCE, **clauses: Any) -> ChangeLayout:
    given: dict[str, Any] = {"keys": ("id",), **clauses}
    cdc = AutoCdc(sequence_by=CdcExpression("seq", AT), at=AT, **given)
    return change_layout(source, cdc, "main.default.t", sequence or IntegerType(), None)


def but(*names: str) -> CdcColumns:
    return CdcColumns(names, True, AT)


def only(*names: str) -> CdcColumns:
    return CdcColumns(names, False, AT)


def refused(code: str, **given: Any) -> dict[str, Any]:
    with pytest.raises(MillpondError) as caught:
        layout(**given)
    assert caught.value.code.name == code
    return caught.value.params


def test_columns_are_those_of_the_source_in_its_order_and_spelling() -> None:
    found = layout(columns=but("OP", "seq"))
    assert (found.keys, found.names) == (("Id",), ("Id", "name", "city", "tags"))
    assert found.tracked == ("name", "city", "tags")
    assert layout(columns=only("city", "id")).names == ("Id", "city")


def test_history_adds_columns_of_the_sequences_type() -> None:
    found = layout(stored_as=StoredAs.SCD_TYPE_2, track_history=but("city"), columns=but("op"))
    assert found.history.simpleString() == "struct<__START_AT:int,__END_AT:int>"
    assert found.tracked == ("name", "tags", "seq")
    assert found.tracking == "all but city"
    assert layout().history.fieldNames() == []


def test_hidden_columns_have_a_prefix_of_their_own() -> None:
    names = layout(ignore_null_updates=but()).hidden.fieldNames()
    assert all(name.startswith("__millpond_") for name in names)


def test_what_is_wrong_is_told_with_the_name() -> None:
    assert refused("AUTO_CDC_UNKNOWN_COLUMN", keys=("nope",))["column"] == "nope"
    assert refused("AUTO_CDC_UNKNOWN_COLUMN", columns=but("nope"))["clause"] == "columns"
    assert refused("AUTOCDC_KEY_NOT_IN_SELECTED_SCHEMA", columns=but("id"))["column"] == "Id"
    assert refused("AUTOCDC_NON_ORDERABLE_SEQUENCE", keys=("tags",))["clause"] == "key tags"
    kind = MapType(StringType(), StringType())
    assert refused("AUTOCDC_NON_ORDERABLE_SEQUENCE", sequence=kind)["clause"] == "sequence_by"
    refused("AUTO_CDC_UNKNOWN_COLUMN", ignore_null_updates=only("id"))
    every = but("name", "city", "tags", "op", "seq")
    refused("AUTO_CDC_NOTHING_SELECTED", ignore_null_updates=every)


def test_columns_that_history_adds_are_taken() -> None:
    source = StructType([*SOURCE.fields]).add("__start_at", IntegerType())
    assert "__start_at" in layout(source=source).names
    given = {"source": source, "stored_as": StoredAs.SCD_TYPE_2}
    assert refused("AUTOCDC_RESERVED_COLUMN_NAME_CONFLICT", **given)["column"] == "__start_at"
    hidden = StructType([*SOURCE.fields]).add("__millpond_row", StringType())
    refused("AUTOCDC_RESERVED_COLUMN_NAME_CONFLICT", source=hidden)
