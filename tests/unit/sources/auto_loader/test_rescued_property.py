"""Whatever the records and the schema: every field is in its column or in the rescued data."""

from __future__ import annotations

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.spark

NAMES = ["a", "b", "A", "a b", "c.d", "é", "n", 'q"']
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.integers(-5, 5),
    st.sampled_from([0.5, -1.25, 1e20]),
    st.text(alphabet='x1é"\\{}[]:,\n ', max_size=4),
    st.sampled_from(["1", "true", "2024-01-01", ""]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=5,
)
RECORDS = st.lists(
    st.one_of(
        st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5),
        st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 9), min_size=1),
    ),
    min_size=1,
    max_size=8,
)
TYPES = st.sampled_from(
    [
        "STRING",
        "INT",
        "DOUBLE",
        "BOOLEAN",
        "DATE",
        "ARRAY<INT>",
        "MAP<STRING, INT>",
        "STRUCT<a: INT, `n`: STRUCT<b: STRING>>",
        "ARRAY<STRUCT<a: INT>>",
        "MAP<STRING, STRUCT<a: STRING>>",
    ]
)
COLUMNS = st.dictionaries(
    st.sampled_from(["a", "b", "a b", "c.d", "n"]), TYPES, min_size=1, max_size=4
)


def lost(value, column, rescued, *, has_column):
    """The parts of a value that are neither in its column nor rescued; a model of the rule."""
    if rescued is not MISSING and rescued == value:
        return []
    if isinstance(value, dict) and isinstance(column, dict):
        inner = rescued if isinstance(rescued, dict) else {}
        return [
            part
            for key, item in value.items()
            for part in lost(
                item, column.get(key), inner.get(key, MISSING), has_column=key in column
            )
        ]
    if not has_column:
        return [value]
    if isinstance(value, list) and isinstance(column, list):
        pairs = zip(value, column, strict=True)
        return [part for pair in pairs for part in lost(*pair, MISSING, has_column=True)]
    if value is None or column is not None:
        return []
    return [value]


MISSING = object()


@given(records=RECORDS, columns=COLUMNS, given_schema=st.booleans())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_is_lost(landing, records, columns, given_schema):
    shutil.rmtree(landing.folder, ignore_errors=True)
    shutil.rmtree(landing.store, ignore_errors=True)
    landing.put("a.json", *records)
    ddl = ", ".join(f"`{name}` {type_}" for name, type_ in columns.items())
    options = (
        {"schema": ddl, "rescuedDataColumn": "_rescued_data"}
        if given_schema
        else {"schemaHints": ddl, "inferColumnTypes": "true"}
    )

    rows = [row.asDict(recursive=True) for row in landing.batch(**options).collect()]

    assert len(rows) == len(records)
    for record, row in zip(records, rows, strict=True):
        rescued = json.loads(row["_rescued_data"] or "{}")
        if json.loads(rescued.get("_corrupt_record", "null")) == record:
            continue
        for key, value in record.items():
            left = rescued.get(key, MISSING)
            assert not lost(value, row.get(key), left, has_column=key in row), (record, row)
        if not rescued:
            assert all(value is None or row[key] is not None for key, value in record.items())
