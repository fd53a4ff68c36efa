"""The state folder of one project and target: where tables, checkpoints and the log live.

```
millpond-state.json      marks the folder as ours; the tables in it, by full name
tables/<catalog>/<schema>/<table>/<generation>/        Delta
checkpoints/<catalog>/<schema>/<table>/<generation>/<flow>/
schemas/…                what Auto Loader remembers, beside the checkpoints
events/                  the event log, Delta
running.jsonl            the events of the update that is running
logs/                    what Spark prints
```

A full refresh starts a new generation of a table and its checkpoints; the old one is deleted.
So a path never holds two different tables, which neither Delta's caches nor a stream that reads
the table would survive.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from millpond import __version__, codes
from millpond.definitions import QualifiedName
from millpond.delta_log import is_table
from millpond.engine.holder import held_state
from millpond.errors import MillpondError

_NO_PART = "%none"
"""Stands for the catalog and schema of a sink; no name is escaped to it."""
_LONGEST = 200
"""Letters of a folder's name; file systems take 255, and a checkpoint's gets a few more."""
STATE_FILE = "millpond-state.json"
WRITTEN = "TABLE"
"""The kind of a table that source writes itself; no pipeline fills it."""


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table in the state folder.

    Attributes:
        created: whether its Delta table exists; a table that never ran has none.
        active: False once its definition is gone from the pipeline (reference 5.8).
        columns: stands for the columns that its query had in the last update.
        owner: the name of the pipeline that fills it.
        query: of a published view its SQL, which is run where it is read; empty for a table.
        query_catalog, query_schema: where the names in `query` are looked up.
        changes: of a target of AUTO CDC, what must stay the same: keys, kind of history, ….
        wider: the type in the table of each column to which its query now gives a narrower one.
    """

    catalog: str
    schema: str
    name: str
    kind: str
    pipeline: str
    generation: int = 0
    created: bool = False
    active: bool = True
    private: bool = False
    columns: str = ""
    owner: str = ""
    query: str = ""
    query_catalog: str = ""
    query_schema: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    wider: Mapping[str, str] = field(default_factory=dict)

    @property
    def qualified(self) -> QualifiedName:
        """Its full name."""
        return QualifiedName(self.catalog, self.schema, self.name)


@dataclass(slots=True)
class State:
    """The state folder; its record is written at each change, whole and at once.

    Attributes:
        catalog, schema, project, target: of the pipeline that ran last.
        event_logs: ids of pipelines by the key of the name under which their log is published.
    """

    folder: Path
    catalog: str = "main"
    schema: str = "default"
    project: str = ""
    tables: dict[str, StoredTable] = field(default_factory=dict)
    target: str = ""
    event_logs: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _table_locks: dict[str, threading.Lock] = field(default_factory=dict, repr=False)

    @property
    def events(self) -> Path:
        """The event log's Delta table."""
        return self.folder / "events"

    @property
    def journal(self) -> Path:
        """The events that the log does not have yet, of a running or a killed update."""
        return self.folder / "running.jsonl"

    @property
    def logs(self) -> Path:
        """What Spark prints."""
        return self.folder / "logs"

    def table_path(self, name: QualifiedName) -> Path:
        """The Delta table of a dataset, in its current generation."""
        return self.folder / "tables" / _folder(name) / str(self._generation(name))

    def checkpoint_path(self, table: QualifiedName, flow: str) -> Path:
        """The checkpoint of one flow into a table, in the table's current generation."""
        generation = str(self._generation(table))
        return self.folder / "checkpoints" / _folder(table) / generation / _part(flow)

    def schema_path(self, table: QualifiedName, flow: str) -> Path:
        """Where Auto Loader keeps the inferred schema of one flow's sources."""
        generation = str(self._generation(table))
        return self.folder / "schemas" / _folder(table) / generation / _part(flow)

    def creating(self, name: QualifiedName) -> threading.Lock:
        """Held while a table is created: several flows may be the first to need it."""
        with self._lock:
            return self._table_locks.setdefault(name.key, threading.Lock())

    def changing(self, name: QualifiedName) -> threading.Lock:
        """Held while a batch looks at a table's rows and changes them; flows may share a table."""
        with self._lock:
            return self._table_locks.setdefault(f"{name.key} changes", threading.Lock())

    def record(self, table: StoredTable) -> None:
        """Add or replace a table's record."""
        with self._lock:
            self.tables[table.qualified.key] = table
            self._write()

    def record_written(self, name: QualifiedName) -> Path:
        """Record a table that source writes itself; returns the folder it is to be in."""
        with self._lock:
            if name.key not in self.tables:
                table = StoredTable(
                    name.catalog, name.schema, name.name, WRITTEN, pipeline="", created=True
                )
                self.tables[name.key] = table
                self._write()
        return self.table_path(name)

    def mark_created(self, name: QualifiedName) -> None:
        """Note that a table's Delta table exists now."""
        with self._lock:
            if not self.tables[name.key].created:
                self.tables[name.key] = replace(self.tables[name.key], created=True)
                self._write()

    def publish_log(self, name: QualifiedName, pipeline_id: str) -> None:
        """Let a pipeline's event log be read as a table (the setting `event_log`)."""
        with self._lock:
            self.event_logs[name.key] = pipeline_id
            self._write()

    def renew(self, name: QualifiedName) -> None:
        """Start a new generation of a table, empty and without checkpoints; delete the old."""
        with self._lock:
            table = self.tables.get(name.key)
            if table is None:
                return
            self.tables[name.key] = replace(table, generation=table.generation + 1, created=False)
            self._write()
        for kind in ("tables", "checkpoints", "schemas"):
            shutil.rmtree(self.folder / kind / _folder(name) / str(table.generation), True)

    def drop(self, name: QualifiedName) -> None:
        """Forget a table and delete its rows and checkpoints."""
        self.renew(name)
        with self._lock:
            del self.tables[name.key]
            self._write()
        for kind in ("tables", "checkpoints", "schemas"):
            shutil.rmtree(self.folder / kind / _folder(name), True)

    def drop_checkpoint(self, table: QualifiedName, flow: str) -> None:
        """Let one flow read its sources from the start; the table keeps its rows."""
        checkpoint = self.checkpoint_path(table, flow)
        if checkpoint.is_dir():
            # Renamed first: half a checkpoint would be worse than either.
            dropped = checkpoint.with_name(f"{checkpoint.name}.dropped")
            shutil.rmtree(dropped, True)
            checkpoint.rename(dropped)
            shutil.rmtree(dropped, True)

    def _generation(self, name: QualifiedName) -> int:
        table = self.tables.get(name.key)
        return table.generation if table is not None else 0

    def _write(self) -> None:
        content = {
            "millpond": __version__,
            "project": self.project,
            "catalog": self.catalog,
            "schema": self.schema,
            "target": self.target,
            "event_logs": self.event_logs,
            "tables": [asdict(table) for table in self.tables.values()],
        }
        new = self.folder / f"{STATE_FILE}.new"
        new.write_text(json.dumps(content, indent=1), encoding="utf-8")
        new.replace(self.folder / STATE_FILE)


def read_state(folder: Path) -> State:
    """The state in a folder.

    Raises:
        MillpondError: NO_STATE if no pipeline has run there; STATE_NOT_READABLE if its record is
            damaged, or of a Millpond that knows more.
    """
    file = folder / STATE_FILE
    if not file.is_file():
        raise MillpondError(codes.NO_STATE, state=folder)
    try:
        return _state(folder, json.loads(file.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise MillpondError(
            codes.STATE_NOT_READABLE, file=file, version=__version__, reason=error
        ) from error


def _state(folder: Path, content: Mapping[str, Any]) -> State:
    tables = [StoredTable(**table) for table in content["tables"]]
    return State(
        folder,
        content["catalog"],
        content["schema"],
        content["project"],
        {table.qualified.key: table for table in tables},
        content.get("target", ""),
        content.get("event_logs", {}),
    )


def stored_path(state: State, name: QualifiedName, *, private: bool = False) -> Path | None:
    """The Delta table of a table that an update has published, None if there is none.

    Args:
        private: a private table will do as well.
    """
    stored = state.tables.get(name.key)
    if stored is None or not stored.created or stored.query or (stored.private and not private):
        return None
    path = state.table_path(stored.qualified)
    # What source meant to write itself may have failed.
    return None if stored.kind == WRITTEN and not is_table(path) else path


@contextmanager
def open_state(
    folder: Path, catalog: str, schema: str, project: Path, target: str = ""
) -> Iterator[State]:
    """The state in a folder, made if it is new, and locked against other updates.

    Raises:
        MillpondError: STATE_IN_USE if another process runs an update there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with held_state(folder):
        state = read_state(folder) if (folder / STATE_FILE).is_file() else State(folder)
        state.catalog, state.schema, state.project = catalog, schema, str(project)
        state.target = target
        state._write()
        yield state


def _folder(name: QualifiedName) -> Path:
    return Path(_part(name.catalog), _part(name.schema), _part(name.name))


def _part(text: str) -> str:
    """A name as a folder's name: case folded, anything unusual escaped, a long one shortened."""
    escaped = quote(text.casefold(), safe="").replace(".", "%2E")
    if len(escaped) > _LONGEST:
        digest = hashlib.sha256(escaped.encode()).hexdigest()[:16]
        return f"{escaped[: _LONGEST - 20].rpartition('%')[0] or escaped[:100]}~{digest}"
    return escaped or _NO_PART
