"""Databricks' SQL that Spark lacks, run to its answer or refused at its word."""

import pytest

from millpond import codes
from millpond.errors import MillpondError

pytestmark = pytest.mark.spark

RAW = """
CREATE MATERIALIZED VIEW raw AS SELECT
  '{"owner": "amy", "store": {"fruit": [{"w": 8}, {"w": 9}], "zip code": "94025"}}' AS doc,
  parse_json('{"owner": "bob", "n": [1, 2]}') AS var, 'x1' AS txt;
"""


def errors(project, query: str):
    summary = project.run({"q.sql": f"{RAW}\nCREATE MATERIALIZED VIEW q AS\n{query};"})
    assert summary.state == "FAILED"
    return summary.errors


def test_paths_into_strings_and_variants_and_casts_that_do_not_fail(project):
    query = """CREATE MATERIALIZED VIEW strings AS
      SELECT doc:owner, r.doc:store.fruit[1].w::INT, doc:store["zip code"] AS zip,
        doc:none, doc:store.fruit[*].w AS every FROM raw r;
    CREATE MATERIALIZED VIEW variants AS SELECT var:owner::STRING, var:n[0]::INT AS n FROM raw;
    CREATE MATERIALIZED VIEW both AS SELECT doc:owner AS d, var:owner::STRING AS v FROM raw;
    CREATE MATERIALIZED VIEW casts AS SELECT txt?::INT AS i, iff(txt = 'x1', 1, 2) AS f FROM raw
      QUALIFY row_number() OVER (ORDER BY txt) = 1;"""
    assert project.run({"q.sql": RAW + query}).state == "COMPLETED"
    strings = project.rows("SELECT owner, w, zip, none, every FROM strings")
    assert strings == [("amy", 9, "94025", None, "[8,9]")]
    assert project.rows("SELECT owner, n FROM variants") == [("bob", 1)]
    assert project.rows("SELECT d, v FROM both") == [("amy", "bob")]
    assert project.rows("SELECT i, f FROM casts") == [(None, 1)]


def test_what_exists_on_databricks_only_is_named_at_its_place(project):
    (error,) = errors(project, "SELECT txt,\n  ai_classify(txt, array('a')) FROM raw")
    assert error.code == codes.DATABRICKS_ONLY_FUNCTION.name
    assert (error.at.line, error.at.column) == (7, 3)
    (error,) = errors(project, "SELECT txt, main.gov.mask(txt) FROM raw")
    assert (error.code, error.at.line, error.at.column) == ("FUNCTION_OF_CATALOG", 6, 13)
    (error,) = errors(project, "SELECT * FROM read_pubsub('1')")
    assert error.code == codes.DATABRICKS_ONLY_FUNCTION.name
    (error,) = errors(project, "SELECT * FROM raw PIVOT (max(txt) FOR txt IN ('x1'))")
    assert (error.code, error.at.line, error.at.column) == (codes.PIVOT_NOT_SUPPORTED.name, 6, 19)


def test_an_older_version_of_a_table(project):
    first = "CREATE MATERIALIZED VIEW t AS SELECT {} AS one;"
    project.run({"q.sql": first.format(1)})
    query = "CREATE MATERIALIZED VIEW old AS SELECT a.one AS a, b.one AS b"
    query += " FROM t@v0 a, t VERSION AS OF 0 AS b;"
    assert project.run({"q.sql": first.format(2) + query}).state == "COMPLETED"
    assert project.rows("SELECT * FROM old") == [(1, 1)]


def test_a_published_view_may_not_stream(project):
    summary = project.run(
        {
            "q.sql": f"{RAW}CREATE VIEW s.v AS SELECT * FROM STREAM raw;"
            "CREATE MATERIALIZED VIEW z AS SELECT * FROM s.v"
        }
    )
    (error,) = summary.errors
    assert error.code == codes.STREAMING_RELATION_FOR_PERSISTED_VIEW.name


def test_a_published_view_is_read_by_its_name(project):
    views = "CREATE VIEW s.v (x COMMENT 'what') AS SELECT txt FROM raw;"
    assert (
        project.run(
            {"q.sql": RAW + views + "CREATE MATERIALIZED VIEW z AS SELECT x FROM s.v"}
        ).state
        == "COMPLETED"
    )
    assert project.rows("SELECT x FROM z") == [("x1",)]


def test_a_function_of_the_catalog_is_one_that_python_source_registers(project):
    python = "spark.udf.register('main.gov.mask', lambda text: '*' * len(text))"
    query = RAW + "CREATE MATERIALIZED VIEW z AS SELECT main.gov.mask(txt) AS m, to_avro(txt) AS a"
    assert project.run({"f.py": python, "q.sql": query + " FROM raw"}).state == "COMPLETED"
    assert project.rows("SELECT m, hex(a) FROM z") == [("**", "00047831")]


def test_commands_and_versions_of_a_table(project):
    source = """CREATE MATERIALIZED VIEW s.t (id INT COMMENT 'it''s', n STRING) PARTITIONED BY (id)
      TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true') AS SELECT {} AS id, 'x' AS n;"""
    for number in (1, 2):
        assert project.run({"q.sql": source.format(number)}).errors == ()
    assert project.rows("SELECT id FROM main.s.t@v0") == [(1,)]
    assert project.rows("SELECT id FROM s.t VERSION AS OF 0") == [(1,)]
    changes = "SELECT id, _change_type FROM table_changes('s.t', 1, 1) ORDER BY id"
    assert project.rows(changes) == [(1, "delete"), (2, "insert")]
    assert [row[2] for row in project.rows("DESCRIBE DETAIL s.t")] == ["main.s.t"]
    assert len(project.rows("DESCRIBE HISTORY main.s.t LIMIT 1")) == 1
    assert project.rows("SHOW TBLPROPERTIES s.t ('delta.enableChangeDataFeed')") == [
        ("delta.enableChangeDataFeed", "true")
    ]
    assert project.rows("SHOW PARTITIONS s.t") == [(2,)]
    ((statement,),) = project.rows("SHOW CREATE TABLE s.t")
    assert statement.startswith("CREATE TABLE `main`.`s`.`t` (\n  `id` int COMMENT 'it\\'s',")
    assert "USING delta\nPARTITIONED BY (`id`)\nTBLPROPERTIES (" in statement
    for query in ("SHOW CREATE TABLE s.none", "SELECT * FROM table_changes('s.none', 0)"):
        with pytest.raises(MillpondError) as caught:
            project.rows(query)
        assert caught.value.code is codes.TABLE_OR_VIEW_NOT_FOUND
