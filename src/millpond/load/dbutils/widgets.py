"""`dbutils.widgets`: values from the pipeline's configuration and parameters, else defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from millpond import codes
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.load.dbutils.refusal import Section


class Widgets(Section):
    """The widgets of one source file and of the notebooks it runs.

    Args:
        given: values by name, which win over defaults.
    """

    path = "dbutils.widgets"

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = dict(given)
        self._defaults: dict[str, str] = {}

    def arguments(self, given: Mapping[str, str]) -> None:
        """Take the values that `%run` gives the notebook it runs."""
        self._given.update(given)

    def text(self, name: str, defaultValue: str = "", label: str | None = None) -> None:
        """Define a widget."""
        self._defaults[name] = str(defaultValue)

    def dropdown(
        self,
        name: str,
        defaultValue: str = "",
        choices: Sequence[str] = (),
        label: str | None = None,
    ) -> None:
        """Define a widget of several choices."""
        self.text(name, defaultValue)

    combobox = dropdown
    multiselect = dropdown

    def get(self, name: str) -> str:
        """The value of a widget.

        Raises:
            MillpondError: INPUT_WIDGET_NOT_DEFINED.
        """
        if name in self._given:
            return self._given[name]
        if name in self._defaults:
            return self._defaults[name]
        raise MillpondError(codes.INPUT_WIDGET_NOT_DEFINED, at=caller_span(), name=name)

    def getArgument(self, name: str, defaultValue: str | None = None) -> str:
        """The old form of `get`, with a default."""
        if defaultValue is not None and name not in self._given and name not in self._defaults:
            return defaultValue
        return self.get(name)

    def getAll(self) -> dict[str, str]:
        """All widgets that are defined, with their values."""
        return {name: self.get(name) for name in self._defaults}

    def remove(self, name: str) -> None:
        """Forget a widget."""
        self._defaults.pop(name, None)

    def removeAll(self) -> None:
        """Forget all widgets."""
        self._defaults.clear()
