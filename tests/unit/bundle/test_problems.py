from pathlib import Path

import pytest

from millpond.bundle.problems import Problems
from millpond.codes import BUNDLE_FIELD_MISSING, BUNDLE_FIELD_UNKNOWN
from millpond.errors import Failures
from millpond.location import Span


def test_errors_come_by_place_and_once() -> None:
    problems = Problems()
    for line in (9, 2, 9):
        problems.error(BUNDLE_FIELD_MISSING, Span(Path("a"), line), field="x")
    with pytest.raises(Failures) as caught:
        problems.raise_errors()
    assert [error.at.line for error in caught.value.errors if error.at] == [2, 9]


def test_warnings_do_not_stop() -> None:
    problems = Problems()
    for _ in range(2):
        problems.warn(BUNDLE_FIELD_UNKNOWN, Span(Path("a"), 1), field="x", where="y")
    problems.raise_errors()
    assert len(problems.warnings) == 1
