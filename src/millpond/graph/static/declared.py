"""What source declares, before names are brought together: datasets, flows and their reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from millpond.definitions import Name
from millpond.errors import MillpondError
from millpond.location import Span


@dataclass(frozen=True, slots=True)
class Read:
    """One place that reads something.

    Attributes:
        name: of a dataset or table, as written; None for a path or an unnamed source.
        path: of files, as written; None for a table. Both None: a source without a place, such
            as `rate`.
        streaming: whether it is read as a stream.
        certain: whether it is read whenever the query is evaluated.
        catalog, schema: the defaults in force there, or None for the pipeline's.
    """

    name: Name | None
    path: str | None
    streaming: bool
    certain: bool = True
    catalog: str | None = None
    schema: str | None = None


@dataclass(slots=True)
class DeclaredDataset:
    """A dataset, or a sink (of kind `EXTERNAL`).

    Attributes:
        certain: whether it exists in every run.
        expectations_known: whether `expectations` is all of them.
    """

    name: Name
    kind: str
    at: Span
    expectations: list[str] = field(default_factory=list)
    certain: bool = True
    expectations_known: bool = True


@dataclass(frozen=True, slots=True)
class DeclaredFlow:
    """A query and what it fills.

    Attributes:
        understood: whether `reads` is all it reads.
    """

    target: Name
    at: Span
    reads: tuple[Read, ...]
    understood: bool = True
    certain: bool = True


@dataclass(slots=True)
class Declarations:
    """Everything that a pipeline's source declares, in order."""

    datasets: list[DeclaredDataset] = field(default_factory=list)
    flows: list[DeclaredFlow] = field(default_factory=list)
    _warnings: dict[tuple[object, ...], MillpondError] = field(default_factory=dict)

    @property
    def warnings(self) -> tuple[MillpondError, ...]:
        """The warnings, each once, in the order given."""
        return tuple(self._warnings.values())

    def warn(self, warning: MillpondError) -> None:
        """Add a warning, unless the same one was given for this place."""
        params = tuple(sorted((key, str(value)) for key, value in warning.params.items()))
        self._warnings.setdefault((warning.code.name, warning.at, params), warning)


def merged_reads(groups: Iterable[Iterable[Read]]) -> tuple[Read, ...]:
    """The reads of several groups in order, each once."""
    return tuple(dict.fromkeys(read for group in groups for read in group))
