"""Files that change from update to update, in every evolution mode, against a model in Python.

Every row arrives once, and every value of it is in its column or in the rescued data.
"""

from __future__ import annotations

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from millpond import codes
from millpond.errors import MillpondError

pytestmark = pytest.mark.spark

VALUES = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([True, 0.5, "x", "7", None]),
    st.lists(st.integers(0, 2), max_size=2),
    st.dictionaries(st.sampled_from(["p", "q"]), st.sampled_from([1, "y"]), max_size=2),
)
RECORD = st.dictionaries(st.sampled_from(["a", "b", "B", "c"]), VALUES, max_size=3)
UPDATES = st.lists(
    st.lists(st.lists(RECORD, min_size=1, max_size=2), max_size=2), min_size=2, max_size=3
)
"""Of each update the files that arrive before it, of each file the records."""

MODES = st.sampled_from(["addNewColumns", "rescue", "failOnNewColumns", "none"])


class Model:
    """Which columns there are, by the documents: names without case, first spelling wins."""

    def __init__(self, mode):
        self.mode = mode
        self.columns = None

    def sees(self, records):
        """Take in the records of new files; False if they stop the stream."""
        found = {}
        for name in [key for record in records for key in record]:
            found.setdefault(name.casefold(), name)
        if self.columns is None:
            self.columns = set(found)
            return True
        new = set(found) - self.columns
        if self.mode == "failOnNewColumns" and new:
            return False
        if self.mode == "addNewColumns":
            self.columns |= new
        return True


def value_of(record, key, row, rescued):
    """The value that is kept for a key: of the rescued data or of its column."""
    if key in rescued:
        return rescued[key]
    column = row.get(key)
    if isinstance(column, str) and not isinstance(record[key], str):
        return json.loads(column)
    return column


@given(mode=MODES, updates=UPDATES, typed=st.booleans())
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_is_lost_and_nothing_is_read_twice(landing, mode, updates, typed):
    for folder in (landing.folder, landing.store, landing.checkpoint):
        shutil.rmtree(folder, ignore_errors=True)
    options = {"schemaEvolutionMode": mode, "inferColumnTypes": str(typed).lower()}
    model, expected, got = Model(mode), {}, {}
    landing.put("first.json", {"n": "0.0", "a": 1})
    arrived = [{"n": "0.0", "a": 1}]
    for number, files in enumerate([[], *updates]):
        for index, records in enumerate(files):
            numbered = [
                {**record, "n": f"{number}.{index}.{i}"} for i, record in enumerate(records)
            ]
            landing.put(f"{number}-{index}.json", *numbered)
            arrived += numbered
        expected |= {record["n"]: record for record in arrived}
        if not model.sees(arrived):
            with pytest.raises(MillpondError) as raised:
                landing.stream(**options)
            assert raised.value.code is codes.CF_NEW_COLUMNS
            return
        arrived = []
        for row in landing.update(**options):
            assert row["n"] not in got, "read twice"
            got[row["n"]] = row
            assert {name.casefold() for name in row} - {"_rescued_data"} == model.columns
    assert got.keys() == expected.keys()
    if mode == "none":
        return
    for number, row in got.items():
        record, rescued = expected[number], json.loads(row["_rescued_data"] or "{}")
        for key, value in record.items():
            if isinstance(value, dict):
                continue  # of which parts may be in either: test_rescued_property
            kept = value_of(record, key, row, rescued)
            assert kept == value, (key, record, row)
