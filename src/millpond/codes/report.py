"""Errors of reports on earlier updates."""

from __future__ import annotations

from millpond.codes.code import Code

NO_UPDATE = Code(
    "NO_UPDATE",
    "no update is in the event log yet",
    "Run the pipeline first (`millpond run`), or name its folder with --state DIR.",
)

UPDATE_NOT_FOUND = Code(
    "UPDATE_NOT_FOUND",
    "{number} in the event log has an id that starts with {start!r}",
    "Give more of the id, or another one. The latest are {latest}.",
)

PORT_IN_USE = Code(
    "PORT_IN_USE",
    "port {port} of this machine cannot be listened on: {reason}",
    "Give another one with --port, or 0 for any that is free.",
)
