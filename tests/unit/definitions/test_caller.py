"""Where in the user's source something was called or raised."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from millpond.definitions import caller
from millpond.definitions.caller import caller_span, described, is_user_code, raised_span

WITH_COLUMNS = sys.version_info >= (3, 11)


def executed(file: Path, source: str, **names: Any) -> dict[str, Any]:
    file.write_text(source, encoding="utf-8")
    exec(compile(source, str(file), "exec"), names)
    return names


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "source.py"


# --- whose code -------------------------------------------------------------------------------


def test_our_files_and_libraries_are_not_the_users() -> None:
    assert not is_user_code(caller.__file__)
    assert not is_user_code(json.__file__)
    assert not is_user_code(pytest.__file__)
    assert not is_user_code("<string>")
    assert not is_user_code("<frozen importlib._bootstrap>")


def test_other_files_are() -> None:
    assert is_user_code("/home/me/pipeline/source.py")
    assert is_user_code(__file__)


def test_a_neighbour_of_ours_with_a_longer_name_is_the_users() -> None:
    ours = Path(caller.__file__).parents[1]
    assert is_user_code(f"{ours}_of_mine/source.py")


# --- where it was called ----------------------------------------------------------------------


def test_the_call_itself(file: Path) -> None:
    at = executed(file, "x = 1\n\nfound = span(  1,\n  2)\n", span=_span)["found"]
    assert (at.file, at.line) == (file, 3)
    if WITH_COLUMNS:
        assert (at.column, at.end_line, at.end_column) == (9, 4, 5)


def test_columns_count_characters(file: Path) -> None:
    at = executed(file, "é = '😀'; found = span('ü')\n", span=_span)["found"]
    if WITH_COLUMNS:
        assert (at.column, at.end_column) == (18, 27)


def test_the_innermost_call_of_the_users(file: Path) -> None:
    source = "def define():\n    return span()\n\nfound = define()\n"
    assert executed(file, source, span=_span)["found"].line == 2


def test_calls_through_a_library_are_told_where_the_library_was_called(file: Path) -> None:
    source = "import functools\nfound = functools.reduce(lambda a, b: a, [span()])\n"
    assert executed(file, source, span=_span)["found"].line == 2


def _span(*_: object) -> Any:
    return caller_span()


# This file counts as the user's, so the helper above must not be the innermost place.
_span.__code__ = _span.__code__.replace(co_filename="<ours>")


# --- where it was raised ----------------------------------------------------------------------


def raised_by(file: Path, source: str, kind: type[Exception]) -> BaseException:
    with pytest.raises(kind) as raised:
        executed(file, source)
    return raised.value


def test_an_exception_of_the_users(file: Path) -> None:
    at = raised_span(raised_by(file, "def f():\n    return 1 / 0\n\nf()\n", ZeroDivisionError))
    assert at is not None
    assert (at.file, at.line) == (file, 2)
    if WITH_COLUMNS:
        assert (at.column, at.end_column) == (12, 17)


def test_an_exception_inside_of_a_library(file: Path) -> None:
    at = raised_span(raised_by(file, "import json\n\njson.loads('{')\n", ValueError))
    assert at is not None
    assert (at.file, at.line) == (file, 3)


def test_an_exception_that_never_passed_the_users_code() -> None:
    assert raised_span(ValueError()) is None
    with pytest.raises(ValueError, match="Expecting") as raised:
        json.loads("{")
    inside = raised.value.with_traceback(raised.tb.tb_next)
    assert raised_span(inside) is None


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("a\n  b"), "ValueError: a b"),
        (KeyError("x"), "KeyError: 'x'"),
        (ZeroDivisionError(), "ZeroDivisionError"),
        (json.JSONDecodeError("bad", "{", 0), "JSONDecodeError: bad: line 1 column 1 (char 0)"),
        (ValueError("No. SQLSTATE: 42K0I"), "ValueError: No"),
    ],
)
def test_an_exception_in_one_line(error: BaseException, text: str) -> None:
    assert described(error) == text
