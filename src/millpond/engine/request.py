"""What is asked of an update."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from millpond.definitions import PipelineSpec
from millpond.engine.part import PartChooser
from millpond.engine.spark.session import LOCAL, SessionChoice
from millpond.sources.inputs import LocalInputs


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """What to run, where its state lives, and which part of it.

    Attributes:
        state: the state folder.
        inputs: what paths of the user's are on this machine.
        refresh: names of tables to refresh; with `full_refresh` empty too, all of them.
        full_refresh: names of tables to rebuild from the start.
        reset_checkpoint: names of flows that read their sources from the start into the rows
            that their tables have.
        dry_run: stop after the graph is resolved; nothing is written but the event log.
        continuous: go on with what arrives until the update is asked to stop (reference 5.3).
        refresh_failed: refresh the tables that failed in the last update, and what reads them.
        retries: in production mode, try an update again that may pass (reference 5.4).
        session: where Spark works, if this process has no session yet.
        cause: why it runs, a cause of reference 5.1.
        part: chooses the part of the graph to run; None runs the whole of it.
        update_id: the id of the update; a new one if None.
        stop: set by others to have the update end after the batches that are running.
    """

    spec: PipelineSpec
    state: Path
    inputs: LocalInputs
    refresh: tuple[str, ...] = ()
    full_refresh: tuple[str, ...] = ()
    full_refresh_all: bool = False
    dry_run: bool = False
    part: PartChooser | None = None
    reset_checkpoint: tuple[str, ...] = ()
    continuous: bool = False
    refresh_failed: bool = False
    retries: bool = False
    session: SessionChoice = LOCAL
    cause: str = "USER_ACTION"
    update_id: str | None = None
    stop: threading.Event | None = None
