"""What a user should know of a run that is not an error: differences from Databricks, warnings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from millpond.differences import Feature
    from millpond.errors import MillpondError
    from millpond.location import Span


@dataclass(frozen=True, slots=True)
class Difference:
    """A feature that has another effect here than on Databricks, and the line that uses it.

    Attributes:
        at: the clause, argument or setting; None where there is no source (a command's option).
    """

    feature: Feature
    at: Span | None


class Notices:
    """Collects notices in the order in which they are given, each one once."""

    def __init__(self) -> None:
        self._differences: dict[Difference, None] = {}
        self._warnings: dict[tuple[str, Span | None, str], MillpondError] = {}

    def note(self, feature: Feature, at: Span | None) -> None:
        """Add a difference."""
        self._differences.setdefault(Difference(feature, at))

    def warn(self, warning: MillpondError) -> None:
        """Add a warning: an error's form, for what does not stop the run."""
        self._warnings.setdefault((warning.code.name, warning.at, warning.message), warning)

    def take_back(self, warning: MillpondError) -> None:
        """Forget a warning that turned out to be an error."""
        self._warnings.pop((warning.code.name, warning.at, warning.message), None)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The differences so far."""
        return tuple(self._differences)

    @property
    def warnings(self) -> tuple[MillpondError, ...]:
        """The warnings so far."""
        return tuple(self._warnings.values())


_active: ContextVar[Notices | None] = ContextVar("millpond_notices", default=None)


@contextmanager
def noticing(notices: Notices) -> Iterator[Notices]:
    """Make `notices` the ones that `note` and `warn` add to."""
    token = _active.set(notices)
    try:
        yield notices
    finally:
        _active.reset(token)


def active_notices() -> Notices:
    """The notices that `note` and `warn` add to, for a thread to add to them too."""
    return _active.get() or Notices()


def note(feature: Feature, at: Span | None) -> None:
    """Tell the user, after the run, that a feature works otherwise here."""
    notices = _active.get()
    if notices is not None:
        notices.note(feature, at)


def warn(warning: MillpondError) -> None:
    """Tell the user something that does not stop the run."""
    notices = _active.get()
    if notices is not None:
        notices.warn(warning)


def take_back(warning: MillpondError) -> None:
    """Forget a warning that turned out to be an error."""
    notices = _active.get()
    if notices is not None:
        notices.take_back(warning)
