"""Which files of a bundle are judged, and as part of which pipeline."""

from __future__ import annotations

from millpond.lint.project import read_project

PIPELINES = """
    bundle: {name: shop}
    resources:
      pipelines:
        one:
          root_path: src
          libraries: [{glob: {include: src/one/**}}]
        other:
          root_path: src
          libraries: [{glob: {include: src/other/**}}]
"""
DATASET = """
    from pyspark import pipelines as dp

    @dp.materialized_view
    def name():
        return spark.read.table("raw.orders").groupBy("shop").count()
"""


def test_a_root_folder_of_two_pipelines_leaves_each_its_libraries(read) -> None:
    files = {
        "databricks.yml": PIPELINES,
        "src/one/sales.py": DATASET,
        "src/other/sales.py": DATASET,
        "src/shared.py": "LIMIT = 3\n",
    }
    one, other = read(files).pipelines
    assert [(each.file.parent.name, each.in_pipeline) for each in one.python] == [
        ("one", True),
        ("src", False),
    ]
    assert [(each.file.parent.name, each.in_pipeline) for each in other.python] == [("other", True)]
    assert other.knows_all_names


def test_a_library_of_two_pipelines_is_judged_once_and_known_to_both(read) -> None:
    files = {
        "databricks.yml": PIPELINES.replace("src/other/**", "src/one/**"),
        "src/one/sales.py": DATASET,
    }
    project = read(files)
    (source,) = project.python
    assert [each.python for each in project.pipelines] == [[source], [source]]
    assert all(each.knows_all_names for each in project.pipelines)


def test_sql_that_cannot_be_read_is_told_where_it_is_a_pipeline_s(read, tmp_path) -> None:
    broken = "CREATE OR REFRESH STREAMING TABLE a AS SELECT 'x"
    project = read({"broken.sql": broken, "other.sql": "SELECT 'x", "a.py": DATASET})
    assert [each.code.name for each in project.errors] == ["PARSE_SYNTAX_ERROR"]
    alone = read_project(tmp_path / "other.sql")
    assert [each.code.name for each in alone.errors] == ["PARSE_SYNTAX_ERROR"]
