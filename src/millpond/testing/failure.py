"""What a test sees of an error: Millpond's diagnostics in place of a traceback through its code."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ParamSpec, TypeVar

from millpond import codes
from millpond.errors import Failures, MillpondError
from millpond.events.outcome import ErrorSummary

_P = ParamSpec("_P")
_R = TypeVar("_R")

_IN_A_TEST = {
    codes.TABLE_OR_VIEW_NOT_FOUND.name: "In a test: pipeline.feed(name, rows) makes the table.",
    codes.INPUT_NOT_MAPPED.name: "In a test: pipeline.add_file(path, text) puts a file there.",
    codes.CF_PATH_NOT_FOUND.name: "In a test: pipeline.add_file(path, text) puts a file there.",
}


class PipelineFailed(Exception):  # noqa: N818 - the word for what an update did
    """An update failed, or the test asked for something that cannot be.

    Attributes:
        errors: all of them; each has `code` (its name), `message`, `hint` and `at`.
    """

    def __init__(self, errors: Iterable[ErrorSummary], project: Path | None = None) -> None:
        self.errors = tuple(errors)
        super().__init__("\n\n".join(_shown(error, project) for error in self.errors))

    @property
    def error(self) -> ErrorSummary:
        """The first error."""
        return self.errors[0]

    @property
    def code(self) -> str:
        """The name of the first error's code, such as `UNRESOLVED_COLUMN`."""
        return self.error.code


def told(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let a method raise Millpond's errors as `PipelineFailed`, without frames of our own."""

    @functools.wraps(method)
    def wrapper(*args: _P.args, **named: _P.kwargs) -> _R:
        __tracebackhide__ = True
        try:
            return method(*args, **named)
        except (MillpondError, Failures) as error:
            errors = error.errors if isinstance(error, Failures) else (error,)
        except PipelineFailed as error:
            raise error.with_traceback(None) from None
        raise PipelineFailed(map(ErrorSummary.of, errors))

    return wrapper


def _shown(error: ErrorSummary, project: Path | None) -> str:
    lines = [f"error[{error.code}]: {error.message}"]
    if error.at is not None:
        lines.append(f"  --> {error.at.shown(project or Path.cwd())}")
        text = error.at.source_line()
        if text is not None:
            lines.append(f"      {text.strip()}")
    lines += [f"hint: {hint}" for hint in (error.hint, _IN_A_TEST.get(error.code)) if hint]
    return "\n".join(lines)
