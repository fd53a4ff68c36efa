"""A table that is not there is one of Spark's errors to source, and a warning if it is caught."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.errors import AnalysisException

from millpond import codes
from millpond.engine.evaluation.missing import as_spark_tells, not_caught
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.notices import Notices, noticing

AT = Span(Path("p.py"), 3, 7)


def missing(code: codes.Code = codes.TABLE_OR_VIEW_NOT_FOUND) -> MillpondError:
    return MillpondError(code, at=AT, name="a.b.c", suggestion="", file="f", line="l")


def test_source_catches_it_as_sparks_own() -> None:
    with noticing(Notices()) as notices:
        with pytest.raises(AnalysisException) as raised, as_spark_tells(), as_spark_tells():
            raise missing()
        assert raised.value.getCondition() == raised.value.getErrorClass()
        assert raised.value.getCondition() == "TABLE_OR_VIEW_NOT_FOUND"
        assert raised.value.getSqlState() == "42P01"
        assert raised.value.getMessageParameters() == {"relationName": "`a.b.c`"}
        assert "TABLE_OR_VIEW_NOT_FOUND" in str(raised.value)
    (warning,) = notices.warnings
    assert (warning.code, warning.at) == (codes.TABLE_DONE_WITHOUT, AT)


def test_it_is_still_ours_and_no_warning_where_nothing_catches_it() -> None:
    with noticing(Notices()) as notices:
        with pytest.raises(MillpondError) as raised, as_spark_tells():
            raise missing()
        not_caught(raised.value)
    assert raised.value.code is codes.TABLE_OR_VIEW_NOT_FOUND
    assert notices.warnings == ()


def test_a_dataset_that_no_update_has_filled_is_no_reason_to_warn() -> None:
    with noticing(Notices()) as notices, pytest.raises(AnalysisException), as_spark_tells():
        raise missing(codes.TABLE_NOT_CREATED)
    assert notices.warnings == ()


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(MillpondError) as raised, as_spark_tells():
        raise MillpondError(codes.JDBC_DRIVER_MISSING, at=AT)
    assert not isinstance(raised.value, AnalysisException)
