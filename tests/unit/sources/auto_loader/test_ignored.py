"""Options that a local run accepts and does not act on are told, each where it was written."""

from __future__ import annotations

from pathlib import Path

from millpond import differences
from millpond.location import Span
from millpond.notices import Notices, noticing
from millpond.sources.auto_loader import AutoLoaderRequest
from millpond.sources.auto_loader.ignored import note_ignored
from millpond.sources.written import WrittenOptions

HERE, THERE = Span(Path("pipeline.py"), 9, 3), Span(Path("pipeline.py"), 5, 3)


def noted(**options):
    named = {f"cloudFiles.{key}": value for key, value in options.items()}
    written = WrittenOptions(named, {"cloudFiles.cleanSource": THERE})
    with noticing(Notices()) as notices:
        note_ignored(AutoLoaderRequest("/x", written, at=HERE))
    return [(each.feature, each.at) for each in notices.differences]


def test_files_are_never_deleted_and_that_is_told_at_the_option():
    assert noted(cleanSource="DELETE", format="json") == [(differences.CLEAN_SOURCE, THERE)]


def test_what_only_a_cloud_needs_is_told_once():
    assert noted(useNotifications="true", queueUrl="q", schemaLocation="/Volumes/s") == [
        (differences.FILE_NOTIFICATIONS, HERE),
        (differences.SCHEMA_LOCATION, HERE),
    ]


def test_what_is_switched_off_is_not_told():
    assert noted(useNotifications="false", cleanSource="OFF", inferColumnTypes="true") == []
