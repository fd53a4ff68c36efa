"""README.md's tables name real tests, and leave out nothing that the API or the grammar has."""

import re
from pathlib import Path

import pytest

from millpond.api import dataset_options, modules
from millpond.api.flows import _APPEND, _REPLACE, _UPDATE
from millpond.sql.clauses import _CLAUSES
from millpond.sql.create import _TABLES, _VIEWS

HERE = Path(__file__).parent
UNIT = HERE.parent / "unit"
ROWS = [
    (line.split(" | ")[0].removeprefix("| "), line.rsplit(" | ", 1)[1].removesuffix(" |"))
    for line in (HERE / "README.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| row")
]
NAMED = {name for row, _ in ROWS for name in re.findall(r"`([^`]+)`", row)}


@pytest.mark.parametrize(("row", "shown"), ROWS, ids=[row for row, _ in ROWS])
def test_what_shows_a_row_exists(row: str, shown: str) -> None:
    for name in shown.split(", "):
        file, _, test = name.partition("::")
        if test:
            assert f"def {test}(" in (UNIT / file).read_text(encoding="utf-8"), name
        else:
            assert (HERE / name / "command").is_file(), name


def test_every_function_and_parameter_of_the_api_is_in_a_row() -> None:
    parameters = {
        *dataset_options.TABLE,
        *dataset_options.MATERIALIZED_VIEW,
        *dataset_options.VIEW,
        *dataset_options.STREAMING_TABLE,
        *_APPEND,
        *_REPLACE,
        *_UPDATE,
    }
    assert (parameters | modules._API.keys()) - NAMED == set()


def test_every_spelling_and_clause_of_the_grammar_is_in_a_row() -> None:
    assert {*_TABLES, *_VIEWS, *_CLAUSES} - NAMED == set()
