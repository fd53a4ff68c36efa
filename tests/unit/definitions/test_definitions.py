"""What the descriptions have in common: frozen, without Spark, with values that others read."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path

import pytest

from millpond import definitions
from millpond.definitions import (
    Action,
    Dataset,
    DatasetKind,
    Definitions,
    Expectation,
    Flow,
    FlowKind,
    PipelineSpec,
    SourceFile,
    SourceKind,
    SqlQuery,
)
from millpond.location import Span

AT = Span(Path("a.py"), 1)


@pytest.mark.parametrize(
    "described",
    [
        Dataset(("a",), DatasetKind.TABLE, AT, "PYTHON"),
        Expectation("a", "x > 0", Action.WARN, AT),
        Flow(("a",), ("a",), FlowKind.APPEND, SqlQuery("SELECT 1", AT), AT, "SQL"),
        Definitions(),
        SourceFile(Path("a.py"), SourceKind.PYTHON),
        PipelineSpec("k", "n", "i", "dev", "c", "s", (), Path(), Path()),
    ],
)
def test_descriptions_are_frozen(described) -> None:
    assert is_dataclass(described)
    with pytest.raises(FrozenInstanceError):
        setattr(described, fields(described)[0].name, None)


def test_the_kinds_are_those_of_the_json_output() -> None:
    assert {kind.value for kind in DatasetKind} - {"TABLE"} == {
        "STREAMING_TABLE",
        "MATERIALIZED_VIEW",
        "VIEW",
        "SINK",
    }


def test_the_actions_are_those_of_the_event_log() -> None:
    assert [action.value for action in Action] == ["warn", "drop", "fail"]


def test_two_datasets_do_not_share_their_properties() -> None:
    one, other = (Dataset((name,), DatasetKind.TABLE, AT, "PYTHON") for name in "ab")
    assert one.table_properties is not other.table_properties


def test_everything_that_is_exported_exists() -> None:
    assert all(hasattr(definitions, name) for name in definitions.__all__)


def test_no_spark_is_imported() -> None:
    code = "import sys, millpond.definitions; sys.exit('pyspark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
