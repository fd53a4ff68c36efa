"""What a decorated dataset function is replaced by (reference 1.1)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from millpond.api.registry import Registry
from millpond.definitions import Dataset, Expectation


class Placeholder:
    """Stands where the user's function stood; calling it does nothing and returns None.

    It remembers its dataset so that an expectation decorator *above* the dataset decorator
    still reaches it.
    """

    def __init__(self, function: Callable[[], Any], registry: Registry, dataset: Dataset) -> None:
        functools.update_wrapper(self, function)
        self._registry = registry
        self._dataset = dataset

    def __call__(self) -> None:
        """Return nothing: on Databricks too the decorated name is not the user's function."""

    def expect(self, expectations: tuple[Expectation, ...]) -> None:
        """Add expectations to the dataset that was defined here."""
        self._dataset = self._registry.add_expectations(self._dataset, expectations)
