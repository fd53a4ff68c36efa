"""The event log, in Databricks' shape, and what is read from it."""

from millpond.events.event import Event, Origin
from millpond.events.metrics import DataQuality, ExpectationCount, Metrics
from millpond.events.recorder import Recorder
from millpond.events.summary import UpdateSummary, summarize

__all__ = [
    "DataQuality",
    "Event",
    "ExpectationCount",
    "Metrics",
    "Origin",
    "Recorder",
    "UpdateSummary",
    "summarize",
]
