"""The text of a summary, as a newcomer reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from millpond.events.outcome import DatasetSummary, UpdateSummary
from millpond.report.summary import Place, render_summary
from millpond.report.text import cells

PLACE = Place(".millpond/dev")


def test_the_summary_at_80_columns(summary: UpdateSummary) -> None:
    assert render_summary(summary, PLACE, 80) == (
        """\
retail: COMPLETED in 18.3 s

main.bronze
  raw               streaming table    COMPLETED  20,113 rows

main.silver
  checked           view               COMPLETED
      known_country  99.9%  (failed 12)  warn
  sales             streaming table    COMPLETED  19,870 rows  243 dropped
      quantity  98.7%  (failed 243)  drop
      100%: has_id drop, has_customer warn
      no rows checked: never_seen fail
  quarantine_sales  streaming table    COMPLETED     243 rows

main.gold
  daily             materialized view  COMPLETED     801 rows

5 datasets, 41,027 rows written, 243 rows dropped.

The tables are in .millpond/dev. Look at one:
  millpond sql "SELECT * FROM main.gold.daily LIMIT 10"

243 rows went to quarantine. See them:
  millpond sql "SELECT * FROM main.silver.quarantine_sales LIMIT 10\""""
    )


def test_a_wide_terminal_has_room_for_the_times(summary: UpdateSummary) -> None:
    lines = render_summary(summary, PLACE, 100).splitlines()
    assert [line.split("  ")[-1].strip() for line in lines if "COMPLETED" in line] == [
        "retail: COMPLETED in 18.3 s",
        "4.2 s",
        "COMPLETED",
        "6.1 s",
        "3.0 s",
        "1.4 s",
    ]


@pytest.mark.parametrize("width", [60, 72, 80, 100])
def test_no_row_is_wider_than_the_terminal(summary: UpdateSummary, width: int) -> None:
    lines = render_summary(summary, PLACE, width).splitlines()
    rows = [line for line in lines if "millpond sql" not in line]
    assert max(map(cells, rows)) <= width


def test_names_too_long_for_a_row_get_a_line_of_their_own(summary: UpdateSummary) -> None:
    long = replace(summary.datasets[0], name="main.bronze." + "x" * 50)
    text = render_summary(replace(summary, datasets=(long,)), PLACE, 60)
    assert f"\n  {'x' * 50}\n      streaming  COMPLETED  20,113 rows" in text


def test_a_failed_update_says_what_it_cost(summary: UpdateSummary) -> None:
    statuses = ("COMPLETED", "FAILED", "FAILED", "SKIPPED", "EXCLUDED")
    datasets = tuple(
        replace(each, status=status, rows_written=0, rows_dropped=0)
        for each, status in zip(summary.datasets, statuses, strict=True)
    )
    text = render_summary(replace(summary, state="FAILED", datasets=datasets), PLACE, 120)
    assert text.startswith("retail: FAILED in 18.3 s\n")
    assert (
        "4 datasets, 0 rows written, 0 rows dropped, 1 failed, 1 skipped after a failure."
        " 1 other dataset was not selected." in text
    )
    assert "main.gold" not in text
    assert "millpond sql" not in text


def test_a_failed_dataset_is_silent_about_expectations_it_did_not_count(
    summary: UpdateSummary,
) -> None:
    checked = next(each for each in summary.datasets if each.name.endswith(".sales"))
    text = render_summary(replace(summary, datasets=(checked,)), PLACE, 120)
    assert "no rows checked: never_seen fail" in text
    failed = replace(checked, status="FAILED")
    text = render_summary(replace(summary, datasets=(failed,)), PLACE, 120)
    assert "quantity  98.7%" in text
    assert "no rows checked" not in text


def test_a_second_run_without_new_input_says_so(summary: UpdateSummary) -> None:
    nothing = replace(summary.datasets[0], rows_written=0)
    text = render_summary(replace(summary, datasets=(nothing,)), PLACE, 120)
    assert "No new input: the streaming tables were up to date." in text


def test_dropped_rows_without_a_quarantine_are_pointed_out(summary: UpdateSummary) -> None:
    text = render_summary(replace(summary, datasets=summary.datasets[:3]), PLACE, 80)
    assert "Nothing keeps the dropped rows" in text
    assert "went to quarantine" not in text


def test_a_dry_run_shows_no_numbers(summary: UpdateSummary) -> None:
    queued = tuple(DatasetSummary(each.name, each.kind, "QUEUED") for each in summary.datasets)
    text = render_summary(replace(summary, dry_run=True, seconds=0.8, datasets=queued), PLACE, 80)
    assert text.startswith("retail: definitions are valid (0.8 s, dry run: nothing was written)")
    assert "rows" not in text
    assert text.endswith("\n\n5 datasets.")


def test_upserts_and_deletes_have_columns_when_there_are_any(summary: UpdateSummary) -> None:
    target = DatasetSummary(
        "main.gold.dim", "STREAMING_TABLE", "COMPLETED", rows_upserted=7, rows_deleted=2
    )
    text = render_summary(replace(summary, datasets=(target,)), PLACE, 80)
    assert "COMPLETED    7 upserted  2 deleted" in text
    assert "0 rows written, 7 upserted, 2 deleted" in text
    assert "No new input" not in text


def test_the_command_finds_the_same_folder(summary: UpdateSummary) -> None:
    place = Place("/tmp/my state", ("my bundle", "--target", "dev"))
    text = render_summary(summary, place, 80)
    assert """LIMIT 10" 'my bundle' --target dev""" in text


def test_an_unusual_name_survives_sql_and_the_shell(summary: UpdateSummary) -> None:
    odd = replace(summary.datasets[4], name="main.gold.day 1")
    text = render_summary(replace(summary, datasets=(odd,)), PLACE, 80)
    assert "millpond sql 'SELECT * FROM main.gold.`day 1` LIMIT 10'" in text


def test_an_update_that_defined_nothing() -> None:
    failed = UpdateSummary("u1", "FAILED", 0.2, pipeline_name="retail")
    assert render_summary(failed, PLACE, 80) == ("retail: FAILED in 0.2 s\n\nNothing was run.")
