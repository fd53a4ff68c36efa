"""Pipelines, updates and their events, through the SDK."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from databricks.sdk.errors import AlreadyExists, BadRequest, NotFound, ResourceConflict
from databricks.sdk.service.pipelines import (
    FileLibrary,
    NotebookLibrary,
    PathPattern,
    PipelineCluster,
    PipelineLibrary,
    UpdateInfoState,
)
from databricks.sdk.service.workspace import ImportFormat

from millpond.workspace import FakeWorkspace

HOME = "/Workspace/Users/user@example.com"


@pytest.fixture
def pipeline(client: Any) -> str:
    client.workspace.upload(f"{HOME}/a.sql", b"SELECT 1", format=ImportFormat.AUTO)
    library = PipelineLibrary(file=FileLibrary(path=f"{HOME}/a.sql"))
    made = client.pipelines.create(
        name="etl",
        catalog="main",
        schema="silver",
        serverless=True,
        libraries=[library],
        configuration={"k": "v"},
    )
    return str(made.pipeline_id)


def finished(client: Any, workspace: FakeWorkspace, pipeline: str, update: str) -> Any:
    workspace.pipelines.wait()
    return client.pipelines.get_update(pipeline, update).update


def test_an_update_runs_the_imported_files(
    client: Any, workspace: FakeWorkspace, pipeline: str, updates: Any
) -> None:
    started = client.pipelines.start_update(pipeline, refresh_selection=["a"], validate_only=True)
    update = finished(client, workspace, pipeline, started.update_id)
    assert update.state is UpdateInfoState.COMPLETED
    (spec,), (asked,) = updates.specs, updates.asked
    assert (spec.pipeline_id, spec.catalog, spec.schema) == (pipeline, "main", "silver")
    assert spec.configuration == {"k": "v"}
    assert [source.path.read_text() for source in spec.sources] == ["SELECT 1"]
    assert (asked.update_id, asked.refresh, asked.validate_only) == (update.update_id, ("a",), True)


@pytest.mark.parametrize(
    "library",
    [
        PipelineLibrary(notebook=NotebookLibrary(path=f"{HOME}/src/etl")),
        PipelineLibrary(glob=PathPattern(include="/Users/user@example.com/src/**")),
    ],
)
def test_notebooks_and_folders(
    client: Any, workspace: FakeWorkspace, updates: Any, library: PipelineLibrary
) -> None:
    client.workspace.mkdirs(f"{HOME}/src")
    text = b"# Databricks notebook source\nimport dlt\n"
    client.workspace.upload(f"{HOME}/src/etl.py", text, format=ImportFormat.AUTO)
    made = client.pipelines.create(
        name="p", catalog="c", schema="s", libraries=[library], root_path=f"{HOME}/src"
    )
    client.pipelines.start_update(made.pipeline_id)
    workspace.pipelines.wait()
    (spec,) = updates.specs
    assert [source.path.name for source in spec.sources] == ["etl.py"]
    assert spec.root_path == spec.sources[0].path.parent


def test_its_events_come_back(client: Any, workspace: FakeWorkspace, pipeline: str) -> None:
    update = client.pipelines.start_update(pipeline).update_id
    finished(client, workspace, pipeline, update)
    events = list(client.pipelines.list_pipeline_events(pipeline, max_results=2))
    assert [event.id for event in events] == ["event-2", "event-1", "event-0"]
    assert {event.origin.update_id for event in events} == {update}
    assert events[-1].timestamp == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("filtered", "number"),
    [
        ("level='INFO'", 2),
        ("level in ('ERROR', 'WARN')", 1),
        ("level = 'INFO' AND timestamp > '2026-01-02T03:04:05Z'", 1),
        ("id='event-1'", 1),
    ],
)
def test_events_are_filtered(
    client: Any,
    workspace: FakeWorkspace,
    pipeline: str,
    updates: Any,
    filtered: str,
    number: int,
) -> None:
    updates.state = "FAILED"
    finished(client, workspace, pipeline, client.pipelines.start_update(pipeline).update_id)
    events = list(
        client.pipelines.list_pipeline_events(
            pipeline, filter=filtered, order_by=["timestamp asc"], max_results=1
        )
    )
    assert len(events) == number
    assert [event.id for event in events] == sorted(event.id for event in events)


def test_an_unknown_filter_is_refused(client: Any, pipeline: str) -> None:
    with pytest.raises(BadRequest):
        list(client.pipelines.list_pipeline_events(pipeline, filter="message LIKE 'x'"))


def test_one_update_at_a_time(
    client: Any, workspace: FakeWorkspace, pipeline: str, updates: Any
) -> None:
    going_on = threading.Event()
    updates.before = lambda: going_on.wait(30)
    client.pipelines.start_update(pipeline)
    try:
        with pytest.raises(ResourceConflict):
            client.pipelines.start_update(pipeline)
        assert client.pipelines.get(pipeline).state.value == "RUNNING"
    finally:
        going_on.set()
    workspace.pipelines.wait()
    assert client.pipelines.get(pipeline).state.value == "IDLE"


def test_an_update_that_cannot_start_says_why(
    client: Any, workspace: FakeWorkspace, pipeline: str
) -> None:
    finished(client, workspace, pipeline, client.pipelines.start_update(pipeline).update_id)
    client.workspace.delete(f"{HOME}/a.sql")
    update = client.pipelines.start_update(pipeline).update_id
    assert finished(client, workspace, pipeline, update).state is UpdateInfoState.FAILED
    event = next(iter(client.pipelines.list_pipeline_events(pipeline)))
    assert "PATH_NOT_FOUND" in event.error.exceptions[0].message


def test_volumes_of_the_workspace_are_inputs(
    client: Any, workspace: FakeWorkspace, pipeline: str, updates: Any
) -> None:
    import io

    client.files.upload("/Volumes/main/raw/landing/1.json", io.BytesIO(b"{}"))
    finished(client, workspace, pipeline, client.pipelines.start_update(pipeline).update_id)
    (inputs,) = updates.inputs
    (mapping,) = inputs.paths
    assert mapping.local == workspace.files.volumes / "main/raw/landing"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"name": "p", "serverless": True, "clusters": [PipelineCluster(num_workers=1)]},
        {"name": "p", "schema": "a", "target": "b"},
        {"name": "p", "tags": {str(number): "" for number in range(26)}},
    ],
)
def test_settings_that_are_refused(client: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        client.pipelines.create(**settings)


def test_a_name_is_used_once(client: Any, pipeline: str) -> None:
    with pytest.raises((ResourceConflict, AlreadyExists)):
        client.pipelines.create(name="etl")
    client.pipelines.create(name="etl", allow_duplicate_names=True)


def test_changed_listed_and_deleted(client: Any, pipeline: str) -> None:
    client.pipelines.update(pipeline, name="etl2", catalog="main")
    assert [each.name for each in client.pipelines.list_pipelines()] == ["etl2"]
    assert client.pipelines.get(pipeline).spec.name == "etl2"
    client.pipelines.delete(pipeline)
    with pytest.raises(NotFound):
        client.pipelines.get(pipeline)
