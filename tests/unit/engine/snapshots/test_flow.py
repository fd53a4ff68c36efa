"""Flows from snapshots, run (reference 1.6, 4.6)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import Project

from millpond import codes

pytestmark = pytest.mark.spark

PERIODIC = """
    from pyspark import pipelines as dp

    @dp.temporary_view
    def products():
        return spark.read.format("delta").load("{path}")

    dp.create_streaming_table("target")
    dp.create_auto_cdc_from_snapshot_flow(
        target="target", source="products", keys=["id"], stored_as_scd_type={scd}{more}
    )
"""
HISTORICAL = """
    import dlt

    VERSIONS = {versions}

    def next_snapshot(latest):
        newer = [v for v in VERSIONS if latest is None or v > latest]
        if not newer:
            return None
        rows = spark.read.format("delta").load("{path}")
        return rows.where(f"version = '{{newer[0]}}'"), newer[0]

    dlt.create_streaming_table("target"{schema})
    dlt.apply_changes_from_snapshot(
        target="target",
        snapshot_and_version=next_snapshot,
        keys=["id"],
        stored_as_scd_type="2",
        track_history_except_column_list=["version", "price"],
    )
"""
SCHEMA = "id INT, name STRING, price DOUBLE"
VERSIONED = f"version STRING, {SCHEMA}"


def replace_rows(project: Project, rows: list[Any], schema: str = SCHEMA) -> str:
    """Make the rows of the outside table `products` these."""
    path = str(project.folder / "outside" / "products")
    frame = project.spark.createDataFrame(rows, schema).coalesce(1)
    writer = frame.write.format("delta").mode("overwrite").option("overwriteSchema", "true")
    writer.save(path)
    return path


def failure(project: Project, source: str, **request: Any) -> tuple[codes.Code, str]:
    """The code and the message of the one error of an update."""
    summary = project.run(source, **request)
    assert summary.state == "FAILED"
    (error,) = summary.errors
    found = next(code for code in codes.all_codes() if code.name == error.code)
    return found, error.message


def test_periodic_snapshots_as_scd_1(project: Project) -> None:
    path = replace_rows(project, [(1, "a", 1.0), (2, "b", None)])
    source = PERIODIC.format(path=path, scd=1, more="")
    assert project.run(source).errors == ()
    replace_rows(project, [(2, "b", 2.0), (3, "c", 3.0)])
    assert project.run().errors == ()
    assert project.rows("SELECT * FROM target") == [(2, "b", 2.0), (3, "c", 3.0)]


def test_periodic_snapshots_as_scd_2_count_the_updates_from_0(project: Project) -> None:
    path = replace_rows(project, [(1, "a", 1.0), (2, "b", 2.0)])
    source = PERIODIC.format(path=path, scd=2, more="")
    assert project.run(source).errors == ()
    replace_rows(project, [(2, "b", 2.5), (3, "c", 3.0)])
    [changed] = [each for each in project.run().datasets if each.name == "main.default.target"]
    assert (changed.rows_upserted, changed.rows_deleted) == (3, 1), "closed, its next, new; gone"
    metrics = [
        each.body.get("metrics") for each in project.events if "flow_progress" in each.details
    ]
    assert set(metrics) == {None}, "Databricks records none for these flows"
    assert project.rows("SELECT * FROM target") == [
        (1, "a", 1.0, 0, 1),
        (2, "b", 2.0, 0, 1),
        (2, "b", 2.5, 1, None),
        (3, "c", 3.0, 1, None),
    ]


def test_untracked_columns_change_in_place_and_an_unchanged_snapshot_writes_nothing(
    project: Project,
) -> None:
    more = ', track_history_column_list=["name"]'
    path = replace_rows(project, [(1, "a", 1.0), (2, "b", 2.0)])
    source = PERIODIC.format(path=path, scd=2, more=more)
    project.run(source)
    versions = list((project.folder / "state").rglob("tables/**/_delta_log/*.json"))
    assert project.run().errors == ()
    assert list((project.folder / "state").rglob("tables/**/_delta_log/*.json")) == versions
    replace_rows(project, [(1, "a", 9.0), (2, "B", 2.0)])
    [changed] = [each for each in project.run().datasets if each.name == "main.default.target"]
    assert (changed.rows_written, changed.rows_upserted, changed.rows_deleted) == (0, 3, 0)
    assert project.rows("SELECT * FROM target") == [
        (1, "a", 9.0, 0, None),
        (2, "B", 2.0, 2, None),
        (2, "b", 2.0, 0, 2),
    ]


def test_historical_snapshots_are_asked_for_until_there_are_none(project: Project) -> None:
    rows = [("v1", 1, "a", 1.0), ("v2", 1, "a", 2.0), ("v2", 2, "b", 2.0), ("v4", 2, "c", 2.0)]
    path = replace_rows(project, rows, VERSIONED)
    source = HISTORICAL.format(versions=["v1", "v2"], path=path, schema="")
    assert project.run(source).errors == ()
    source = HISTORICAL.format(versions=["v1", "v2", "v3", "v4"], path=path, schema="")
    assert project.run(source).errors == ()
    assert project.rows("SELECT id, name, price, __START_AT, __END_AT FROM target") == [
        (1, "a", 2.0, "v1", "v3"),
        (2, "b", 2.0, "v2", "v3"),
        (2, "c", 2.0, "v4", None),
    ]
    assert project.run(full_refresh_all=True).errors == ()
    assert len(project.rows("SELECT * FROM target")) == 3


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("3", "bigint"),
        ("dt.date(2026, 1, 2)", "date"),
        ("dt.datetime(2026, 1, 2, 3)", "timestamp"),
    ],
)
def test_versions_keep_their_type(project: Project, version: str, kind: str) -> None:
    source = f"""
        import datetime as dt
        from pyspark import pipelines as dp

        def only(latest):
            return (spark.range(1), {version}) if latest is None else None

        dp.create_streaming_table("target")
        dp.create_auto_cdc_from_snapshot_flow("target", only, ["id"], stored_as_scd_type=2)

        @dp.materialized_view
        def shown():
            return spark.sql(
                "SELECT typeof(__START_AT) a, string(__START_AT) b, __END_AT FROM target"
            )
    """
    assert project.run(source).errors == ()
    ((found, shown, end),) = project.rows("SELECT * FROM shown")
    expected = {"bigint": "3", "date": "2026-01-02", "timestamp": "2026-01-02 03:00:00"}
    assert (found, shown, end) == (kind, expected[kind], None)


def test_a_function_that_counts_its_calls_is_called_once_a_snapshot(project: Project) -> None:
    source = """
        from pyspark import pipelines as dp

        pages = iter([(spark.range(2), 1), (spark.range(1), 2)])

        dp.create_streaming_table("target")
        dp.create_auto_cdc_from_snapshot_flow(
            "target", lambda latest: next(pages, None), ["id"], stored_as_scd_type=2
        )
    """
    assert project.run(source).errors == ()
    assert project.rows("SELECT * FROM target") == [(0, 1, None), (1, 1, 2)]


def test_a_function_may_look_at_the_data_of_the_pipeline(project: Project) -> None:
    path = replace_rows(project, [("1", 1, "a", 1.0), ("2", 1, "b", 1.0)], VERSIONED)
    source = f"""
        from pyspark import pipelines as dp
        from pyspark.sql import functions as F

        @dp.materialized_view
        def landed():
            return spark.read.format("delta").load("{path}")

        def next_snapshot(latest):
            versions = spark.read.table("landed").select("version").distinct().collect()
            newer = sorted(int(v[0]) for v in versions if latest is None or int(v[0]) > latest)
            if not newer:
                return None
            rows = spark.read.table("landed").where(F.col("version") == str(newer[0]))
            return rows.drop("version"), newer[0]

        dp.create_streaming_table(
            "target",
            schema="id INT, name STRING, price DOUBLE, __START_AT INT, __END_AT INT",
        )
        dp.create_auto_cdc_from_snapshot_flow("target", next_snapshot, ["id"], 2)
    """
    assert project.run(source).errors == ()
    expected = [(1, "a", 1.0, 1, 2), (1, "b", 1.0, 2, None)]
    assert project.rows("SELECT * FROM target") == expected
    assert project.run().errors == ()
    assert project.rows("SELECT * FROM target") == expected


def test_versions_out_of_order_are_left_out_or_fail(project: Project) -> None:
    source = """
        import dlt

        pages = iter([(spark.range(2), 5), (spark.range(9), 3), (spark.range(1), 6)])
        dlt.create_streaming_table("target")
        dlt.apply_changes_from_snapshot("target", lambda latest: next(pages, None), ["id"])
    """
    assert project.run(source).errors == ()
    assert project.rows("SELECT * FROM target") == [(0,)]
    strict = {"millpond.snapshots.outOfOrder": "fail"}
    found, message = failure(project, source, configuration=strict, full_refresh_all=True)
    assert found is codes.SNAPSHOT_OUT_OF_ORDER
    assert message.endswith("version 3 after version 5")
    assert len(project.rows("SELECT * FROM target")) == 2


def test_periodic_versions_may_be_the_times_of_the_runs(project: Project) -> None:
    path = replace_rows(project, [(1, "a", 1.0)])
    times = {"millpond.snapshots.version": "time"}
    source = PERIODIC.format(path=path, scd=2, more="")
    assert project.run(source, configuration=times).errors == ()
    replace_rows(project, [(1, "b", 1.0)])
    assert project.run(configuration=times).errors == ()
    found = project.rows(
        "SELECT name, typeof(__START_AT), __END_AT IS NULL, __START_AT > now() - INTERVAL 1 HOUR"
        " FROM target"
    )
    assert found == [("a", "timestamp", False, True), ("b", "timestamp", True, True)]


def test_once_loads_one_snapshot(project: Project) -> None:
    path = replace_rows(project, [(1, "a", 1.0)])
    project.run(PERIODIC.format(path=path, scd=1, more=", once=True"))
    replace_rows(project, [(1, "b", 1.0)])
    assert project.run().errors == ()
    assert project.rows("SELECT * FROM target") == [(1, "a", 1.0)]


def test_new_columns_reach_the_target_and_lost_ones_are_null(project: Project) -> None:
    path = replace_rows(project, [(1, "a", 1.0)])
    project.run(PERIODIC.format(path=path, scd=1, more=""))
    tags = [(1, "a", {"k": "v"}), (2, "b", None)]
    replace_rows(project, tags, "id INT, name STRING, tags MAP<STRING, STRING>")
    assert project.run().errors == ()
    assert project.rows("SELECT id, name, price, tags['k'] FROM target") == [
        (1, "a", None, "v"),
        (2, "b", None, None),
    ]


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        ([(1, "a", 1.0), (1, "b", 1.0)], codes.SNAPSHOT_DUPLICATE_KEY, "id=1"),
        ([(None, "a", 1.0)], codes.SNAPSHOT_NULL_KEY, "id=None"),
    ],
)
def test_a_wrong_key_fails_and_writes_nothing(
    project: Project, rows: list[Any], code: codes.Code, row: str
) -> None:
    path = replace_rows(project, [(1, "first", 1.0)])
    source = PERIODIC.format(path=path, scd=1, more="")
    project.run(source)
    replace_rows(project, rows)
    found, message = failure(project, source)
    assert found is code
    assert message.endswith(row)
    assert project.rows("SELECT * FROM target") == [(1, "first", 1.0)]


def test_what_can_be_known_is_told_before_anything_is_written(project: Project) -> None:
    path = replace_rows(project, [(1, "a", 1.0)])
    source = PERIODIC.format(path=path, scd=2, more="")
    found, _ = failure(project, source.replace('keys=["id"]', 'keys=["nr"]'))
    assert found is codes.SNAPSHOT_KEY_NOT_FOUND
    unknown = PERIODIC.format(path=path, scd=2, more=', track_history_column_list=["nr"]')
    assert failure(project, unknown)[0] is codes.SNAPSHOT_COLUMN_NOT_FOUND
    streaming = source.replace("spark.read.", "spark.readStream.")
    assert failure(project, streaming)[0] is codes.STREAMING_RELATION_FOR_SNAPSHOT_FLOW
    named = f'spark.read.format("delta").load("{path}")'
    renamed = f'{named}.withColumnRenamed("name", "__end_at")'
    assert failure(project, source.replace(named, renamed))[0] is codes.SNAPSHOT_RESERVED_COLUMN
    assert project.run(source).errors == ()
    changed = source.replace('keys=["id"]', 'keys=["id", "name"]')
    found, message = failure(project, changed)
    assert found is codes.SNAPSHOT_STATE_DRIFT
    assert "keys id," in message
    assert project.run(changed, full_refresh_all=True).errors == ()


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ("7", codes.SNAPSHOT_RESULT),
        ("(1, spark.range(1))", codes.SNAPSHOT_RESULT),
        ("(spark.range(1), [1])", codes.SNAPSHOT_VERSION),
    ],
)
def test_a_function_that_returns_something_else(
    project: Project, result: str, code: codes.Code
) -> None:
    source = f"""
        import dlt
        dlt.create_streaming_table("target")
        dlt.apply_changes_from_snapshot("target", lambda latest: {result}, ["id"])
    """
    assert failure(project, source)[0] is code


def test_without_a_snapshot_there_is_no_table_yet(project: Project) -> None:
    source = """
        import dlt
        dlt.create_streaming_table("target")
        dlt.apply_changes_from_snapshot("target", lambda latest: (None, 0), ["id"])
    """
    assert project.run(source).errors == ()
    later = source.replace("(None, 0)", "(spark.range(1), 1) if latest is None else None")
    assert project.run(later).errors == ()
    assert project.rows("SELECT * FROM target") == [(0,)]


def test_expectations_of_views_are_counted(project: Project) -> None:
    path = replace_rows(project, [(1, "a", 1.0), (2, "b", -1.0)])
    source = PERIODIC.format(path=path, scd=1, more="").replace(
        "    def products", '    @dp.expect_or_drop("priced", "price > 0")\n    def products'
    )
    summary = project.run(source)
    assert project.rows("SELECT id FROM target") == [(1,)]
    counts = [
        each
        for dataset in summary.datasets
        for each in dataset.expectations
        if each.name == "priced"
    ]
    assert [(each.passed, each.failed) for each in counts] == [(1, 1)]


@pytest.mark.parametrize("scd", [1, 2])
def test_a_crash_around_the_commit_loses_and_repeats_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, scd: int
) -> None:
    from millpond.engine.snapshots import flow as snapshots
    from millpond.engine.snapshots.memory import SnapshotMemory

    def died(*_: Any, **__: Any) -> None:
        raise RuntimeError("died")

    tracked = '        track_history_except_column_list=["version", "price"],\n'
    source = HISTORICAL.replace('"2"', str(scd))
    source = source if scd == 2 else source.replace(tracked, "")
    rows = [("v1", 1, "a", 1.0), ("v2", 1, "b", 2.0), ("v3", 1, "c", 2.0)]
    path = replace_rows(project, rows, VERSIONED)
    source = source.format(versions=["v1", "v2", "v3"], path=path, schema="")
    points = ((snapshots, "apply"), (SnapshotMemory, "commit"), (SnapshotMemory, "begin"))
    for owner, name in points:
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, died)
            with pytest.raises(RuntimeError, match="died"):
                project.run(source)
    assert project.run().errors == ()
    expected = {
        1: [(1, "c")],
        2: [(1, "a", "v1", "v2"), (1, "b", "v2", "v3"), (1, "c", "v3", None)],
    }
    columns = "id, name" + (", __START_AT, __END_AT" if scd == 2 else "")
    assert project.rows(f"SELECT {columns} FROM target") == expected[scd]
