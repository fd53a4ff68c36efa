"""What a continuous update knows of each flow from one pass to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from millpond.engine.context import UpdateContext
from millpond.engine.interval import default_interval, trigger_interval
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow
from millpond.engine.writing.arrivals import Marks, marks
from millpond.engine.writing.unchanged import Computation

_OUTSIDE = "INPUT_NOT_IN_DELTA"


@dataclass(slots=True)
class Passes:
    """Intervals, and what was read, by the keys of flows.

    Attributes:
        computed: what the materialized view of a flow was computed from in its last pass.
    """

    context: UpdateContext
    computed: dict[str, Computation] = field(default_factory=dict)
    _set: dict[str, float | None] = field(default_factory=dict)
    _flows: dict[str, ResolvedFlow] = field(default_factory=dict)
    _read: dict[str, Marks | None] = field(default_factory=dict)

    def set_intervals(self, flows: Iterable[tuple[ResolvedDataset, ResolvedFlow]]) -> None:
        """Read the intervals that are set.

        Raises:
            MillpondError: CONFIGURATION_NOT_VALID.
        """
        for dataset, flow in flows:
            self._flows[flow.name.key] = flow
            self._set[flow.name.key] = trigger_interval(self.context.spec, dataset, flow)

    def interval(self, key: str) -> float:
        """Seconds between two passes of a flow."""
        given = self._set[key]
        if given is not None:
            return given
        computed = self.computed.get(key)
        over_delta = computed is None or computed.issue != _OUTSIDE
        return default_interval(self._flows[key].flow.kind, over_delta=over_delta)

    def marks(self, key: str) -> Marks | None:
        """What the sources that the last pass of a flow's stream read hold now."""
        return marks(self.context.reads.get(key))

    def is_up_to_date(self, key: str, now: Marks | None) -> bool:
        """Whether the flow's last pass has read all of what its sources hold now.

        Marks are taken before a pass begins, so what arrives during it is not passed over.
        """
        return now is not None and now == self._read.get(key)

    def ended(self, key: str, before: Marks | None) -> None:
        """A pass has ended that read at least what the sources held before it."""
        self._read[key] = before
