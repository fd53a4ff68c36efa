"""Paths that source writes to, outside dataset functions, are those of `millpond.yml`."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest
from delta.tables import DeltaTable
from pyspark.sql import DataFrameWriter

from millpond.engine.evaluation import interception
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.errors import MillpondError


@pytest.fixture
def writer() -> Any:
    """A writer whose Java half only notes what it is told."""
    interception.install()
    found: Any = object.__new__(DataFrameWriter)
    found._jwrite = MagicMock()
    return found


def of(dataset: str | None) -> Evaluation:
    relations = MagicMock()
    relations.local_path.side_effect = lambda path, at: path.replace("/Volumes", "/here")
    return Evaluation(dataset, relations)


@pytest.mark.parametrize("name", ["save", "parquet"])
def test_a_file_is_written_where_its_path_is_here(writer: Any, name: str) -> None:
    with evaluating(of(None)):
        getattr(writer, name)("/Volumes/a")
    getattr(writer._jwrite, name).assert_called_once_with("/here/a")


def test_a_path_by_name_and_none_at_all(writer: Any) -> None:
    with evaluating(of(None)):
        writer.save(path="/Volumes/a")
        writer.save()
    assert [call.args for call in writer._jwrite.save.call_args_list] == [("/here/a",), ()]


def test_a_dataset_function_writes_nothing(writer: Any) -> None:
    with evaluating(of("main.default.t")), pytest.raises(MillpondError) as refused:
        writer.save("/Volumes/a")
    assert refused.value.params["call"] == "write.save()"


@pytest.mark.parametrize(
    ("given", "named"), [(("/Volumes/a",), {}), ((), {"identifier": "/Volumes/a"})]
)
def test_a_delta_table_is_found_where_its_path_is_here(given: Any, named: Any) -> None:
    interception.install()
    session = MagicMock()
    with evaluating(of(None)):
        DeltaTable.isDeltaTable(session, *given, **named)
    found = session._sc._jvm.io.delta.tables.DeltaTable.isDeltaTable
    found.assert_called_once_with(session._jsparkSession, "/here/a")
