"""SQL notebooks: cells are separate, text is skipped, places stay those of the file."""

from pathlib import Path

import pytest

from millpond.codes import NOT_SUPPORTED_YET
from millpond.errors import MillpondError
from millpond.sql.cells import is_notebook
from millpond.sql.statements import split

FILE = Path("notebook.sql")
NOTEBOOK = """-- Databricks notebook source
-- MAGIC %md
-- MAGIC # It's a title; with 'quotes

-- COMMAND ----------

-- DBTITLE 1,First
SELECT 1

-- COMMAND ----------

SELECT 2;
SELECT 3;

-- COMMAND ----------

-- MAGIC %sql
-- MAGIC SELECT
-- MAGIC   4
"""


def test_cells_end_statements_without_semicolons():
    statements = split(NOTEBOOK, FILE)
    assert [s.text.split()[1] for s in statements] == ["1", "2", "3", "4"]
    assert [(s.at.line, s.at.column) for s in statements] == [(8, 1), (12, 1), (13, 1), (18, 10)]


def test_a_notebook_with_windows_line_breaks():
    statements = split(NOTEBOOK.replace("\n", "\r\n"), FILE)
    assert [s.at.line for s in statements] == [8, 12, 13, 18]


def test_only_the_first_line_makes_a_notebook():
    assert is_notebook("-- Databricks notebook source\nSELECT 1")
    assert is_notebook("-- Databricks notebook source")
    assert not is_notebook("\n-- Databricks notebook source\n")
    plain = "SELECT 1\n-- COMMAND ----------\nUNION SELECT 2"
    assert [s.text for s in split(plain, FILE)] == [plain]


@pytest.mark.parametrize("language", ["python", "run", "pip", "sh", "scala"])
def test_a_cell_in_another_language_is_refused_where_it_says_so(language):
    text = f"-- Databricks notebook source\n\n-- COMMAND ----------\n\n-- MAGIC %{language} x\n"
    with pytest.raises(MillpondError) as caught:
        split(text, FILE)
    assert caught.value.code == NOT_SUPPORTED_YET
    assert caught.value.params["feature"] == f"a %{language} cell"
    assert (caught.value.at.line, caught.value.at.column) == (5, 10)
