"""How rows and pass rates went over the updates of a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from millpond.events.event import Event
from millpond.events.reader import LoggedUpdate
from millpond.events.tally import DatasetTally, tally


@dataclass(frozen=True, slots=True)
class Past:
    """What one update did to each dataset that it wrote or checked."""

    update: LoggedUpdate
    tallies: Mapping[str, DatasetTally]

    def rate(self, dataset: str, expectation: str | None = None) -> float | None:
        """The share of checked rows that passed, of one expectation or of all of a dataset.

        None where nothing was checked.
        """
        counts = self.tallies.get(dataset, DatasetTally()).counts
        chosen = [
            count for name, count in counts.items() if expectation is None or name == expectation
        ]
        checked = sum(passed + failed for passed, failed in chosen)
        return sum(passed for passed, _ in chosen) / checked if checked else None

    @property
    def written(self) -> int:
        """The rows of all datasets."""
        return sum(each.rows_written for each in self.tallies.values())

    @property
    def dropped(self) -> int:
        """The rows that all datasets dropped."""
        return sum(each.rows_dropped for each in self.tallies.values())


def history(updates: Iterable[LoggedUpdate], events: Iterable[Event]) -> tuple[Past, ...]:
    """What each of the updates did, told from their `flow_progress` events."""
    by_update: dict[str | None, list[Event]] = {}
    for event in events:
        by_update.setdefault(event.update_id, []).append(event)
    return tuple(Past(update, tally(by_update.get(update.id, ()))) for update in updates)
