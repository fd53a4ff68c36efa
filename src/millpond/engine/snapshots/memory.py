"""What a flow from snapshots remembers between updates: the version that its target is at.

The target and this record are two writes. Before a snapshot is applied the record says so and at
which version of the Delta table; a run that died between the two finds out from the table's
history whether the snapshot is in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond.definitions import SnapshotCdc
from millpond.engine.snapshots.versions import Version, decode, encode
from millpond.engine.spark.remote_delta import delta_table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ACTION = "__millpond_action"
"""The column, or the metadata of an append, by which a commit of ours is known in the history."""
_FILE = "snapshots.json"


@dataclass(frozen=True, slots=True)
class _Record:
    keys: tuple[str, ...]
    stored_as: str
    latest: dict[str, Any] | None = None
    pending: dict[str, Any] | None = None
    after: int = 0


@dataclass(slots=True)
class SnapshotMemory:
    """The record of one flow, in its checkpoint folder: a full refresh forgets it."""

    checkpoint: Path
    _record: _Record | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        file = self.checkpoint / _FILE
        if file.is_file():
            content = json.loads(file.read_text(encoding="utf-8"))
            self._record = _Record(**{**content, "keys": tuple(content["keys"])})

    @property
    def latest(self) -> Version | None:
        """The version that was applied last; None before the first."""
        latest = self._record.latest if self._record is not None else None
        return decode(latest) if latest is not None else None

    def drift(self, cdc: SnapshotCdc) -> Mapping[str, tuple[str, str]]:
        """What the flow was defined with before and is now, by what it is; empty if the same."""
        if self._record is None:
            return {}
        before, now = self._record, _record_of(cdc)
        same_keys = {k.casefold() for k in before.keys} == {k.casefold() for k in now.keys}
        found = {}
        if not same_keys:
            found["keys"] = (", ".join(before.keys), ", ".join(now.keys))
        if before.stored_as != now.stored_as:
            found["SCD type"] = (before.stored_as, now.stored_as)
        return found

    def begin(self, cdc: SnapshotCdc, version: Version, table_version: int) -> None:
        """Note that a version is about to be merged into the table as it is."""
        latest = self._record.latest if self._record is not None else None
        self._write(
            replace(_record_of(cdc), latest=latest, pending=encode(version), after=table_version)
        )

    def commit(self, cdc: SnapshotCdc, version: Version) -> None:
        """Note that a version is in the table."""
        self._write(replace(_record_of(cdc), latest=encode(version)))

    def recover(self, session: SparkSession, table: Path) -> None:
        """Decide whether a snapshot whose merge was begun is in the table."""
        record = self._record
        if record is None or record.pending is None:
            return
        applied = _is_applied(session, table, record.after)
        latest = record.pending if applied else record.latest
        self._write(replace(record, latest=latest, pending=None))

    def _write(self, record: _Record) -> None:
        self.checkpoint.mkdir(parents=True, exist_ok=True)
        new = self.checkpoint / f"{_FILE}.new"
        new.write_text(json.dumps(asdict(record)), encoding="utf-8")
        new.replace(self.checkpoint / _FILE)
        self._record = record


def table_version(session: SparkSession, table: Path) -> int:
    """The newest version of a Delta table."""
    newest = delta_table(session, table).history(1).select("version").first()
    assert newest is not None, "a table has a first version"
    return int(newest[0])


def _record_of(cdc: SnapshotCdc) -> _Record:
    return _Record(cdc.keys, cdc.stored_as.value)


def _is_applied(session: SparkSession, table: Path, after: int) -> bool:
    """Whether one of our commits was made to a table after a version of it."""
    from pyspark.sql import functions as F

    history = delta_table(session, table).history()
    merged = F.to_json("operationParameters").contains(ACTION)
    appended = F.coalesce(F.col("userMetadata") == ACTION, F.lit(False))
    return not history.filter((F.col("version") > after) & (merged | appended)).isEmpty()
