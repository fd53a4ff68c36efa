"""An update started in the workspace runs the pipeline with Millpond."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from databricks.sdk.service.pipelines import FileLibrary, PipelineLibrary, UpdateInfoState
from databricks.sdk.service.workspace import ImportFormat

from millpond.workspace import FakeWorkspace

pytestmark = pytest.mark.spark

HOME = "/Workspace/Users/user@example.com"
SOURCE = """
import dlt

@dlt.table
@dlt.expect_or_drop("positive", "amount > 0")
def orders():
    return (
        spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
        .option("cloudFiles.inferColumnTypes", "true").load("/Volumes/main/shop/landing")
    )
"""


def test_files_in_a_table_out_and_the_events_of_it(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", "/nowhere")
    from databricks.sdk import WorkspaceClient

    with FakeWorkspace(tmp_path) as workspace:
        client = WorkspaceClient(host=workspace.url, token=workspace.token, auth_type="pat")
        client.workspace.upload(f"{HOME}/orders.py", SOURCE.encode(), format=ImportFormat.AUTO)
        rows = b'{"id": 1, "amount": 2}\n{"id": 2, "amount": -1}\n'
        client.files.upload("/Volumes/main/shop/landing/1.json", io.BytesIO(rows))
        library = PipelineLibrary(file=FileLibrary(path=f"{HOME}/orders.py"))
        pipeline = client.pipelines.create(
            name="shop", catalog="main", schema="shop", serverless=True, libraries=[library]
        ).pipeline_id
        update_id = client.pipelines.start_update(pipeline).update_id
        workspace.pipelines.wait()
        update = client.pipelines.get_update(pipeline, update_id).update
        events = list(client.pipelines.list_pipeline_events(pipeline, max_results=250))
    assert update.state is UpdateInfoState.COMPLETED, [event.error for event in events]
    assert {event.origin.update_id for event in events} == {update_id}
    assert {event.origin.pipeline_id for event in events} == {pipeline}
    assert {"create_update", "flow_progress", "update_progress"} <= {e.event_type for e in events}
    assert any("orders" in (event.origin.dataset_name or "") for event in events)
