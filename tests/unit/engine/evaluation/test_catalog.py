"""spark.catalog, DeltaTable.forName and SHOW see the user's names, as of the last update."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.sources.inputs import load_inputs

pytestmark = pytest.mark.spark

TABLES = {
    "tables.sql": """
        CREATE MATERIALIZED VIEW a AS SELECT 1 AS id;
        CREATE MATERIALIZED VIEW other.`b c` AS SELECT 2 AS id;
        CREATE PRIVATE MATERIALIZED VIEW hidden AS SELECT 3 AS id;
    """
}
ASK = """
    import dlt
    from delta.tables import DeltaTable

    c = spark.catalog
    said = {
        "exists": [c.tableExists(n) for n in ("A", "main.default.a", "hidden", "ref.x.t", "no")],
        "also": [c.tableExists("a", "main.default"), c.databaseExists("other")],
        "tables": [t.name for t in c.listTables()] + [t.name for t in c.listTables("Other")],
        "columns": [k.name for k in c.listColumns("main.other.`b c`")],
        "current": [c.currentCatalog(), c.currentDatabase()],
        "databases": [d.name for d in c.listDatabases()],
        "catalogs": [d.name for d in c.listCatalogs()],
        "history": [DeltaTable.forName(spark, "a").history().count()],
        "shown": [r.tableName for r in spark.sql("SHOW TABLES IN main.other").collect()],
        "schemas": [r[0] for r in spark.sql("show schemas").collect()],
        "described": [r.col_name for r in spark.sql("DESCRIBE TABLE ref.x.t").collect()],
        "sum": [spark.sql("SELECT id FROM a").collect()[0].id],
    }
    c.refreshTable("a")

    @dlt.table
    def answers():
        rows = [(k, ",".join(map(str, v))) for k, v in said.items()]
        return spark.createDataFrame(rows, "k STRING, v STRING")

    @dlt.table
    def by_view():
        spark.range(5).createOrReplaceTempView("a")
        assert spark.catalog.tableExists("a")
        return spark.sql("SELECT id FROM a WHERE id > 2")
"""


def test_names_are_the_users(project: Any) -> None:
    project.run(TABLES)
    project.write("t.csv", "n\n1\n")
    file = project.write("millpond.yml", "tables: {ref.x.t: t.csv}")
    summary = project.run({"ask.py": ASK}, inputs=load_inputs(file, "dev"))

    assert summary.errors == ()
    assert dict(project.rows("SELECT k, v FROM answers")) == {
        "exists": "True,True,False,True,False",
        "also": "True,True",
        "tables": "a,b c",
        "columns": "id",
        "current": "main,default",
        "databases": "default,other",
        "catalogs": "main,ref",
        "history": "1",
        "shown": "b c",
        "schemas": "default,other",
        "described": "n",
        "sum": "1",
    }
    assert project.rows("SELECT id FROM by_view") == [(3,), (4,)]
    assert ("other", "b c", False) in project.rows("SHOW TABLES IN other")
