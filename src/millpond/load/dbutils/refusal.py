"""What of `dbutils` cannot be had here: an error at the call, which names it."""

from __future__ import annotations

from typing import Any, NoReturn

from millpond import codes
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError

_ADVICE = "Take the call out of pipeline source, or guard it with a setting of the pipeline."


def refuse(call: str, advice: str = _ADVICE) -> NoReturn:
    """Raise DBUTILS_NOT_SUPPORTED at the user's line."""
    raise MillpondError(codes.DBUTILS_NOT_SUPPORTED, at=caller_span(), call=call, advice=advice)


class Section:
    """A part of `dbutils`; what it does not define is refused by name.

    Attributes:
        path: how source names it, such as `dbutils.fs`.
    """

    path = "dbutils"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # what Python, pickle and IPython ask any object for
            raise AttributeError(name)
        refuse(f"{self.path}.{name}")
