"""Spark reads mapped files under the user's own URI."""

from __future__ import annotations

import json

import pytest

from millpond.sources.inputs import load_inputs

pytestmark = pytest.mark.spark


def mapped(folder, text):
    file = folder / "millpond.yml"
    file.write_text(f"paths:\n{text}")
    return load_inputs(file, "dev")


def put(folder, name, value):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"a": value}) + "\n")


def files(project, read):
    """The path and value of each row of a table that a function's read gives."""
    source = f"""
        import dlt
        from pyspark.sql import functions as F

        @dlt.table
        def t():
            frame = {read}
            return frame.select("a", "_metadata.file_path", F.input_file_name().alias("name"))
    """
    inputs = load_inputs(project.folder / "millpond.yml", "dev")
    summary = project.run(source, inputs=inputs)
    assert summary.state == "COMPLETED", summary.errors
    return {tuple(row) for row in project.rows("SELECT file_path, name, a FROM t")}


@pytest.mark.parametrize(
    ("key", "path", "uri"),
    [
        ("/Volumes/main/raw", "/Volumes/main/raw/in", "dbfs:/Volumes/main/raw/in"),
        ("dbfs:/mnt", "/mnt/in/*.json", "dbfs:/mnt/in"),
        ("/Volumes/*/raw", "dbfs:/Volumes/m/raw/in/x%20y.json", "dbfs:/Volumes/m/raw/in"),
        ("s3://bucket_1", "s3a://bucket_1/in", "s3a://bucket_1/in"),
        ("abfss://c@a.net/r s", "abfss://c@a.net/r s/in", "abfss://c@a.net/r%20s/in"),
    ],
)
def test_a_plain_read(project, key, path, uri):
    put(project.folder, "da ta/in/x%20y.json", 1)
    mapped(project.folder, f'  "{key}": da ta\n')

    found = files(project, f"spark.read.schema('a INT').json({path!r})")

    assert found == {(f"{uri}/x%2520y.json", f"{uri}/x%2520y.json", 1)}


def test_auto_loader(project):
    for name in ("é x.json", "sub/y.json"):
        put(project.folder, f"data/in/{name}", 1)
    mapped(project.folder, "  /Volumes/main/raw: data\n")
    reader = "spark.readStream.format('cloudFiles').option('cloudFiles.format', 'json')"

    found = files(project, f"{reader}.load('/Volumes/main/raw/in')")

    root = "dbfs:/Volumes/main/raw/in"
    assert {path for path, _, _ in found} == {f"{root}/é%20x.json", f"{root}/sub/y.json"}
    assert {name for _, name, _ in found} == {path for path, _, _ in found}


def test_rescued_data_names_the_file(project):
    put(project.folder, "data/x y.json", "text")
    mapped(project.folder, "  s3://b/raw: data\n")

    project.run(
        """
        import dlt

        @dlt.table
        def t():
            reader = spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
            return reader.option("cloudFiles.schemaHints", "a INT").load("s3://b/raw")
        """,
        inputs=load_inputs(project.folder / "millpond.yml", "dev"),
    )

    ((rescued,),) = project.rows("SELECT _rescued_data FROM t")
    assert json.loads(rescued) == {"a": "text", "_file_path": "s3://b/raw/x%20y.json"}


def test_a_folder_within_a_mapped_one_may_be_mapped_elsewhere(project):
    put(project.folder, "data/x.json", 1)
    put(project.folder, "other/y.json", 2)
    mapped(project.folder, "  s3://b: data\n  s3://b/in: other\n")

    outer = files(project, "spark.read.schema('a INT').json('s3://b/')")
    inner = files(project, "spark.read.schema('a INT').json('s3://b/in')")

    assert {(path, a) for path, _, a in outer} == {("s3://b/x.json", 1)}
    assert {(path, a) for path, _, a in inner} == {("s3://b/in/y.json", 2)}


def test_the_mappings_of_another_pipeline_are_forgotten(project):
    put(project.folder, "data/x.json", 1)
    put(project.folder, "other/x.json", 2)
    read = "spark.read.schema('a INT').json('/Volumes/a/b')"

    mapped(project.folder, "  /Volumes/a: other\n  /Volumes/a/b: data\n")
    first = files(project, read)
    mapped(project.folder, "  /Volumes/a/b: other\n")
    second = files(project, read)

    assert [{a for _, _, a in found} for found in (first, second)] == [{1}, {2}]


def test_a_file_that_was_read_is_not_read_again_when_its_folder_moves(project):
    put(project.folder, "data/x.json", 1)
    mapped(project.folder, "  /Volumes/a: data\n")
    read = "spark.readStream.schema('a INT').json('/Volumes/a')"

    files(project, read)
    (project.folder / "data").rename(project.folder / "moved")
    put(project.folder, "moved/y.json", 2)
    mapped(project.folder, "  /Volumes/a: moved\n")

    assert sorted(a for _, _, a in files(project, read)) == [1, 2]


def test_the_path_may_be_an_option(project):
    put(project.folder, "data/x.json", 1)
    mapped(project.folder, "  /Volumes/a: data\n")
    read = "spark.read.schema('a INT').format('json').option('path', '/Volumes/a').load()"

    assert {path for path, _, _ in files(project, read)} == {"dbfs:/Volumes/a/x.json"}


def test_sql_names_the_file_too(project):
    put(project.folder, "data/x.json", 1)
    mapped(project.folder, "  /Volumes/a: data\n")

    project.run(
        {
            "q.sql": "CREATE MATERIALIZED VIEW t AS SELECT *, _metadata.file_path,"
            " input_file_name() AS name FROM read_files('/Volumes/a', format => 'json')"
        },
        inputs=load_inputs(project.folder / "millpond.yml", "dev"),
    )

    ((path, name),) = project.rows("SELECT file_path, name FROM t")
    assert path == name == "dbfs:/Volumes/a/x.json"


def test_a_folder_that_is_not_there_is_told_with_its_place_here(project):
    put(project.folder, "data/x.json", 1)
    mapped(project.folder, "  /Volumes/a: data\n")

    summary = project.run(
        {
            "p.py": """
            import dlt

            try:
                spark.read.json("/Volumes/a/nowhere")
            except Exception as error:
                assert type(error).__name__ == "AnalysisException"

            @dlt.table
            def python():
                return spark.read.json("/Volumes/a/nowhere")
            """,
            "q.sql": "CREATE MATERIALIZED VIEW sql AS SELECT * FROM json.`/Volumes/a/nowhere`",
        },
        inputs=load_inputs(project.folder / "millpond.yml", "dev"),
    )

    assert {error.code for error in summary.errors} == {"QUERY_NOT_VALID"}
    local = project.folder / "data/nowhere"
    for error in summary.errors:
        assert "dbfs:/Volumes/a/nowhere" in error.message
        assert f"is {local} here" in error.hint
    assert sorted((e.at.file.name, e.at.line, e.at.column) for e in summary.errors) == [
        ("p.py", 10, 12),
        ("q.sql", 1, 47),
    ]
