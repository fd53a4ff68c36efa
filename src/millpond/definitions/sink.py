"""A sink: a place outside the pipeline that flows write to (reference 1.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from millpond.definitions.names import Name
from millpond.location import Span

FOREACH_BATCH = "foreachBatch"
"""The format of a sink that is a function, as the event log calls it."""


@dataclass(frozen=True, slots=True)
class Sink:
    """A target of append and update flows that is no dataset; unique by name in a pipeline.

    Attributes:
        format: `delta`, `kafka`, the name of a Python data source, or FOREACH_BATCH.
        options: of the writer, as the user gave them; empty for a function.
        function: takes the frame and the id of each batch; None for a format of Spark's.
    """

    name: Name
    format: str
    at: Span
    options: Mapping[str, str] = field(default_factory=dict)
    function: Callable[[Any, int], Any] | None = None
