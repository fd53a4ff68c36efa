"""What a stream has still to read, from the progress that Spark reports (reference 6.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceBacklog:
    """The backlog of one source after a batch; None where it is not known.

    Open-source Spark knows the records that Kafka still holds. How much of a table or folder is
    left is known only once all that was there has been read.
    """

    source_name: str
    backlog_records: int | None = None
    backlog_bytes: int | None = None
    backlog_files: int | None = None

    def details(self) -> dict[str, object]:
        """One element of `details.flow_progress.metrics.source_metrics`."""
        numbers = {
            "backlog_records": self.backlog_records,
            "backlog_bytes": self.backlog_bytes,
            "backlog_files": self.backlog_files,
        }
        known = {name: value for name, value in numbers.items() if value is not None}
        return {"source_name": self.source_name, **known}


def backlogs(sources: Iterable[Mapping[str, Any]], *, all_read: bool) -> list[SourceBacklog]:
    """The backlog of each source of a streaming query.

    Args:
        sources: `sources` of Spark's progress of a batch, as its JSON has them.
        all_read: whether the query has read everything that was there when it began.
    """
    return [_backlog(source, all_read) for source in sources]


def _backlog(source: Mapping[str, Any], all_read: bool) -> SourceBacklog:
    name = str(source["description"])
    ends, latest = source.get("endOffset"), source.get("latestOffset")
    if name.startswith("Kafka"):
        records = 0 if all_read else _records(ends, latest)
        return SourceBacklog(name, backlog_records=records, backlog_bytes=0 if all_read else None)
    nothing = 0 if all_read else None
    return SourceBacklog(name, backlog_bytes=nothing, backlog_files=nothing)


def _records(ends: object, latest: object) -> int | None:
    """The records between two offsets of Kafka, each `{topic: {partition: offset}}`."""
    if not isinstance(ends, Mapping) or not isinstance(latest, Mapping):
        return None
    return sum(
        max(0, int(offset) - int(ends.get(topic, {}).get(partition, 0)))
        for topic, partitions in latest.items()
        for partition, offset in partitions.items()
    )
