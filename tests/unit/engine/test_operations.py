"""Work beside a flow's batches is in the event log: listings of files, snapshots."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.spark

SOURCE = """
    import dlt

    @dlt.table
    def files():
        return (
            spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
            .schema("id int").load("FOLDER")
        )

    @dlt.view
    def people():
        return spark.createDataFrame([(1, "a")], "id int, name string")

    dlt.create_streaming_table("kept")
    dlt.create_auto_cdc_from_snapshot_flow(target="kept", source="people", keys=["id"])
"""


def test_listings_and_snapshots_have_a_start_and_an_end(project: Any) -> None:
    folder = project.folder / "landing"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.json").write_text(f'{{"id": {number}}}')
    summary = project.run(SOURCE.replace("FOLDER", str(folder)))
    assert summary.state == "COMPLETED", summary.errors
    found = [e for e in project.events if e.event_type == "operation_progress"]
    told = {(e.body["type"], e.body["status"], e.origin["dataset_name"]) for e in found}
    assert told == {
        (kind, status, f"main.default.{name}")
        for kind, name in (("AUTO_LOADER_LISTING", "files"), ("CDC_SNAPSHOT", "kept"))
        for status in ("STARTED", "COMPLETED")
    }
    ended = [e.body for e in found if e.body["status"] == "COMPLETED"]
    assert all(body["duration_ms"] >= 0 for body in ended)
    (listing,) = [b["auto_loader_details"] for b in ended if "auto_loader_details" in b]
    assert listing == {"source_path": str(folder), "num_files_listed": 2}
