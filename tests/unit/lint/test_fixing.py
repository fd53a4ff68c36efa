"""Fixes change what they are about, and leave comments, quotes and line breaks as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from millpond.lint import Severity, check
from millpond.lint.finding import Edit, Finding, Fix
from millpond.lint.fixing import fix_files
from millpond.lint.project import read_project
from millpond.lint.registry import find_rule
from millpond.location import Span


def fixed(judge, name: str, text: str, *codes: str) -> str:
    """The file after one pass of fixes."""
    checked = judge({name: text}, *codes)
    (only,) = fix_files(checked.findings)
    return only.after


def finding(file: Path, *edits: tuple[int, int, int, int, str]) -> Finding:
    made = tuple(Edit(Span(file, *where), text) for *where, text in edits)
    at = made[0].at
    return Finding("XX-01", "x", Severity.ADVICE, at, "m", "h", Fix("Do it", made))


SQL = """\
-- the table of orders /* CREATE LIVE TABLE */
CREATE OR REPLACE  LIVE   TABLE t   -- LIVE.x stays in a comment
AS SELECT 'LIVE.y' AS s, `a b` FROM LIVE.orders o; -- the end
"""


def test_sql_keeps_comments_strings_and_spaces(judge) -> None:
    assert (
        fixed(judge, "a.sql", SQL, "SQ-01", "SQ-02", "SQ-03")
        == """\
-- the table of orders /* CREATE LIVE TABLE */
CREATE OR REFRESH  MATERIALIZED VIEW t   -- LIVE.x stays in a comment
AS SELECT 'LIVE.y' AS s, `a b` FROM orders o; -- the end
"""
    )


PYTHON = """\
import dlt

@dlt.create_table(  # old
    name = 'a',
)
def a():
    return dlt.read_stream( "LIVE.b" )  # a stream
"""


def test_python_keeps_its_formatting(judge) -> None:
    assert (
        fixed(judge, "a.py", PYTHON, "DP-02", "DP-03", "SQ-01")
        == """\
import dlt

@dlt.table(  # old
    name = 'a',
)
def a():
    return spark.readStream.table( "b" )  # a stream
"""
    )


def test_a_default_argument_is_bound(judge) -> None:
    text = """\
import dlt

for region in ["eu"]:
    @dlt.table(name=f"o_{region}")
    def orders():
        return spark.read.table(f"raw.{region}")
"""
    assert "def orders(region=region):" in fixed(judge, "a.py", text, "PY-03")


def test_a_comment_that_silences_nothing_goes_with_its_line(judge) -> None:
    text = "-- first\n-- millpond: ignore[ST-03] old\nSELECT 1; -- millpond: ignore[ST-03] old\n"
    assert fixed(judge, "a.sql", text, "ST-03", "LN-02") == "-- first\nSELECT 1;\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_breaks_and_the_byte_order_mark_stay(tmp_path: Path, end: str) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(f"\ufeffab{end}é cd{end}".encode())
    (only,) = fix_files([finding(file, (1, 1, 1, 2, "X"), (2, 3, 2, 5, "Y"))])
    only.write()
    assert file.read_bytes() == f"\ufeffXb{end}é Y{end}".encode()


def test_of_two_that_overlap_the_first_is_made(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("abcdef")
    two = [finding(file, (1, 1, 1, 4, "X")), finding(file, (1, 3, 1, 5, "Y"))]
    (only,) = fix_files(two)
    assert (only.after, only.count) == ("Xdef", 1)


def test_what_is_not_text_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"\xff\xfe")
    assert list(fix_files([finding(file, (1, 1, 1, 2, "X"))])) == []


def test_a_diff_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "src" / "a.py"
    file.parent.mkdir()
    file.write_text("a\nb\n")
    (only,) = fix_files([finding(file, (2, 1, 2, 2, "c"))])
    assert only.diff(tmp_path) == "--- a/src/a.py\n+++ b/src/a.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"


def test_a_cell_of_a_notebook_in_json_has_no_fix(judge) -> None:
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["import dlt\n", SOURCE]}
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    checked = judge({"n.ipynb": json.dumps(notebook)}, "DP-02")
    assert [each.fix for each in checked.findings] == [None]


SOURCE = "@dlt.table\ndef a():\n    return dlt.read('x')\n"


def test_the_difference_says_where_a_file_has_no_last_line_break(judge, tmp_path) -> None:
    text = f"import dlt\n{SOURCE}".rstrip("\n")
    (tmp_path / "a.py").write_text(text)
    (only,) = fix_files(check(read_project(tmp_path), [find_rule("DP-02")]).findings)
    assert only.diff(tmp_path).splitlines()[-4:] == [
        "-    return dlt.read('x')",
        "\\ No newline at end of file",
        "+    return spark.read.table('x')",
        "\\ No newline at end of file",
    ]
