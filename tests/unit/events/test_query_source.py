"""The text of a query, as the user's file has it."""

from __future__ import annotations

from pathlib import Path

from millpond.definitions import Flow, FlowKind, PythonQuery, SqlQuery
from millpond.events.query_source import query_source
from millpond.location import Span

PYTHON = """\
def table(function):
    return function

@table
def sales():
    rows = [1]

    return rows

OTHER = 1
"""
SQL = """\
-- a comment
CREATE OR REFRESH STREAMING TABLE
  sales AS
SELECT *
FROM STREAM raw;
SELECT 1;
"""


def flow(query: object, at: Span) -> Flow:
    """A flow of one query."""
    return Flow(("sales",), ("sales",), FlowKind.APPEND, query, at, "X")  # type: ignore[arg-type]


def test_a_function_with_its_decorators(tmp_path: Path) -> None:
    file = tmp_path / "sales.py"
    file.write_text(PYTHON)
    scope: dict[str, object] = {}
    exec(compile(PYTHON, str(file), "exec"), scope)
    query = PythonQuery(scope["sales"])  # type: ignore[arg-type]
    found = query_source(flow(query, Span(file, 5, 1)))
    assert (found["file"], found["line"]) == (str(file), 4)
    assert found["text"] == "@table\ndef sales():\n    rows = [1]\n\n    return rows"


def test_a_statement_from_its_name_to_the_end_of_the_query(tmp_path: Path) -> None:
    file = tmp_path / "sales.sql"
    file.write_text(SQL)
    query = SqlQuery("SELECT *\nFROM STREAM raw", Span(file, 4, 1))
    found = query_source(flow(query, Span(file, 3, 3)))
    assert (found["line"], found["text"]) == (3, "  sales AS\nSELECT *\nFROM STREAM raw;")


def test_a_file_that_is_gone_has_no_text(tmp_path: Path) -> None:
    at = Span(tmp_path / "gone.py", 7)
    assert query_source(flow(PythonQuery(lambda: None), at)) == {
        "file": str(at.file),
        "line": 7,
        "text": "",
    }


def test_a_function_cut_off_gives_its_first_line(tmp_path: Path) -> None:
    file = tmp_path / "odd.py"
    file.write_text('def odd():\n    """no end\n')
    assert query_source(flow(PythonQuery(lambda: None), Span(file, 1)))["text"].startswith(
        "def odd():"
    )
