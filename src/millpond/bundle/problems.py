"""The errors and warnings found so far, so that the user sees all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond.errors import Failures, MillpondError

if TYPE_CHECKING:
    from millpond.codes import Code
    from millpond.location import Span


class Problems:
    """Collects what is wrong with a bundle while it is being loaded.

    The same code at the same place is kept once: a value is checked again after references
    in it were resolved.
    """

    def __init__(self) -> None:
        self._errors: dict[tuple[str, Span | None, str], MillpondError] = {}
        self._warnings: dict[tuple[str, Span | None, str], MillpondError] = {}

    def error(
        self, code: Code, at: Span | None, *, hint: str | None = None, **params: object
    ) -> None:
        """Note an error; loading goes on to find more."""
        self.add(MillpondError(code, at=at, hint=hint, **params))

    def warn(
        self, code: Code, at: Span | None, *, hint: str | None = None, **params: object
    ) -> None:
        """Note a warning."""
        warning = MillpondError(code, at=at, hint=hint, **params)
        self._warnings.setdefault(_identity(warning), warning)

    def add(self, error: MillpondError) -> None:
        """Note an error that was raised."""
        self._errors.setdefault(_identity(error), error)

    @property
    def warnings(self) -> tuple[MillpondError, ...]:
        """The warnings, by place."""
        return tuple(sorted(self._warnings.values(), key=_place))

    @property
    def errors(self) -> tuple[MillpondError, ...]:
        """The errors so far, by place."""
        return tuple(sorted(self._errors.values(), key=_place))

    def raise_errors(self) -> None:
        """Stop here if anything is wrong.

        Raises:
            Failures: all the errors so far, by place, with the warnings.
        """
        if self._errors:
            raise Failures(self.errors, self.warnings)


def _identity(error: MillpondError) -> tuple[str, Span | None, str]:
    return error.code.name, error.at, error.message


def _place(error: MillpondError) -> tuple[str, int, int]:
    return (str(error.at.file), error.at.line, error.at.column) if error.at else ("", 0, 0)
