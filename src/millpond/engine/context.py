"""What every part of one update needs: the settings, the session, the state, the graph."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from millpond.definitions import PipelineSpec
from millpond.engine.classic.plan import StreamSource
from millpond.engine.state import State
from millpond.graph.declared import DeclaredGraph
from millpond.sources.inputs import LocalInputs

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True, slots=True)
class UpdateContext:
    """One update's surroundings.

    Attributes:
        stop: set when the update is to end after the batches that are running.
        reads: what the stream of a flow read in its last pass, by the flow's key; None where
            the session cannot tell.
    """

    spec: PipelineSpec
    session: SparkSession
    state: State
    inputs: LocalInputs
    graph: DeclaredGraph
    stop: threading.Event = field(default_factory=threading.Event)
    reads: dict[str, tuple[StreamSource, ...] | None] = field(default_factory=dict)
