"""Run a flow from snapshots: what changed between them, into its target, version by version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from millpond import codes, notices
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.answers import FlowQuery
from millpond.engine.evaluation.outside import read_delta
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.snapshots.checks import check_keys, check_snapshot
from millpond.engine.snapshots.columns import (
    comparison,
    snapshot_cdc,
    whole_columns,
    without_system,
)
from millpond.engine.snapshots.memory import SnapshotMemory, table_version
from millpond.engine.snapshots.merge import (
    END_AT,
    START_AT,
    Changed,
    apply,
    counted,
    differences,
    fitted,
)
from millpond.engine.snapshots.settings import fails_out_of_order, shows_times
from millpond.engine.snapshots.source import Snapshot, ask, is_versioned
from millpond.engine.snapshots.versions import Version, is_after, next_moment
from millpond.engine.writing import tables
from millpond.engine.writing.once import is_done, mark_done
from millpond.engine.writing.progress import FlowProgress
from millpond.errors import MillpondError
from millpond.events.metrics import Metrics
from millpond.quality.counts import Counts, counts_of_batch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def run_snapshots(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
) -> bool:
    """Apply every snapshot that there is now: of a function until it has none, of a table one.

    Returns whether it got to the end; False if the update was asked to stop.
    """
    run = _SnapshotRun(context, graph, dataset, flow, progress)
    if flow.flow.once and is_done(run.checkpoint):
        return True
    run.recover()
    try:
        for snapshot in run.snapshots():
            with progress.timed("CDC_SNAPSHOT"):
                run.apply(snapshot)
            if context.stop.is_set():
                return False
    finally:
        run.tell()
    if flow.flow.once:
        mark_done(run.checkpoint)
    return True


class _SnapshotRun:
    """One run of one flow."""

    def __init__(
        self,
        context: UpdateContext,
        graph: ResolvedGraph,
        dataset: ResolvedDataset,
        flow: ResolvedFlow,
        progress: FlowProgress,
    ) -> None:
        self._context = context
        self._graph = graph
        self._dataset = dataset
        self._flow = flow
        self._progress = progress
        self._cdc = snapshot_cdc(flow.flow)
        self._path = context.state.table_path(dataset.name)
        self.checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
        self._memory = SnapshotMemory(self.checkpoint)
        self._query = FlowQuery(context, graph)
        self._changed = Changed()
        self._counts: dict[int, Counts] = {}

    def recover(self) -> None:
        """Take up what a run that died left: a snapshot that may or may not be in the target."""
        self._memory.recover(self._context.session, self._path)

    def snapshots(self) -> Iterator[Snapshot]:
        """The snapshots to apply, in order; each is asked for once the one before is applied."""
        if not is_versioned(self._flow.flow):
            frame = self._fresh().frame(self._dataset, self._flow)
            yield Snapshot(frame, self._next_version())
            return
        skipped: Version | None = None
        while True:
            latest = self._memory.latest
            snapshot = self._next(latest)
            if snapshot is None:
                return
            floor = self._floor(snapshot.version) if latest is None else latest
            if floor is None or is_after(snapshot.version, floor):
                yield snapshot
            elif snapshot.version == skipped:
                # A function that only looks at its argument has no other answer.
                return
            else:
                self._skip(snapshot.version, floor)
                skipped = snapshot.version
                if self._flow.asked is not None:
                    self._flow.asked.is_spent = True

    def apply(self, snapshot: Snapshot) -> None:
        """Merge what a snapshot changes, and remember its version.

        Raises:
            MillpondError: what is wrong with the snapshot; nothing of it is applied then.
        """
        session, flow = self._context.session, self._flow.flow
        check_snapshot(snapshot.frame, flow, self._dataset.name)
        rows = self._prepared(snapshot)
        stored = read_delta(session, self._path, False, {})
        how = comparison(stored.schema, flow)
        with _held(fitted(rows, without_system(stored.schema))) as frame:
            check_keys(frame, how.keys, flow, self._dataset.name)
            current = stored if how.tracked is None else stored.filter(f"{END_AT} IS NULL")
            with _held(differences(frame, current, how)) as changes:
                changed = counted(changes)
                if changed:
                    self._memory.begin(
                        self._cdc, snapshot.version, table_version(session, self._path)
                    )
                    apply(session, self._path, changes, how, snapshot.version, changed.new_only)
                self._memory.commit(self._cdc, snapshot.version)
        self._changed += changed
        self._count()

    def _fresh(self) -> FlowQuery:
        """Views are read anew: each snapshot sees them as they are when it is asked for."""
        self._query = FlowQuery(self._context, self._graph)
        return self._query

    def _next(self, latest: Version | None) -> Snapshot | None:
        asked = self._flow.asked
        if asked is not None and not asked.is_spent and asked.latest == latest:
            # A snapshot that is applied raises the version; until then it is there to try again.
            asked.is_spent = asked.snapshot is None
            return asked.snapshot
        reading = self._fresh().reading(self._flow.flow, self._dataset.name)
        return ask(self._flow.flow, self._dataset.name, reading, latest)

    def _next_version(self) -> Version:
        """Of a table: 0, 1, 2, …, or the time of the run where that is asked for."""
        latest = self._memory.latest
        times = shows_times(self._context.spec, self._dataset.declared)
        if latest is not None and isinstance(latest, datetime) is not times:
            raise self._changed_versions(times)
        if times:
            return next_moment(datetime.now(timezone.utc), latest)
        floor = self._floor(0) if latest is None else latest
        return floor + 1 if isinstance(floor, int) else 0

    def _changed_versions(self, times: bool) -> MillpondError:
        before, now = ("numbers", "times") if times else ("times", "numbers")
        return MillpondError(
            codes.SNAPSHOT_STATE_DRIFT,
            at=self._flow.flow.at,
            target=self._dataset.name,
            what="versions that are",
            before=before,
            now=now,
        )

    def _floor(self, version: Version) -> Version | None:
        """The newest version in a target whose flow has forgotten it: its checkpoint was reset."""
        from pyspark.sql import functions as F

        if not self._context.state.tables[self._dataset.name.key].created:
            return None
        stored = read_delta(self._context.session, self._path, False, {})
        if START_AT not in stored.columns:
            return None
        newest = stored.agg(F.max(F.greatest(START_AT, END_AT))).first()
        found = newest[0] if newest is not None else None
        return found if type(found) is type(version) else None

    def _skip(self, version: Version, latest: Version) -> None:
        """Leave out a snapshot that comes too late (reference 1.6), or fail as Databricks did."""
        error = MillpondError(
            codes.SNAPSHOT_OUT_OF_ORDER,
            at=self._flow.flow.at,
            target=self._dataset.name,
            version=repr(version),
            latest=repr(latest),
        )
        if fails_out_of_order(self._context.spec):
            raise error
        notices.warn(error)

    def _prepared(self, snapshot: Snapshot) -> DataFrame:
        """The snapshot as its target declares it; the target has all of its columns then.

        Raises:
            MillpondError: SCHEMA_MISMATCH, INCOMPATIBLE_SCHEMA_CHANGE.
        """
        name, flow = self._dataset.name, self._flow.flow
        rows = whole_columns(snapshot, flow, self._dataset.declared, name)
        dataset = replace(self._dataset, schema=rows.schema)
        tables.create(self._context, dataset)
        tables.widen(self._context, dataset)
        return rows

    def _count(self) -> None:
        """Add what the expectations of the views counted of a snapshot."""
        for place, guard in enumerate(self._query.guards):
            counts = counts_of_batch(guard) if guard.expectations else None
            if counts is not None:
                before = self._counts.get(place)
                self._counts[place] = counts if before is None else before + counts

    def tell(self) -> None:
        """What the snapshots changed, which Databricks does not tell (4.5), and the counts."""
        if not self._changed and not self._counts:
            return
        changed = Metrics(
            num_upserted_rows=self._changed.upserted,
            num_deleted_rows=self._changed.deleted,
            only_here=True,
        )
        self._progress.numbers("RUNNING", self._counts.values(), metrics=changed)


@contextmanager
def _held(frame: DataFrame) -> Iterator[DataFrame]:
    """A frame that is computed once, however often it is looked at."""
    frame.persist()
    try:
        yield frame
    finally:
        frame.unpersist()
