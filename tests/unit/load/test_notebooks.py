"""Notebooks of every form: what their cells define, in order, and the places of mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from millpond import codes, differences
from millpond.codes import Code
from millpond.definitions import Definitions, PipelineSpec
from millpond.errors import Failures, MillpondError
from millpond.load.environment import source_environment
from millpond.load.pipeline import load_definitions, read_programs
from millpond.load.program import RunStep
from millpond.notices import Notices, noticing
from millpond.sources.inputs import LocalInputs, load_inputs

PYTHON = """\
# Databricks notebook source
# MAGIC %md
# MAGIC # It's a *title*; with 'quotes

# COMMAND ----------

# DBTITLE 1,Bronze
import dlt

dlt.create_streaming_table("a")

# COMMAND ----------

# MAGIC %sql
# MAGIC CREATE MATERIALIZED VIEW b
# MAGIC AS SELECT 1 AS x;
# MAGIC SELECT * FROM b

# COMMAND ----------

dlt.create_streaming_table("c")
"""

SQL = """\
-- Databricks notebook source
-- MAGIC %md
-- MAGIC # It's a title; with 'quotes

-- COMMAND ----------

-- DBTITLE 1,First
CREATE STREAMING TABLE a

-- COMMAND ----------

CREATE STREAMING TABLE b;
CREATE STREAMING TABLE c;

-- COMMAND ----------

-- MAGIC %python
-- MAGIC import dlt
-- MAGIC
-- MAGIC for name in ["d", "e"]:
-- MAGIC     dlt.create_streaming_table(name)

-- COMMAND ----------

-- MAGIC %sql
-- MAGIC CREATE STREAMING TABLE f
"""


def ipynb(*cells: str | tuple[str, str], language: str = "python") -> str:
    """A notebook in JSON; a tuple is a kind of cell and its text."""
    typed = [("code", cell) if isinstance(cell, str) else cell for cell in cells]
    return json.dumps(
        {
            "cells": [
                {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
                for kind, text in typed
            ],
            "metadata": {"language_info": {"name": language}},
            "nbformat": 4,
        },
        indent=1,
    )


def load(spec: PipelineSpec, **scope: object) -> Definitions:
    with source_environment(spec.root_path):
        return load_definitions(spec, read_programs(spec), scope.get("spark"), LocalInputs())


def names(definitions: Definitions) -> list[str]:
    return [".".join(each.name) for each in definitions.datasets]


def places(definitions: Definitions) -> list[tuple[int, int]]:
    return [(each.at.line, each.at.column) for each in definitions.datasets]


@pytest.fixture
def failed(pipeline) -> Callable[..., MillpondError]:
    def error(code: Code, files: dict[str, str]) -> MillpondError:
        with pytest.raises(Failures) as raised:
            load(pipeline(files))
        (only,) = raised.value.errors
        assert only.code is code
        return only

    return error


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_a_python_notebook(pipeline, line_break) -> None:
    spec = pipeline({"source.py": ""})
    (spec.root_path / "source.py").write_bytes(PYTHON.replace("\n", line_break).encode())
    found = load(spec)
    assert names(found) == ["a", "b", "c"]
    assert [each.language for each in found.datasets] == ["PYTHON", "SQL", "PYTHON"]
    assert [line for line, _ in places(found)] == [10, 15, 21]
    assert found.datasets[1].at.column == len("# MAGIC CREATE MATERIALIZED VIEW ") + 1


def test_a_sql_notebook(pipeline) -> None:
    found = load(pipeline({"a.sql": SQL}))
    assert names(found) == ["a", "b", "c", "d", "e", "f"]
    assert [line for line, _ in places(found)] == [8, 12, 13, 21, 21, 26]


def test_a_cell_of_python_in_sql_has_the_columns_of_the_file(pipeline) -> None:
    text = "-- Databricks notebook source\n-- MAGIC %python\n-- MAGIC 1 / 0\n"
    with pytest.raises(Failures) as raised:
        load(pipeline({"a.sql": text}))
    (error,) = raised.value.errors
    assert (error.at.line, error.at.shown(error.at.file.parent)[:6]) == (3, "a.sql:")
    assert error.at.source_line() == "-- MAGIC 1 / 0"


def test_a_notebook_in_json(pipeline) -> None:
    found = load(
        pipeline(
            {
                "source.ipynb": ipynb(
                    ("markdown", "# A title"),
                    "import dlt\n\ndlt.create_streaming_table('a')",
                    "%sql\nCREATE STREAMING TABLE b",
                    "%%sql\nCREATE STREAMING TABLE c",
                    ("raw", "%run ./nothing"),
                )
            }
        )
    )
    assert names(found) == ["a", "b", "c"]
    shown = [each.at.shown(each.at.file.parent) for each in found.datasets]
    assert shown[1:] == ["source.ipynb:cell 3:2:24", "source.ipynb:cell 4:2:24"]
    assert shown[0].startswith("source.ipynb:cell 2:3:")
    assert found.datasets[1].at.source_line() == "CREATE STREAMING TABLE b"


def test_a_sql_notebook_in_json(pipeline) -> None:
    text = ipynb("CREATE STREAMING TABLE a", "%python\nimport dlt\ndlt.view", language="sql")
    assert names(load(pipeline({"source.ipynb": text}))) == ["a"]


@pytest.mark.parametrize(
    ("text", "line"), [("{", 1), ('{\n"cells": [,]}', 2), ("[]", 1), ('{"cells": 1}', 1)]
)
def test_what_is_no_notebook(failed, text, line) -> None:
    assert failed(codes.NOTEBOOK_NOT_VALID, {"source.ipynb": text}).at.line == line


@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("source.py", "# Databricks notebook source\n\nx = (\n", 3, 5),
        ("source.py", "# Databricks notebook source\nx = 1\n\n# COMMAND ----------\n\ny y", 6, 3),
        ("a.sql", "-- Databricks notebook source\n-- MAGIC %python\n-- MAGIC y y", 3, 12),
        ("source.py", "# Databricks notebook source\n# MAGIC %python\n# MAGIC return", 3, 9),
        ("source.ipynb", ipynb("x = 1", "\ny y"), 2, 3),
    ],
)
def test_a_syntax_error_is_told_at_its_place(failed, name, text, line, column) -> None:
    error = failed(codes.PYTHON_SYNTAX_ERROR, {name: text})
    assert (error.at.line, error.at.column) == (line, column)


def test_settings_of_sql_hold_for_the_cells_that_follow(pipeline) -> None:
    text = (
        "# Databricks notebook source\n# MAGIC %sql\n# MAGIC USE SCHEMA silver\n\n"
        "# COMMAND ----------\n\n# MAGIC %sql CREATE STREAMING TABLE a\n"
    )
    assert names(load(pipeline({"source.py": text}))) == ["silver.a"]


def test_a_notebook_does_not_know_its_path_and_a_file_does(pipeline) -> None:
    plain = "import dlt\ndlt.create_streaming_table('plain' if '__file__' in globals() else 'x')"
    notebook = "# Databricks notebook source\n" + plain.replace("plain", "wrong")
    found = load(pipeline({"source_a.py": plain, "source_b.py": notebook}))
    assert names(found) == ["plain", "x"]


def test_the_working_directory_is_the_folder_of_the_source(pipeline) -> None:
    text = "import dlt, pathlib\ndlt.create_streaming_table(pathlib.Path('name.txt').read_text())"
    assert names(load(pipeline({"deep/source.py": text, "deep/name.txt": "a"}))) == ["a"]


# --- %run -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["./sub/setup", "sub/setup.py", '"./sub/setup"', "../%s/sub/setup"]
)
def test_run_is_one_namespace(pipeline, path) -> None:
    spec = pipeline(
        {
            "source.py": "",
            "sub/setup.py": "# Databricks notebook source\nTABLE = 'a'\n",
        }
    )
    path = path.replace("%s", spec.root_path.name)
    (spec.root_path / "source.py").write_text(
        f"# Databricks notebook source\n# MAGIC %run {path}\n\n# COMMAND ----------\n\n"
        "import dlt\ndlt.create_streaming_table(TABLE)\n"
    )
    assert names(load(spec)) == ["a"]


def test_a_sql_notebook_runs_a_python_one_and_back(pipeline) -> None:
    found = load(
        pipeline(
            {
                "a.sql": "-- Databricks notebook source\n-- MAGIC %run ./helpers\n",
                "helpers.ipynb": ipynb(
                    "%run ./more", "import dlt\ndlt.create_streaming_table('b')"
                ),
                "more.sql.txt": "",
                "nested/more.sql": "",
                "more.py": "# Databricks notebook source\n# MAGIC %sql CREATE STREAMING TABLE a",
            }
        )
    )
    assert names(found) == ["a", "b"]


def test_an_error_in_a_notebook_that_is_run_is_told_there(failed) -> None:
    files = {
        "source.py": "# Databricks notebook source\n# MAGIC %run ./setup",
        "setup.py": "# Databricks notebook source\n\n\n1 / 0\n",
    }
    error = failed(codes.PYTHON_SOURCE_FAILED, files)
    assert (error.at.file.name, error.at.line) == ("setup.py", 4)


def test_a_notebook_that_is_not_there(failed) -> None:
    text = "# Databricks notebook source\n\n# COMMAND ----------\n\n# MAGIC %run ./setup\n"
    error = failed(codes.RUN_NOTEBOOK_NOT_FOUND, {"source.py": text})
    assert (error.at.line, error.at.column, error.params["path"]) == (5, 9, "./setup")


@pytest.mark.parametrize("mapped", ["/Workspace/Users/me/lib", "/Workspace/Users/me/lib/setup"])
def test_a_notebook_of_the_workspace_is_where_millpond_yml_says(pipeline, tmp_path, mapped) -> None:
    text = "# Databricks notebook source\n# MAGIC %run /Workspace/Users/me/lib/setup\n"
    spec = pipeline({"source.py": text, "here/setup.py": "x = 1\n"})
    local = "here/setup.py" if mapped.endswith("setup") else "here"
    (tmp_path / "millpond.yml").write_text(f"paths: {{{mapped}: {local}}}")
    (program,) = read_programs(spec, load_inputs(tmp_path / "millpond.yml", "default"))
    run = [step.program.file for step in program.steps if isinstance(step, RunStep)]
    assert run == [tmp_path / "here/setup.py"]


def test_a_folder_of_the_workspace_that_nothing_maps(pipeline) -> None:
    text = "# Databricks notebook source\n# MAGIC %run /Workspace/Users/me/lib/setup\n"
    with pytest.raises(Failures) as raised:
        read_programs(pipeline({"source.py": text}), LocalInputs())
    (error,) = raised.value.errors
    assert (error.code, error.at.line, error.at.column) == (codes.INPUT_NOT_MAPPED, 2, 9)
    assert error.params["path"] == "/Workspace/Users/me/lib"


def test_notebooks_that_run_each_other(failed) -> None:
    run = "# Databricks notebook source\n# MAGIC %run ./{}\n"
    files = {"source.py": run.format("b"), "b.py": run.format("source")}
    error = failed(codes.RUN_NOTEBOOK_CYCLE, files)
    assert error.params == {"cycle": "source.py -> b.py -> source.py"}


# --- other magics -----------------------------------------------------------------------------


def test_a_percent_sign_in_python_is_no_magic(pipeline) -> None:
    call = 'dlt.create_streaming_table("""\n%s""".strip()\n% "a")'
    text = f"# Databricks notebook source\nimport dlt\n{call}"
    assert names(load(pipeline({"source.py": text}))) == ["a"]


@pytest.mark.parametrize("name", ["source.py", "source.ipynb"])
def test_magics_between_lines_of_python(pipeline, name) -> None:
    magics = "%load_ext autoreload\n%pip install pytest \\\n  click\n!ls"
    cell = f"import dlt\n{magics}\ndlt.create_streaming_table('a')"
    text = ipynb(cell) if name.endswith("ipynb") else f"# Databricks notebook source\n{cell}"
    assert names(load(pipeline({name: text}))) == ["a"]


def test_differences_are_told_at_their_lines(pipeline) -> None:
    cells = [
        "# MAGIC %md x",
        "# MAGIC %sh\n# MAGIC ls",
        "# MAGIC %sql SELECT 1",
        "# MAGIC %pip list",
    ]
    text = "# Databricks notebook source\n" + "\n# COMMAND ----------\n".join(cells)
    with noticing(Notices()) as notices:
        read_programs(pipeline({"source.py": text}))
    found = [(each.feature, each.at.line) for each in notices.differences]
    assert found == [(differences.SHELL_CELL, 4), (differences.SQL_CELL, 7)]
