"""The line of a record is told where just one line agrees with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from millpond.engine.explanation.files import line_of
from millpond.engine.explanation.outcome import FoundRow
from millpond.sources.inputs import LocalInputs


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"id": "a", "n": 1.0}, 1),
        ({"id": "b", "n": None}, 3),
        ({"id": "c", "n": 1}, None),  # two lines are the same
        ({"other": 1}, None),
    ],
)
def test_json_lines(tmp_path: Path, values: dict[str, Any], line: int | None) -> None:
    file = tmp_path / "a file.json"
    rows = ['{"id": "a", "n": 1}', "broken", '{"id": "b", "n": null}', '{"id": "c", "n": 1}']
    file.write_text("\n".join([*rows, rows[-1]]), encoding="utf-8")
    assert line_of(FoundRow(values, file.as_uri()), LocalInputs()) == line


def test_csv_counts_its_header(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('id,text\n1,"two\nlines"\n2,x\n', encoding="utf-8")
    assert line_of(FoundRow({"id": 2, "text": "x"}, file.as_uri()), LocalInputs()) == 4


def test_a_file_that_is_gone_or_elsewhere_has_no_line(tmp_path: Path) -> None:
    for file in ((tmp_path / "gone.json").as_uri(), "s3://bucket/a.json"):
        assert line_of(FoundRow({"id": 1}, file), LocalInputs()) is None
