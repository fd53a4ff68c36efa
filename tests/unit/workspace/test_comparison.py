"""What changes between two deployments."""

from __future__ import annotations

from pathlib import Path

from millpond.workspace.comparison import Change, Snapshot, changes

BEFORE = {
    "jobs.a": {"name": "a", "tasks": [{"key": 1}, {"key": 2}], "tags": {"x": "1"}},
    "jobs.b": {"name": "b"},
    "jobs.c": {"name": "c"},
}


def test_created_changed_kept_and_deleted() -> None:
    after = {
        "jobs.d": {"name": "d"},
        "jobs.a": {"name": "a", "tasks": [{"key": 1}, {"key": 3}], "queue": True},
        "jobs.b": {"name": "b"},
    }
    assert changes(BEFORE, after) == (
        Change("create", "jobs.d"),
        Change(
            "change",
            "jobs.a",
            (("tasks[1].key", 2, 3), ("tags", {"x": "1"}, None), ("queue", None, True)),
        ),
        Change("keep", "jobs.b"),
        Change("delete", "jobs.c"),
    )


def test_a_list_of_another_length_is_one_change() -> None:
    (change,) = changes({"jobs.a": {"tasks": [1]}}, {"jobs.a": {"tasks": [1, 2]}})
    assert change.fields == (("tasks", [1], [1, 2]),)


def test_a_snapshot_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x")
    snapshot = Snapshot.of(tmp_path, ["a.py"], {("jobs", "a"): {"name": "a"}})
    snapshot.write(tmp_path / "below" / "file.json")
    assert Snapshot.read(tmp_path / "below" / "file.json") == snapshot


def test_what_is_no_snapshot_counts_as_none(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    assert Snapshot.read(file) is None
    for text in ("{", "[]", '{"version": 0}'):
        file.write_text(text)
        assert Snapshot.read(file) is None
