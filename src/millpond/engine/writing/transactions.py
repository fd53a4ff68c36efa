"""Ids under which Delta writes each batch of a flow once, however often it is run.

Delta skips a write whose application id it knows with the same or a higher number. Numbers begin
at 0 again when a checkpoint is dropped, so the id has to go with the checkpoint.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from millpond.engine.context import UpdateContext

_FILE = "millpond-id"


def application_id(context: UpdateContext, checkpoint: Path) -> str:
    """The id of a flow's writes, for as long as it has this checkpoint."""
    file = checkpoint / _FILE
    if not file.is_file():
        checkpoint.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f"{_FILE}.new")
        unfinished.write_text(str(uuid.uuid4()), encoding="utf-8")
        unfinished.replace(file)
    return f"{context.spec.pipeline_id}/{file.read_text(encoding='utf-8')}"
