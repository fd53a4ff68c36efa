"""The one error type of Millpond: a code, a place in the user's source, and a hint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from millpond.redaction import redacted

if TYPE_CHECKING:
    from millpond.codes import Code
    from millpond.location import Span


class MillpondError(Exception):
    """Something the user can mend, or a failure of their pipeline.

    Attributes:
        code: what went wrong, from `millpond.codes`.
        at: where in the user's source, or None where there is no source (a missing Java).
        params: the values that the code's message names; tests assert these, not prose.
        hint: what to do; the code's own hint unless one that knows more was given.
    """

    def __init__(
        self, code: Code, *, at: Span | None = None, hint: str | None = None, **params: object
    ) -> None:
        self.code = code
        self.at = at
        params = {key: redacted(v) if isinstance(v, str) else v for key, v in params.items()}
        self.params: dict[str, object] = params
        self.message = code.message.format(**params)
        self.hint = hint if hint is not None else code.hint.format(**params)
        super().__init__(f"[{code.name}] {self.message}")


class Failures(Exception):  # noqa: N818 - a collection of errors, not an error of its own
    """Several errors found in one pass, so that the user sees them all at once.

    Attributes:
        errors: what is wrong.
        warnings: what is odd beside it, and may be why it is wrong.
    """

    def __init__(
        self, errors: Iterable[MillpondError], warnings: Iterable[MillpondError] = ()
    ) -> None:
        self.errors = tuple(errors)
        self.warnings = tuple(warnings)
        super().__init__("; ".join(str(error) for error in self.errors))

    def __iter__(self) -> Iterator[MillpondError]:
        return iter(self.errors)
