"""A workspace for each test, the SDK as its client, and updates that a test plays itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from millpond.events import Event
from millpond.workspace import FakeWorkspace

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


class Updates:
    """Stands in for the engine: remembers what was run, and plays the events of an update."""

    def __init__(self) -> None:
        self.specs: list[Any] = []
        self.inputs: list[Any] = []
        self.asked: list[Any] = []
        self.state = "COMPLETED"
        self.before: Callable[[], None] = lambda: None
        self.queries: list[Any] = []
        self.answer: Callable[[str], list[Any]] = lambda text: [1]

    def run(self, spec: Any, state: Path, inputs: Any, asked: Any, on_event: Any) -> str:
        self.specs.append(spec)
        self.inputs.append(inputs)
        self.asked.append(asked)
        self.before()
        for number, name in enumerate(("INITIALIZING", "RUNNING", self.state)):
            on_event(event_of(number, asked, name))
        return self.state

    def query(self, state: Path, text: str, parameters: Any, names: Any) -> list[Any]:
        self.queries.append((text, dict(parameters), names))
        return self.answer(text)


def event_of(number: int, asked: Any, state: str) -> Event:
    origin = {"pipeline_id": asked.pipeline_id, "update_id": asked.update_id, "region": None}
    return Event(
        id=f"event-{number}",
        sequence=number,
        origin=origin,
        timestamp=START + timedelta(seconds=number),
        message=f"Update is {state}.",
        level="ERROR" if state == "FAILED" else "INFO",
        event_type="update_progress",
        details={"update_progress": {"state": state}},
    )


@pytest.fixture
def updates() -> Updates:
    return Updates()


@pytest.fixture
def workspace(tmp_path: Path, updates: Updates) -> Iterator[FakeWorkspace]:
    with FakeWorkspace(tmp_path / "workspace", run=updates.run, query=updates.query) as opened:
        yield opened


@pytest.fixture
def client(workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The SDK's own client."""
    for name in ("DATABRICKS_HOST", "DATABRICKS_TOKEN", "DATABRICKS_CONFIG_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", "/nowhere")
    from databricks.sdk import WorkspaceClient

    return WorkspaceClient(host=workspace.url, token=workspace.token, auth_type="pat")
