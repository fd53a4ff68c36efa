"""`millpond sql`: its three forms, and the folder it asks."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from millpond.codes import QUERY_FAILED
from millpond.errors import MillpondError


class Tables:
    """Stands in for the query engine: one answer for every query, and the folders asked."""

    def __init__(self) -> None:
        self.columns = ["id", "name"]
        self.rows: list[tuple[object, ...]] = [(1, "Ann"), (20, None)]
        self.asked: list[tuple[Path, str]] = []

    def run_sql(
        self, state: Path, text: str, parameters: dict[str, str], file: Path | None
    ) -> tuple[list[str], Iterable[tuple[object, ...]]]:
        """Answer."""
        self.asked.append((state, text))
        self.parameters, self.file = parameters, file
        return self.columns, iter(self.rows)


@pytest.fixture
def tables(replace_module: Callable) -> Tables:
    """The query engine of this test."""
    made = Tables()
    replace_module("millpond.engine.query", run_sql=made.run_sql)
    return made


def test_a_table(cli: Callable, tables: Tables, project: Path) -> None:
    result = cli("sql", "SELECT 1").assert_success()
    assert result.out == "id  name\n--------\n 1  Ann\n20  NULL\n"
    assert result.err == "2 rows\n"


def test_a_table_without_rows(cli: Callable, tables: Tables, project: Path) -> None:
    tables.rows = []
    result = cli("sql", "SELECT 1").assert_success()
    assert (result.out, result.err) == ("id  name\n--------\n", "0 rows\n")


def test_a_single_value_of_several_lines_is_shown_whole(
    cli: Callable, tables: Tables, project: Path
) -> None:
    tables.columns, tables.rows = ["createtab_stmt"], [("CREATE TABLE t (\n  " + "x" * 90 + ")",)]
    assert cli("sql", "SELECT 1").assert_success().out == f"{tables.rows[0][0]}\n"


def test_a_long_value_is_cut_in_a_table_only(cli: Callable, tables: Tables, project: Path) -> None:
    tables.rows = [(1, "x" * 100)]
    assert "x" * 57 + "...\n" in cli("sql", "SELECT 1").out
    assert "x" * 100 in cli("sql", "SELECT 1", "--output", "csv").out


def test_csv_is_read_back_as_it_was(cli: Callable, tables: Tables, project: Path) -> None:
    tables.rows = [(1, 'a "b", c\nd'), (2, None), (3, {"k": [True]}), (4, True)]
    out = cli("sql", "SELECT 1", "--output", "csv").assert_success().out
    assert list(csv.reader(io.StringIO(out))) == [
        ["id", "name"],
        ["1", 'a "b", c\nd'],
        ["2", ""],
        ["3", '{"k": [true]}'],
        ["4", "true"],
    ]


def test_json_is_a_list_of_objects(cli: Callable, tables: Tables, project: Path) -> None:
    tables.rows = [(1, None), (2, Decimal("1.50"))]
    out = cli("sql", "SELECT 1", "--output", "json").assert_success().out
    assert json.loads(out) == [{"id": 1, "name": None}, {"id": 2, "name": "1.50"}]


def test_a_column_name_that_occurs_twice_gets_a_number(
    cli: Callable, tables: Tables, project: Path
) -> None:
    tables.columns, tables.rows = ["id", "id", "id_2"], [(1, 2, 3)]
    out = cli("sql", "SELECT 1", "--output", "json").assert_success().out
    assert json.loads(out) == [{"id": 1, "id_2": 2, "id_2_2": 3}]


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        ([], ".millpond/dev"),
        (["."], ".millpond/dev"),
        (["--target", "staging"], ".millpond/staging"),
        (["src/sales.sql"], "src/.millpond/default"),
        (["--state", "elsewhere"], "elsewhere"),
        (["no/such/project", "--state", "elsewhere"], "elsewhere"),
    ],
)
def test_which_folder_is_asked(
    cli: Callable, tables: Tables, project: Path, arguments: list[str], folder: str
) -> None:
    cli("sql", "SELECT 1", *arguments).assert_success()
    state, text = tables.asked[0]
    assert (state.absolute(), text) == (project / folder, "SELECT 1")


def test_a_query_in_a_file_with_parameters(cli: Callable, tables: Tables, project: Path) -> None:
    file = project / "q.sql"
    file.write_text("SELECT :day")
    arguments = ("--set", "day=2017-01-02", "--set", "equation=a=b")
    cli("sql", "--file", str(file), ".", *arguments).assert_success()
    assert tables.asked[0][1] == "SELECT :day"
    assert tables.parameters == {"day": "2017-01-02", "equation": "a=b"}
    assert tables.file == file


def test_a_query_has_to_be_given(cli: Callable, tables: Tables) -> None:
    assert cli("sql").status == 2


def test_an_error_is_text_and_json(cli: Callable, project: Path, replace_module: Callable) -> None:
    def run_sql(*given: object) -> None:
        raise MillpondError(QUERY_FAILED, reason="no such column")

    replace_module("millpond.engine.query", run_sql=run_sql)
    result = cli("sql", "SELECT nope", "--output", "json")
    document = json.loads(result.out)
    assert set(document) == {"schema_version", "errors"}
    assert document["errors"][0]["code"] == "QUERY_FAILED"
    assert "error[QUERY_FAILED]" in result.err
    assert result.status == QUERY_FAILED.exit
