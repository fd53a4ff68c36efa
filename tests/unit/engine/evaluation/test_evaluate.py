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
