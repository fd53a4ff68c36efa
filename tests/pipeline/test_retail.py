"""The retail bundle on real data, against answers worked out without Spark.

Three updates: over the files up to the day of the dirty ones, again without anything new, and
once the remaining days have arrived. The tables must then be what one update over all files
gives, row by row.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timezone
from pathlib import Path
from typing import Any

import pytest
from chispa import assert_df_equality

from answer_model import Answers
from retail_answers import answers_for
from updates import Updates

pytestmark = [pytest.mark.spark, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
SCHEMAS = {"bronze": "bronze", "gold": "gold"}


@pytest.fixture(scope="module")
def answers() -> Answers:
    return answers_for(ROOT / "fixtures/landing")


def _short(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _full(name: str) -> str:
    layer = next((layer for layer in ("bronze", "gold") if name.startswith(layer)), "silver")
    return f"retail_dev.{layer}.{name}"


def test_every_update_completes(updates: Updates) -> None:
    for update in (updates.first, updates.again, updates.last):
        assert (update.state, update.errors) == ("COMPLETED", ())


def test_every_dataset_has_an_answer(updates: Updates, answers: Answers) -> None:
    tables = {_short(each.name) for each in updates.last.datasets if each.kind != "VIEW"}
    assert tables == set(answers.rows)


def test_an_update_without_new_files_adds_nothing(updates: Updates) -> None:
    streaming = [each for each in updates.again.datasets if each.kind == "STREAMING_TABLE"]
    assert {each.name: each.rows_written for each in streaming if each.rows_written} == {}


def test_an_update_after_new_files_adds_only_those(updates: Updates, answers: Answers) -> None:
    for name in ("bronze_transactions", "silver_transactions", "quarantine_transactions"):
        added = {each.name: each.rows_written for each in updates.last.datasets}[_full(name)]
        before = updates.counts_after_first[_full(name)]
        assert added > 0 or name == "quarantine_transactions"
        assert before + added == len(answers.rows[name])


def test_kept_and_quarantined_are_all_that_was_read(updates: Updates, spark: Any) -> None:
    def count(name: str) -> int:
        return _stored(updates, spark, name).count()

    assert count("silver_transactions_validated") + count("quarantine_transactions") == count(
        "bronze_transactions"
    )
    assert count("silver_events") + count("quarantine_events") == count("bronze_events")


def test_expectations_are_counted_exactly(updates: Updates, answers: Answers) -> None:
    """A stream's counts add up over the updates; a view's are those of its last computation."""
    for name, expected in answers.expectations.items():
        counted = {rule: (counts.passed, counts.failed) for rule, counts in _counts(updates, name)}
        assert counted == {rule: (c.passed, c.failed) for rule, c in expected.items()}, name


def _counts(updates: Updates, name: str) -> Iterator[tuple[str, Any]]:
    found = [
        next(each for each in update.datasets if each.name == _full(name))
        for update in (updates.first, updates.last)
    ]
    if found[0].kind == "MATERIALIZED_VIEW":
        found = [each for each in found if not each.unchanged][-1:]
    from retail_answers import Counts

    for rules in zip(*(each.expectations for each in found), strict=True):
        total = Counts(sum(rule.passed for rule in rules), sum(rule.failed for rule in rules))
        yield rules[0].name, total


def test_rows_are_dropped_as_often_as_they_should(updates: Updates, answers: Answers) -> None:
    for name, expected in answers.dropped.items():
        found = [
            next(each for each in update.datasets if each.name == _full(name))
            for update in (updates.first, updates.last)
        ]
        if found[0].kind == "MATERIALIZED_VIEW":  # what it holds is of the last computation
            found = [each for each in found if not each.unchanged][-1:]
        assert sum(each.rows_dropped for each in found) == expected, name


def test_every_table_has_exactly_the_rows_of_the_answers(
    updates: Updates, answers: Answers, spark: Any
) -> None:
    for name, expected in answers.rows.items():
        columns = list(expected[0])
        actual = [
            _row(row, columns)
            for row in _stored(updates, spark, name).toLocalIterator(prefetchPartitions=True)
        ]
        wanted = [tuple(_plain(row[column]) for column in columns) for row in expected]
        missing = Counter(wanted) - Counter(actual)
        extra = Counter(actual) - Counter(wanted)
        shown = (list(missing)[:3], list(extra)[:3])
        assert (len(missing), len(extra)) == (0, 0), (name, columns, shown)


@pytest.mark.parametrize("name", ["gold_daily_sales_by_country", "gold_hourly_events"])
def test_gold_frames_equal_the_answers(
    updates: Updates, answers: Answers, spark: Any, name: str
) -> None:
    stored = _stored(updates, spark, name)
    columns = list(answers.rows[name][0])
    rows = [tuple(_utc(row[column]) for column in columns) for row in answers.rows[name]]
    stored = stored.select(*columns)
    assert_df_equality(stored, spark.createDataFrame(rows, stored.schema), ignore_row_order=True)


def _stored(updates: Updates, spark: Any, name: str) -> Any:
    from millpond.cdc.hidden import visible
    from millpond.definitions import parse_name, qualify
    from millpond.engine.state import read_state

    path = read_state(updates.state).table_path(qualify(parse_name(_full(name)), "", ""))
    return visible(spark.read.format("delta").load(str(path)))


def _row(row: Any, columns: list[str]) -> tuple[Any, ...]:
    return tuple(
        _rescued(row["_rescued_data"]) if column == "rescued" else _plain(row[column])
        for column in columns
    )


def _rescued(text: str | None) -> Any:
    if text is None:
        return None
    found = json.loads(text)
    del found["_file_path"]
    return _plain(found)


def _plain(value: Any) -> Any:
    """A value that can be counted; timestamps as naive UTC, as the answers have them."""
    if hasattr(value, "asDict"):
        value = value.asDict()
    if isinstance(value, dict):
        value = {name: each for name, each in value.items() if each is not None}
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True)
    return value


def _utc(value: Any) -> Any:
    return value.replace(tzinfo=timezone.utc) if hasattr(value, "hour") else value
