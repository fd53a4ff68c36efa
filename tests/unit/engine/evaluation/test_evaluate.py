"""What a dataset function raises, told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes
from millpond.definitions import QualifiedName
from millpond.engine.evaluation.evaluate import call
from millpond.errors import MillpondError
from millpond.location import Span


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("calling o1.load. : java.sql.SQLException: No suitable driver", codes.JDBC_DRIVER_MISSING),
        ("[INTERNAL_ERROR] 'COLUMN_IS_NOT_VARIANT_TYPE'", codes.PATH_INTO_STRING),
        ("anything else", codes.DATASET_FUNCTION_FAILED),
    ],
)
def test_some_of_sparks_own_errors_have_a_hint(message: str, code: codes.Code) -> None:
    def fails() -> None:
        raise RuntimeError(message)

    with pytest.raises(MillpondError) as raised:
        call(fails, Span(Path("p.py"), 3), QualifiedName("a", "b", "c"))
    assert raised.value.code is code


def test_types_that_want_rows_to_look_at_are_asked_for() -> None:
    def fails() -> None:
        raise ValueError("RDD is empty")

    with pytest.raises(MillpondError) as raised:
        call(fails, Span(Path("p.py"), 3), QualifiedName("a", "b", "c"))
    assert "toDF('id INT" in raised.value.hint


def test_of_an_exception_in_java_the_stack_is_left_out() -> None:
    in_java = type("Py4JJavaError", (Exception,), {"__module__": "py4j.protocol"})

    def fails() -> None:
        raise in_java(
            "An error occurred while calling o80.load.\n: org.apache.x.OddException: [X_Y] No.\n"
            "\tat org.apache.x.A$.f(A.scala:1)\nCaused by: a.B: no\n\tat a.B.f(B.java:2)\n"
        )

    with pytest.raises(MillpondError) as raised:
        call(fails, Span(Path("p.py"), 3), QualifiedName("a", "b", "c"))
    assert raised.value.params["error"] == "OddException: [X_Y] No."
