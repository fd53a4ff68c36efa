"""What ended a flow, told at the user's line and without Spark's wrapping."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.errors import PySparkException
from pyspark.sql.types import StructType

from millpond.codes import ExitStatus
from millpond.definitions import (
    Dataset,
    DatasetKind,
    Flow,
    FlowKind,
    QualifiedName,
    SqlQuery,
)
from millpond.engine.failure import flow_error
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow
from millpond.errors import MillpondError
from millpond.location import Span

NAME = QualifiedName("main", "default", "orders")
AT = Span(Path("/project/orders.sql"), 1, 35)


def told(message: str) -> MillpondError:
    """What is made of a message of Spark's."""
    kind = DatasetKind.MATERIALIZED_VIEW
    flow = Flow(("orders",), ("orders",), FlowKind.COMPLETE, SqlQuery("SELECT 1", AT), AT, "SQL")
    resolved = ResolvedFlow(NAME, flow, ())
    dataset = Dataset(("orders",), kind, AT, "SQL")
    whole = ResolvedDataset(NAME, dataset, kind, StructType(), None, (resolved,))
    return flow_error(PySparkException(message), resolved, whole)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Job aborted.\nCaused by: java.io.IOException: disk is full", "disk is full"),
        ("org.apache.spark.SparkException: [A] No. SQLSTATE: 22012", "[A] No."),
        (
            "Job aborted.\nZeroDivisionError: division by zero",
            "ZeroDivisionError: division by zero",
        ),
        (
            "An error occurred while calling o1.save.\n: org.apache.spark.SparkException: [X] y.",
            "[X] y.",
        ),
        ("nothing more is known", "nothing more is known"),
    ],
)
def test_the_innermost_cause(message: str, said: str) -> None:
    error = told(message)
    assert (error.code.name, error.params["error"]) == ("FLOW_FAILED", said)
    assert error.at == AT


def test_the_innermost_line_of_the_users_in_a_workers_traceback(tmp_path: Path) -> None:
    file = tmp_path / "orders.py"
    file.write_text("def share(a, b):\n    return a / b  \n")
    error = told(
        f'Job aborted.\nFile "{json_file()}", line 3, in loads\n'
        f'File "{file}", line 2, in share\nZeroDivisionError: division by zero'
    )
    assert error.at == Span(file, 2, 5, 2, 17)


def test_a_column_whose_type_cannot_change_fails_the_flow() -> None:
    error = told("[DELTA_FAILED_TO_MERGE_FIELDS] Failed to merge fields 'id' and 'id'")
    assert (error.code.name, error.params["column"]) == ("INCOMPATIBLE_SCHEMA_CHANGE", "id")
    assert error.code.exit is ExitStatus.PIPELINE_FAILED


def json_file() -> str:
    """A file of the standard library."""
    import json

    return json.__file__
