"""The resolved graph: every dataset with its kind and columns, every flow with its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from millpond.cdc.layout import ChangeLayout
from millpond.definitions import Dataset, DatasetKind, Flow, QualifiedName, Sink

if TYPE_CHECKING:
    from pyspark.sql.types import StructType

    from millpond.engine.snapshots.source import Asked


@dataclass(frozen=True, slots=True)
class ResolvedFlow:
    """A flow and what its query reads directly: datasets of the pipeline and outside tables.

    Attributes:
        asked: the first snapshot of a function, if what it reads is there before the update. It
            is not asked for twice: a function may count its calls.
    """

    name: QualifiedName
    flow: Flow
    inputs: tuple[QualifiedName, ...]
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class ResolvedDataset:
    """A dataset with its decided kind and the columns its table or view has; or a sink.

    Attributes:
        layout: of a target of AUTO CDC, how its columns are used and which are hidden.
        feeds: whether a dataset of the pipeline reads its change data feed.
    """

    name: QualifiedName
    dataset: Dataset
    kind: DatasetKind
    schema: StructType
    declared: StructType | None
    flows: tuple[ResolvedFlow, ...]
    sink: Sink | None = None
    layout: ChangeLayout | None = None
    feeds: bool = False

    @property
    def is_view(self) -> bool:
        """Whether it is computed where it is read, and so is never run itself."""
        return self.kind is DatasetKind.TEMPORARY_VIEW


@dataclass(frozen=True, slots=True)
class ResolvedGraph:
    """All datasets by `QualifiedName.key`."""

    datasets: Mapping[str, ResolvedDataset]

    def tables(self) -> tuple[ResolvedDataset, ...]:
        """The datasets that are stored, and the sinks: what flows run for."""
        return tuple(found for found in self.datasets.values() if not found.is_view)

    def upstream_tables(self, name: QualifiedName) -> frozenset[str]:
        """Keys of the tables of this pipeline that a dataset reads, directly or through views."""
        found: set[str] = set()
        waiting = [name.key]
        visited: set[str] = set()
        while waiting:
            for flow in self.datasets[waiting.pop()].flows:
                for source in flow.inputs:
                    known = self.datasets.get(source.key)
                    if known is None or source.key in visited:
                        continue
                    visited.add(source.key)
                    if known.is_view:
                        waiting.append(source.key)
                    else:
                        found.add(source.key)
        return frozenset(found)
