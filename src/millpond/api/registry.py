"""The registry that pipeline source hands its definitions to while it is being loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from millpond import codes
from millpond.definitions import Dataset, Definitions, EventHook, Expectation, Flow, Sink
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError


class Registry:
    """Collects definitions in the order in which source makes them."""

    def __init__(self) -> None:
        self._datasets: list[Dataset] = []
        self._flows: list[Flow] = []
        self._sinks: list[Sink] = []
        self._hooks: list[EventHook] = []

    def add_dataset(self, dataset: Dataset) -> None:
        """Add a dataset. Duplicates are found later, when the whole graph is known."""
        self._datasets.append(dataset)

    def add_flow(self, flow: Flow) -> None:
        """Add a flow."""
        self._flows.append(flow)

    def add_sink(self, sink: Sink) -> None:
        """Add a sink."""
        self._sinks.append(sink)

    def add_hook(self, hook: EventHook) -> None:
        """Add an event hook."""
        self._hooks.append(hook)

    def add_expectations(self, dataset: Dataset, expectations: tuple[Expectation, ...]) -> Dataset:
        """Give a dataset that is already registered more expectations; returns it anew."""
        index = next(i for i, known in enumerate(self._datasets) if known is dataset)
        grown = replace(dataset, expectations=(*expectations, *dataset.expectations))
        self._datasets[index] = grown
        return grown

    def definitions(self) -> Definitions:
        """All that was added so far."""
        return Definitions(
            tuple(self._datasets), tuple(self._flows), tuple(self._sinks), tuple(self._hooks)
        )


_active: ContextVar[Registry | None] = ContextVar("millpond_registry", default=None)


@contextmanager
def collecting(registry: Registry) -> Iterator[Registry]:
    """Make a registry the one that decorators and functions of the API add to."""
    token = _active.set(registry)
    try:
        yield registry
    finally:
        _active.reset(token)


def active_registry(feature: str) -> Registry:
    """The registry now in force.

    Raises:
        MillpondError: OUTSIDE_PIPELINE_SOURCE when no source is being loaded, for example in a
            dataset function's body.
    """
    registry = _active.get()
    if registry is None:
        raise MillpondError(codes.OUTSIDE_PIPELINE_SOURCE, at=caller_span(), feature=feature)
    return registry


def is_collecting() -> bool:
    """Whether source is being loaded, as opposed to a dataset function being run."""
    return _active.get() is not None
