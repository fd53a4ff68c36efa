"""Whether a stream's sources may hold something new, told from folders alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.engine.classic.plan import StreamSource
from millpond.engine.writing.arrivals import marks


def test_a_new_file_and_a_changed_one_change_the_marks(tmp_path: Path) -> None:
    source = [StreamSource("json", tmp_path.as_uri())]
    (tmp_path / "below").mkdir()
    empty = marks(source)
    (tmp_path / "below" / "1.json").write_text("{}")
    one = marks(source)
    (tmp_path / "below" / "1.json").write_text('{"n": 1}')

    assert len({empty, one, marks(source)}) == 3
    assert marks(source) == marks([StreamSource("json", str(tmp_path))])


def test_a_commit_changes_those_of_a_delta_table_and_its_data_files_do_not(tmp_path: Path) -> None:
    source = [StreamSource("delta", str(tmp_path))]
    log = tmp_path / "_delta_log"
    log.mkdir()
    (log / f"{0:020}.json").touch()
    before = marks(source)
    (tmp_path / "part-0.parquet").touch()
    assert marks(source) == before

    (log / f"{1:020}.json").touch()
    assert marks(source) != before


@pytest.mark.parametrize(
    "source",
    [
        StreamSource("rate", None),
        StreamSource("json", "s3a://bucket/landing"),
        StreamSource("json", "/landing/*/in"),
        StreamSource("lines", "/"),
    ],
)
def test_other_sources_may_always_hold_something_new(source: StreamSource) -> None:
    assert marks([source]) is None


def test_what_is_not_known_may_hold_something_new() -> None:
    assert marks(None) is None
    assert marks([]) is None
