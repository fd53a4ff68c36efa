"""How often a flow looks, and where that is set (reference 5.3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from millpond import codes
from millpond.definitions import (
    Dataset,
    DatasetKind,
    Flow,
    FlowKind,
    PipelineSpec,
    PythonQuery,
    QualifiedName,
)
from millpond.engine.interval import (
    TRIGGER_INTERVAL,
    default_interval,
    read_interval,
    trigger_interval,
)
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow
from millpond.errors import MillpondError
from millpond.location import Span

HERE = Path("/project")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10 seconds", 10),
        ("1 second", 1),
        ("1 minute", 60),
        ("2 hours", 7200),
        ("1 day", 86_400),
        ("500 milliseconds", 0.5),
        ("0 seconds", 0),
        ("1 minute 30 seconds", 90),
        ("INTERVAL 5 MINUTES", 300),
        ("  1   HOUR ", 3600),
    ],
)
def test_a_number_with_a_unit(text: str, seconds: float) -> None:
    assert read_interval(text, None) == seconds


@pytest.mark.parametrize("text", ["", "10", "ten seconds", "-1 second", "5 fortnights", "1 month"])
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(MillpondError) as refused:
        read_interval(text, None)

    assert refused.value.code is codes.CONFIGURATION_NOT_VALID
    assert refused.value.params["value"] == text


def test_streams_look_often_and_what_is_computed_whole_does_not() -> None:
    assert default_interval(FlowKind.APPEND, over_delta=False) == 5
    assert default_interval(FlowKind.COMPLETE, over_delta=True) == 60
    assert default_interval(FlowKind.COMPLETE, over_delta=False) == 600


def interval(configuration: Any = (), properties: Any = (), conf: Any = ()) -> float | None:
    at = Span(HERE / "a.py", 1)
    name = QualifiedName("main", "default", "t")
    table = Dataset(
        ("t",), DatasetKind.STREAMING_TABLE, at, "PYTHON", table_properties=dict(properties)
    )
    flow = Flow(
        *(("t",), ("t",), FlowKind.APPEND, PythonQuery(lambda: None), at, "PYTHON"),
        spark_conf=dict(conf),
    )
    resolved = ResolvedFlow(name, flow, ())
    dataset = ResolvedDataset(
        name,
        table,
        DatasetKind.STREAMING_TABLE,
        None,
        None,
        (resolved,),  # type: ignore[arg-type]
    )
    spec = PipelineSpec(
        *("key", "name", "id", "dev", "main", "default", (), HERE, HERE),
        configuration=dict(configuration),
        at=Span(HERE / "databricks.yml", 3),
    )
    return trigger_interval(spec, dataset, resolved)


def test_the_nearest_setting_holds() -> None:
    pipeline, table, flow = ({TRIGGER_INTERVAL: f"{number} seconds"} for number in (1, 2, 3))
    assert interval() is None
    assert interval(pipeline) == 1
    assert interval(pipeline, table) == 2
    assert interval(pipeline, table, flow) == 3


def test_a_mistake_is_told_where_it_is_set() -> None:
    with pytest.raises(MillpondError) as refused:
        interval({TRIGGER_INTERVAL: "soon"})

    assert refused.value.at == Span(HERE / "databricks.yml", 3)
