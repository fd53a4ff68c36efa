"""The event log as a Delta table: events come back as they were, and documented queries run."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from millpond.codes import INVALID_NAME
from millpond.definitions import Action, DatasetKind, Expectation, FlowKind
from millpond.errors import MillpondError
from millpond.events import (
    DataQuality,
    Event,
    ExpectationCount,
    Metrics,
    Origin,
    Recorder,
    summarize,
)
from millpond.events.journal import Journal, read_journal
from millpond.events.log import EventLog
from millpond.events.table import append, read
from millpond.location import Span

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark

SALES = "main.silver.sales"
AT = Span(Path("/project/silver.py"), 7, 5, 7, 12)


def an_update(recorder: Recorder) -> None:
    """An update with a batch, a view's expectation and a failure, every field in use."""
    known = Expectation("known", "k", Action.WARN, AT)
    recorder.create_update("USER_ACTION", False, [], [], False, {"channel": "CURRENT"})
    recorder.update_progress("RUNNING")
    recorder.dataset_definition(SALES, DatasetKind.STREAMING_TABLE, 1, [known])
    recorder.flow_definition(SALES, SALES, ["main.b.raw"], FlowKind.APPEND, "SQL", "naïve ok")
    for batch_id, (passed, failed) in enumerate([(7, 3), (10, 0)]):
        recorder.flow_progress(
            SALES,
            SALES,
            "RUNNING",
            batch_id=batch_id,
            metrics=Metrics(num_output_rows=passed),
            data_quality=DataQuality(
                failed, (ExpectationCount("known", SALES, passed, failed),), {"v": failed}
            ),
        )
    error = MillpondError(INVALID_NAME, at=AT, name="", what="dataset", reason="empty")
    error.__cause__ = ValueError("underneath")
    recorder.flow_progress("f", "main.g.daily", "FAILED", error=error)
    recorder.update_progress("FAILED")


def test_events_come_back_as_they_were(
    spark: SparkSession, recorder: Recorder, events: list[Event], tmp_path: Path
) -> None:
    an_update(recorder)
    append(spark, tmp_path / "log", events)
    assert read(spark, tmp_path / "log") == events
    assert summarize(read(spark, tmp_path / "log")) == summarize(events)


def test_one_append_is_one_commit_and_nothing_is_none(
    spark: SparkSession, recorder: Recorder, events: list[Event], tmp_path: Path
) -> None:
    an_update(recorder)
    append(spark, tmp_path, events[:4])
    append(spark, tmp_path, events[4:])
    append(spark, tmp_path, [])
    commits = sorted(file.name for file in (tmp_path / "_delta_log").glob("*.json"))
    assert len(commits) == 2
    assert read(spark, tmp_path) == events


def test_one_update_of_several(
    spark: SparkSession, recorder: Recorder, events: list[Event], tmp_path: Path
) -> None:
    an_update(recorder)
    Recorder(Origin("p1", "retail", "u2"), [events.append]).update_progress("COMPLETED")
    append(spark, tmp_path, events)
    assert read(spark, tmp_path, "u2") == events[-1:]


def test_what_a_killed_update_left_gets_into_the_log_once(
    spark: SparkSession, recorder: Recorder, events: list[Event], tmp_path: Path
) -> None:
    """The first was killed before its commit, the second after it, the third ends."""
    path, journal = tmp_path / "log", tmp_path / "journal"
    for state in ("RUNNING", "STOPPING", "COMPLETED"):
        recorder.update_progress(state)
    for event in events[:2]:
        with closing(Journal(journal)) as killed:
            killed.add(event)
    append(spark, path, events[1:2])
    log = EventLog(spark, path, journal)
    log.see(events[2])
    assert read_journal(journal) == (events, True)
    log.write()
    log.close()
    assert sorted(read(spark, path), key=lambda event: event.sequence) == events
    assert not journal.exists()


def test_an_update_that_was_killed_in_the_first_commit_of_all_gets_into_the_log(
    spark: SparkSession, recorder: Recorder, events: list[Event], tmp_path: Path
) -> None:
    path, journal = tmp_path / "log", tmp_path / "journal"
    recorder.update_progress("RUNNING")
    with closing(Journal(journal)) as killed:
        killed.add(events[0])
    (path / "_delta_log" / "_staged_commits").mkdir(parents=True)
    log = EventLog(spark, path, journal)
    log.write()
    log.close()
    assert read(spark, path) == events


def test_documented_queries_run_on_it(
    spark: SparkSession, recorder: Recorder, events: list[Event], tmp_path: Path
) -> None:
    """Reference 6.6: latest update, state, rows of a flow, and data quality, by plain sums."""
    an_update(recorder)
    append(spark, tmp_path, events)
    spark.read.format("delta").load(str(tmp_path)).createOrReplaceTempView("event_log_raw")
    latest = """
        SELECT origin.update_id AS id FROM event_log_raw
        WHERE event_type = 'create_update' ORDER BY timestamp DESC LIMIT 1"""
    assert spark.sql(latest).collect() == [("u1",)]
    state = """
        SELECT max_by(get_json_object(details, '$.update_progress.state'), timestamp)
        FROM event_log_raw WHERE event_type = 'update_progress'"""
    assert spark.sql(state).collect() == [("FAILED",)]
    rows = """
        SELECT origin.flow_name,
               sum(get_json_object(details, '$.flow_progress.metrics.num_output_rows')) AS rows
        FROM event_log_raw WHERE event_type = 'flow_progress' GROUP BY 1 HAVING rows > 0"""
    assert spark.sql(rows).collect() == [(SALES, 17.0)]
    quality = """
        SELECT e.dataset, e.name, sum(e.passed_records), sum(e.failed_records) FROM (
          SELECT explode(from_json(
              get_json_object(details, '$.flow_progress.data_quality.expectations'),
              'array<struct<name: string, dataset: string,'
              || ' passed_records: int, failed_records: int>>')) AS e
          FROM event_log_raw WHERE event_type = 'flow_progress')
        GROUP BY 1, 2"""
    assert spark.sql(quality).collect() == [(SALES, "known", 17, 3)]
