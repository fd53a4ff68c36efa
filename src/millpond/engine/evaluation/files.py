"""Let plain Python read mapped files: `open("/Volumes/…")`, `os.listdir("/dbfs/…")`, pandas.

On Databricks these folders are mounted. Here the functions are replaced once, for the life of the
process; outside an evaluation, and for any other path, they do what they always did.
"""

from __future__ import annotations

import builtins
import functools
import io
import os
from collections.abc import Callable
from typing import Any

from millpond import codes
from millpond.definitions.caller import caller_span
from millpond.engine.evaluation.relations import Evaluation, current_evaluation, evaluating
from millpond.errors import MillpondError

_MOUNTED = ("/Volumes/", "/Workspace/", "/dbfs/")


def install() -> None:
    """Replace the functions, once in the life of the process."""
    builtins.open = io.open = _reading(builtins.open, unmapped_is_error=True)
    for name in ("listdir", "lstat", "scandir", "stat"):
        # A question whether something is there has an answer; a read of it has none.
        setattr(os, name, _reading(getattr(os, name), unmapped_is_error=False))


def _reading(original: Callable[..., Any], *, unmapped_is_error: bool) -> Callable[..., Any]:
    @functools.wraps(original)
    def function(path: Any = ".", *args: Any, **named: Any) -> Any:
        if isinstance(path, (str, os.PathLike)):
            text = os.fspath(path)
            if isinstance(text, str) and text.startswith(_MOUNTED):
                evaluation = current_evaluation()
                if evaluation is not None:
                    path = _local(evaluation, text, unmapped_is_error=unmapped_is_error)
        return original(path, *args, **named)

    return function


def _local(evaluation: Evaluation, path: str, *, unmapped_is_error: bool) -> str:
    with evaluating(None):
        try:
            return evaluation.relations.local_path(path, caller_span())
        except MillpondError as error:
            if error.code is codes.INPUT_NOT_MAPPED and not unmapped_is_error:
                return path
            raise
