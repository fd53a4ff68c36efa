"""What a decorated dataset or flow function is replaced by (reference 1.1)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from millpond import codes
from millpond.api.registry import Registry
from millpond.definitions import Dataset, Expectation, Flow
from millpond.errors import MillpondError


class Placeholder:
    """Stands where the user's function stood; calling it does nothing and returns None.

    It remembers what it defined so that an expectation decorator *above* the dataset decorator
    still reaches it.
    """

    def __init__(
        self, function: Callable[[], Any], registry: Registry, defined: Dataset | Flow
    ) -> None:
        functools.update_wrapper(self, function)
        self._registry = registry
        self._defined = defined

    def __call__(self, *_: Any, **__: Any) -> None:
        """Return nothing: on Databricks too the decorated name is not the user's function."""

    def expect(self, expectations: tuple[Expectation, ...]) -> None:
        """Add expectations to the dataset that was defined here.

        Raises:
            MillpondError: EXPECTATION_ON_FLOW, for on a flow they have no effect.
        """
        if isinstance(self._defined, Flow):
            for expectation in expectations:
                raise on_a_flow(expectation, ".".join(self._defined.target))
            return
        self._defined = self._registry.add_expectations(self._defined, expectations)


def on_a_flow(expectation: Expectation, target: str) -> MillpondError:
    """The error for an expectation on a flow, which belongs on its target (reference 1.4)."""
    return MillpondError(
        codes.EXPECTATION_ON_FLOW, at=expectation.at, name=expectation.name, target=target
    )
