"""What a rehearsal of AUTO CDC found, and its JSON form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

SCHEMA_VERSION = 1


class Reason(str, Enum):
    """Why a target depends on the order in which its events arrive."""

    TIE = "TIE"
    """Different events of a key have the same sequence: Databricks says "undefined"."""
    NULL_SEQUENCE = "NULL_SEQUENCE"
    """Events have no sequence, and so no place in the order."""
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Finding:
    """Events of the feed that have no definite place in the order.

    Attributes:
        count: how many sequences are shared, or how many events have none.
        key: of one of them, as JSON.
        events: those of that key, as JSON.
    """

    count: int
    key: str
    events: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The form documented in docs/json-output.md."""
        return {"count": self.count, "key": self.key, "events": list(self.events)}


@dataclass(frozen=True, slots=True)
class Difference:
    """The first key whose rows were others in another order.

    Attributes:
        shuffle: which one it was, from 1.
        as_is, shuffled: the rows of the key, as JSON: with the feed as it is, and shuffled.
    """

    key: str
    shuffle: int
    as_is: tuple[str, ...]
    shuffled: tuple[str, ...]
    reason: Reason

    def to_json(self) -> dict[str, Any]:
        """The form documented in docs/json-output.md."""
        return {
            "key": self.key,
            "shuffle": self.shuffle,
            "as_is": list(self.as_is),
            "shuffled": list(self.shuffled),
            "reason": self.reason.value,
        }


@dataclass(frozen=True, slots=True)
class TargetOutcome:
    """What came of one target.

    Attributes:
        events: how many the feeds of its flows hold.
        ties, nulls: events without a definite place; None if there are none.
        difference: None if every order gave the same rows, or none was tried.
    """

    name: str
    flows: tuple[str, ...]
    events: int
    ties: Finding | None = None
    nulls: Finding | None = None
    difference: Difference | None = None

    @property
    def is_same(self) -> bool:
        """Whether the target came out the same in every order; without a sequence none is tried."""
        return self.difference is None and self.nulls is None

    def to_json(self) -> dict[str, Any]:
        """The form documented in docs/json-output.md."""
        return {
            "name": self.name,
            "flows": list(self.flows),
            "events": self.events,
            "same": self.is_same,
            "ties": self.ties.to_json() if self.ties is not None else None,
            "null_sequences": self.nulls.to_json() if self.nulls is not None else None,
            "difference": self.difference.to_json() if self.difference is not None else None,
        }


@dataclass(frozen=True, slots=True)
class RehearsalOutcome:
    """What came of all targets."""

    seed: int
    shuffles: int
    batches: int
    targets: tuple[TargetOutcome, ...]

    @property
    def is_same(self) -> bool:
        """Whether no target depends on the order."""
        return all(target.is_same for target in self.targets)

    def to_json(self) -> dict[str, Any]:
        """The form documented in docs/json-output.md."""
        return {
            "schema_version": SCHEMA_VERSION,
            "seed": self.seed,
            "shuffles": self.shuffles,
            "batches": self.batches,
            "targets": [target.to_json() for target in self.targets],
        }
