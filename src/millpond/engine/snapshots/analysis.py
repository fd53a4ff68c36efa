"""What a flow from snapshots gives its target, before any data is moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond.definitions import Flow, QualifiedName
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.outside import read_delta
from millpond.engine.evaluation.reading import Reading
from millpond.engine.evaluation.relations import evaluating
from millpond.engine.snapshots.checks import check_snapshot
from millpond.engine.snapshots.columns import SYSTEM, with_system, without_system
from millpond.engine.snapshots.memory import SnapshotMemory
from millpond.engine.snapshots.settings import shows_times
from millpond.engine.snapshots.source import Asked, ask, is_versioned
from millpond.engine.snapshots.versions import spark_type, type_of
from millpond.engine.writing.schema import declared_schema
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import DataType, StructType


class SnapshotAnalysis:
    """Resolves the flows from snapshots of one graph.

    Args:
        renewed: keys of the tables that the update empties: their flows start without a version.
    """

    def __init__(self, context: UpdateContext, renewed: frozenset[str]) -> None:
        self._context = context
        self._renewed = renewed
        self._asked: dict[str, Asked] = {}
        self._kinds: dict[str, DataType] = {}

    def asked(self, flow: Flow) -> Asked | None:
        """What the function of a flow answered, if that holds for the run."""
        return self._asked.get(".".join(flow.name))

    def first(self, flow: Flow, target: QualifiedName, reading: Reading) -> DataFrame:
        """The next snapshot of a function; without one, no rows and the columns that are known."""
        anew = target.key in self._renewed
        latest = None if anew else self._memory(flow, target).latest
        stored = self._stored(target)
        try:
            snapshot = ask(flow, target, reading, latest)
        except MillpondError:
            # Datasets of the pipeline are empty now, which a function need not expect.
            if stored is None or not self._reads_pipeline(reading):
                raise
            snapshot = None
        if not self._reads_pipeline(reading):
            self._asked[".".join(flow.name)] = Asked(latest, snapshot)
        if snapshot is not None:
            self._kinds[target.key] = spark_type(type_of(snapshot.version))
            return snapshot.frame
        with evaluating(None):
            return self._context.session.createDataFrame([], self._known(target, stored))

    def target(
        self, frame: DataFrame, flow: Flow, name: QualifiedName, declared: StructType | None
    ) -> DataFrame:
        """The columns of the target, from those of its snapshots.

        Raises:
            MillpondError: what is wrong with them (see `check_snapshot`).
        """
        if not frame.columns:
            return frame  # There is no snapshot yet, and so no table.
        check_snapshot(frame, flow, name)
        return with_system(frame, flow, self._kind(flow, name, declared), declared)

    def _kind(self, flow: Flow, name: QualifiedName, declared: StructType | None) -> DataType:
        """The type of versions."""
        if name.key in self._kinds:
            return self._kinds[name.key]
        if not is_versioned(flow):
            return spark_type(
                "timestamp" if shows_times(self._context.spec, declared) else "bigint"
            )
        known = self._stored(name) or declared
        fields = known.fields if known is not None else ()
        system = [each.dataType for each in fields if each.name.casefold() in SYSTEM]
        return system[0] if system else spark_type("bigint")

    def _known(self, name: QualifiedName, stored: StructType | None) -> StructType:
        from pyspark.sql.types import StructType

        if stored is not None:
            return without_system(stored)
        dataset = self._context.graph.nodes[name.key].dataset
        declared = declared_schema(self._context.session, dataset, name)
        return without_system(declared) if declared is not None else StructType()

    def _stored(self, name: QualifiedName) -> StructType | None:
        """The columns of the target, if an update has made it."""
        stored = self._context.state.tables.get(name.key)
        if stored is None or not stored.created:
            return None
        path = self._context.state.table_path(name)
        return read_delta(self._context.session, path, False, {}).schema

    def _memory(self, flow: Flow, name: QualifiedName) -> SnapshotMemory:
        return SnapshotMemory(self._context.state.checkpoint_path(name, ".".join(flow.name)))

    def _reads_pipeline(self, reading: Reading) -> bool:
        return any(key in self._context.graph.nodes for key in reading.seen)
