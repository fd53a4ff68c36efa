"""Flows from snapshots against their model, on random sequences of snapshots."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Project

from millpond.definitions import StoredAs
from millpond.engine.snapshots.memory import SnapshotMemory
from millpond.testing.cdc_model import Columns
from millpond.testing.snapshot_model import SnapshotRules, snapshot_rows

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]

HISTORIES, VERSIONS = 80, (3, 4, 8, 9)
SOURCE = """
    import os
    from pyspark import pipelines as dp

    FOLDER = "{folder}"

    def next_snapshot(latest):
        newer = sorted(int(f[:-5]) for f in os.listdir(FOLDER) if int(f[:-5]) > (latest or 0))
        if not newer:
            return None
        reader = spark.read.schema("h INT, k STRING, name STRING, tag STRUCT<a: INT, b: STRING>")
        return reader.json(f"{{FOLDER}}/{{newer[0]}}.json"), newer[0]

    for target, options in {{
        "current": {{}},
        "history": {{"stored_as_scd_type": 2}},
        "tracked": {{"stored_as_scd_type": 2, "track_history_except_column_list": ["name"]}},
    }}.items():
        dp.create_streaming_table(target)
        dp.create_auto_cdc_from_snapshot_flow(target, next_snapshot, ["h", "k"], **options)
"""
KEYS = ("h", "k")
RULES = {
    "current": SnapshotRules(keys=KEYS),
    "history": SnapshotRules(keys=KEYS, stored_as=StoredAs.SCD_TYPE_2),
    "tracked": SnapshotRules(
        keys=KEYS, stored_as=StoredAs.SCD_TYPE_2, track_history=Columns(("name",))
    ),
}


def random_snapshot(rng: random.Random) -> list[dict[str, Any]]:
    """The rows of all histories at one version: few values, so that many stay as they were."""
    return [
        {
            "h": number,
            "k": key,
            "name": rng.choice(("n", "m", None)),
            "tag": rng.choice((None, {"a": 1, "b": None}, {"a": None, "b": "t"})),
        }
        for number in range(HISTORIES)
        for key in "abc"
        if rng.random() < 0.7
    ]


def test_targets_equal_their_model_through_a_crash(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(20261121)
    snapshots = [(version, random_snapshot(rng)) for version in VERSIONS]
    folder = project.folder / "snapshots"
    folder.mkdir()
    source = SOURCE.format(folder=folder)
    arrive(folder, snapshots[:3])
    commit, calls = SnapshotMemory.commit, iter((True, False, True))

    def crashing(memory: SnapshotMemory, *given: Any) -> None:
        if next(calls, False):
            raise RuntimeError("died")
        commit(memory, *given)

    with monkeypatch.context() as patch:
        patch.setattr(SnapshotMemory, "commit", crashing)
        with pytest.raises(RuntimeError, match="died"):
            project.run(source)
    assert project.run().errors == ()
    arrive(folder, snapshots[3:])
    assert project.run().errors == ()
    for target, rules in RULES.items():
        expected = snapshot_rows(snapshots, rules)
        columns = ", ".join(f"'{name}', {name}" for name in expected[0])
        found = project.rows(f"SELECT to_json(named_struct({columns})) FROM {target}")
        assert [row[0] for row in found] == sorted(map(as_spark_writes, expected)), target


def arrive(folder: Path, snapshots: list[tuple[int, list[dict[str, Any]]]]) -> None:
    for version, rows in snapshots:
        text = "\n".join(map(json.dumps, rows))
        (folder / f"{version}.json").write_text(text, encoding="utf-8")


def as_spark_writes(row: dict[str, Any]) -> str:
    """JSON without NULLs."""

    def present(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: present(item) for name, item in value.items() if item is not None}

    return json.dumps(present(row), separators=(",", ":"))
