"""CREATE VIEW: in the catalog, computed where it is read (reference 2.3)."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.errors import MillpondError

pytestmark = pytest.mark.spark

SOURCE = """
    CREATE MATERIALIZED VIEW main.gold.sales AS SELECT 1 AS id, '{"a": 2}' AS body;
    USE SCHEMA gold;
    CREATE PRIVATE MATERIALIZED VIEW hidden AS SELECT * FROM sales;
    CREATE VIEW published (id COMMENT 'key', a) AS SELECT id, body:a::INT FROM hidden;
    CREATE MATERIALIZED VIEW reader AS SELECT sum(a) AS a FROM published;
"""
NEXT = """
    import dlt

    @dlt.table(name="copy")
    def copy():
        known = [t.name for t in spark.catalog.listTables("gold")]
        assert "published" in known and spark.catalog.tableExists("main.gold.published")
        return spark.read.table("gold.published")

    @dlt.create_table
    def old():
        return spark.table("main.gold.published")
"""


def test_a_published_view_is_read_by_name_until_its_definition_is_gone(project: Any) -> None:
    summary = project.run({"pipeline.sql": SOURCE})
    assert summary.errors == ()
    assert summary.differences == ()
    assert project.rows("SELECT id, a FROM gold.published") == [(1, 2)]
    assert project.rows("SELECT a FROM gold.reader") == [(2,)]
    assert ("gold", "published", False) in project.rows("SHOW TABLES IN gold")

    summary = project.run({"next.py": NEXT})
    assert summary.errors == ()
    assert project.rows("SELECT id, a FROM copy UNION ALL SELECT * FROM old") == [(1, 2), (1, 2)]
    [event] = [each for each in project.events if each.event_type == "deprecation"]
    assert event.body == {"message": "PYTHON_CREATE_TABLE"}

    (project.folder / "source" / "pipeline.sql").unlink()
    project.run({"next.py": "import dlt\n@dlt.table\ndef t():\n    return spark.range(1)\n"})
    with pytest.raises(MillpondError) as refused:
        project.rows("SELECT id FROM gold.published")
    assert refused.value.code.name == "TABLE_OR_VIEW_NOT_FOUND"


def test_a_published_view_reads_no_temporary_one(project: Any) -> None:
    source = "CREATE TEMPORARY VIEW t AS SELECT 1 AS id;\nCREATE VIEW v AS SELECT * FROM t;"
    source += "\nCREATE MATERIALIZED VIEW m AS SELECT * FROM v;"
    [error] = project.run({"pipeline.sql": source}).errors
    assert (error.code, error.at.line, error.at.column) == ("INVALID_TEMP_OBJ_REFERENCE", 2, 32)


def test_a_published_view_does_not_stream(project: Any) -> None:
    project.run({"pipeline.sql": "CREATE VIEW v AS SELECT 1 AS id"})
    source = "CREATE VIEW v AS SELECT 1 AS id; CREATE STREAMING TABLE t AS SELECT * FROM STREAM v"
    [error] = project.run({"pipeline.sql": source}).errors
    assert (error.code, error.at.column) == ("STREAM_READ_OF_BATCH_VIEW", 76)
