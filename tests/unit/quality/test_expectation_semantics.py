"""Statements of reference 3, one test each."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.spark

ROWS = [(1, "a"), (2, None), (None, "c"), (-4, "d")]

PIPELINE = """
    import dlt

    @dlt.table
    {decorators}
    def checked():
        return spark.readStream.format("delta").load("{path}")
"""


def run(project: Any, *decorators: str, rows: list[Any] = ROWS) -> Any:
    path = project.data("rows", rows, "n INT, s STRING")
    lines = ("\n    ").join(f"@dlt.{decorator}" for decorator in decorators)
    return project.run(PIPELINE.format(path=path, decorators=lines))


def counts(summary: Any, dataset: str = "main.default.checked") -> dict[str, tuple[int, int]]:
    found = next(each for each in summary.datasets if each.name == dataset)
    return {rule.name: (rule.passed, rule.failed) for rule in found.expectations}


def written(project: Any) -> list[tuple[Any, ...]]:
    return project.rows("SELECT n, s FROM checked")


def test_warn_keeps_every_row_and_counts_those_that_pass_and_fail(project: Any) -> None:
    summary = run(project, 'expect("positive", "n > 0")')

    assert len(written(project)) == 4
    assert counts(summary) == {"positive": (2, 2)}
    assert summary.datasets[0].rows_dropped == 0


def test_null_is_a_violation(project: Any) -> None:
    summary = run(project, """expect("has_s", "s <> 'zzz'")""")

    assert counts(summary) == {"has_s": (3, 1)}


def test_drop_removes_the_row_before_the_write_null_included(project: Any) -> None:
    summary = run(project, 'expect_or_drop("positive", "n > 0")')

    assert written(project) == [(1, "a"), (2, None)]
    assert counts(summary) == {"positive": (2, 2)}
    assert (summary.datasets[0].rows_written, summary.datasets[0].rows_dropped) == (2, 2)


def test_a_row_that_violates_two_drop_rules_is_dropped_once(project: Any) -> None:
    summary = run(project, 'expect_all_or_drop({"positive": "n > 0", "known": "n IS NOT NULL"})')

    assert counts(summary) == {"positive": (2, 2), "known": (3, 1)}
    assert summary.datasets[0].rows_dropped == 2


def test_all_rules_of_a_dataset_see_the_same_rows(project: Any) -> None:
    """A warn rule counts rows that a drop rule removes: passed + failed is equal for all."""
    summary = run(
        project,
        """expect("has_s", "s IS NOT NULL")""",
        'expect_or_drop("positive", "n > 0")',
    )

    assert counts(summary) == {"has_s": (3, 1), "positive": (2, 2)}


def test_fail_writes_nothing_and_records_no_metrics(project: Any) -> None:
    summary = run(project, 'expect_or_fail("positive", "n > 0")', 'expect("any", "true")')

    assert summary.state == "FAILED"
    assert list(project.state.glob("tables/**/_delta_log/*.json")) == []
    assert counts(summary) == {"positive": (0, 0), "any": (0, 0)}
    [error] = summary.errors
    assert error.code == "EXPECTATION_VIOLATION.VERBOSITY_ALL"


def test_fail_names_all_violated_rules_and_one_row(project: Any) -> None:
    run(
        project,
        'expect_all_or_fail({"positive": "n > 0", "even": "n % 2 = 0"})',
        rows=[(2, "ok"), (-3, "bad")],
    )

    [failed] = [e for e in project.events if e.body.get("status") == "FAILED" and e.error]
    assert "Violated expectations: 'positive, even'" in failed.message
    assert """Input data: '{"n":-3,"s":"bad"}'""" in failed.message


def test_fail_wins_over_drop(project: Any) -> None:
    summary = run(
        project,
        'expect_or_drop("positive", "n > 0")',
        'expect_or_fail("known", "n IS NOT NULL")',
    )

    assert [error.code for error in summary.errors] == ["EXPECTATION_VIOLATION.VERBOSITY_ALL"]


def test_fail_with_no_violation_changes_nothing(project: Any) -> None:
    summary = run(project, 'expect_or_fail("small", "coalesce(n, 0) < 99")')

    assert counts(summary) == {"small": (4, 0)}
    assert len(written(project)) == 4


def test_a_failed_batch_is_processed_again_once_the_rule_is_mended(project: Any) -> None:
    run(project, 'expect_or_fail("positive", "n > 0")')
    summary = run(project, 'expect("positive", "n > 0")', rows=[(7, "late")])

    assert summary.state == "COMPLETED"
    assert counts(summary) == {"positive": (3, 2)}
    assert len(written(project)) == 5


def test_counts_are_in_the_event_log_as_databricks_has_them(project: Any) -> None:
    run(project, 'expect_or_drop("positive", "n > 0")')

    bodies = [e.body for e in project.events if e.event_type == "flow_progress"]
    [quality] = [body["data_quality"] for body in bodies if "data_quality" in body]
    assert quality == {
        "dropped_records": 2,
        "expectations": [
            {
                "name": "positive",
                "dataset": "main.default.checked",
                "passed_records": 2,
                "failed_records": 2,
            }
        ],
    }


def test_a_second_update_counts_only_the_new_rows(project: Any) -> None:
    run(project, 'expect("positive", "n > 0")')
    summary = run(project, 'expect("positive", "n > 0")', rows=[(5, "e"), (-5, "f")])

    assert counts(summary) == {"positive": (1, 1)}
    assert summary.datasets[0].rows_written == 2


def test_an_update_without_new_rows_counts_nothing(project: Any) -> None:
    run(project, 'expect("positive", "n > 0")')
    summary = run(project, 'expect("positive", "n > 0")', rows=[])

    assert counts(summary) == {"positive": (0, 0)}
    assert summary.datasets[0].rows_written == 0


def test_a_views_rules_are_counted_under_the_view_in_the_reading_flow(project: Any) -> None:
    path = project.data("rows", ROWS, "n INT, s STRING")
    summary = project.run(f"""
        import dlt

        @dlt.view
        @dlt.expect_or_drop("positive", "n > 0")
        def seen():
            return spark.readStream.format("delta").load("{path}")

        @dlt.table
        @dlt.expect("has_s", "s IS NOT NULL")
        def checked():
            return dlt.read_stream("seen")
    """)

    assert counts(summary, "main.default.seen") == {"positive": (2, 2)}
    assert counts(summary) == {"has_s": (1, 1)}
    assert written(project) == [(1, "a"), (2, None)]
    flows = {e.origin["flow_name"] for e in project.events if "data_quality" in e.body}
    assert flows == {"main.default.checked"}


def test_a_materialized_view_counts_its_rules_too(project: Any) -> None:
    path = project.data("rows", ROWS, "n INT, s STRING")
    summary = project.run(f"""
        from pyspark import pipelines as dp

        @dp.materialized_view
        @dp.expect_all_or_drop({{"positive": "n > 0"}})
        def checked():
            return spark.read.format("delta").load("{path}")
    """)

    assert counts(summary) == {"positive": (2, 2)}
    assert (summary.datasets[0].rows_written, summary.datasets[0].rows_dropped) == (2, 2)


def test_sql_constraints_mean_the_same(project: Any) -> None:
    path = project.data("rows", ROWS, "n INT, s STRING")
    summary = project.run(
        {
            "rows.py": f"""
            import dlt

            @dlt.view
            def rows():
                return spark.readStream.format("delta").load("{path}")
        """,
            "checked.sql": """
            CREATE OR REFRESH STREAMING TABLE checked (
              CONSTRAINT positive EXPECT (n > 0) ON VIOLATION DROP ROW,
              CONSTRAINT has_s EXPECT (s IS NOT NULL),
              CONSTRAINT small EXPECT (coalesce(n, 0) < 99) ON VIOLATION FAIL UPDATE
            ) AS SELECT * FROM STREAM(rows);
        """,
        }
    )

    assert counts(summary) == {"positive": (2, 2), "has_s": (3, 1), "small": (4, 0)}
    assert written(project) == [(1, "a"), (2, None)]


def test_a_condition_may_be_a_column(project: Any) -> None:
    path = project.data("rows", ROWS, "n INT, s STRING")
    summary = project.run(f"""
        import dlt
        from pyspark.sql import functions as F

        @dlt.table
        @dlt.expect("positive", F.col("n") > 0)
        def checked():
            return spark.readStream.format("delta").load("{path}")
    """)

    assert counts(summary) == {"positive": (2, 2)}


@pytest.mark.parametrize(
    ("condition", "code", "column"),
    [
        ("m > 0", "EXPECTATION_NOT_VALID", 22),  # where m stands
        ("n >", "EXPECTATION_NOT_VALID", 2),
        ("n + 1", "EXPECTATION_NOT_BOOLEAN", 2),
        ("sum(n) > 0", "EXPECTATION_NOT_SUPPORTED", 22),
        ("n IN (SELECT 1)", "EXPECTATION_NOT_SUPPORTED", 28),
        ("n:a = 1", "EXPECTATION_NOT_VALID", 2),
    ],
)
def test_a_condition_that_is_none_stops_the_update_before_data_moves(
    project: Any, condition: str, code: str, column: int
) -> None:
    summary = run(project, f'expect("rule", "{condition}")')

    [error] = summary.errors
    assert (error.code, error.at.line, error.at.column) == (code, 4, column)
    assert not (project.state / "tables").exists()
