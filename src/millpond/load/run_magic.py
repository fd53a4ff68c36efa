"""`%run`: which notebook it names, and the widgets it gives it."""

from __future__ import annotations

import shlex
from pathlib import Path

from millpond import codes
from millpond.bundle.libraries import SUFFIXES
from millpond.errors import MillpondError
from millpond.load.dbutils.inputs import Inputs
from millpond.load.magics import Magic
from millpond.location import Span


def run_arguments(magic: Magic) -> tuple[str, dict[str, str]]:
    """The path and the widgets of `%run path $name=value ...`, quotes removed.

    Raises:
        MillpondError: RUN_MAGIC_NOT_VALID.
    """
    try:
        words = shlex.split(magic.rest)
    except ValueError as error:
        raise MillpondError(codes.RUN_MAGIC_NOT_VALID, at=magic.at, reason=str(error)) from error
    path = next((word for word in words if not word.startswith("$")), None)
    if path is None:
        raise MillpondError(codes.RUN_MAGIC_NOT_VALID, at=magic.at, reason="it names no notebook")
    given = (word[1:].partition("=") for word in words if word.startswith("$"))
    return path, {name.strip(): value for name, _, value in given}


def find_notebook(
    path: str, beside: Path, at: Span, above: tuple[Path, ...] = (), inputs: Inputs | None = None
) -> Path:
    """The file of a notebook that source names, its extension possibly left out.

    Args:
        path: relative to the notebook that runs it, or one of the workspace.
        above: the notebooks that are being run; none of them may run itself.
        inputs: where folders of the workspace are on this machine.

    Raises:
        MillpondError: RUN_NOTEBOOK_NOT_FOUND or RUN_NOTEBOOK_CYCLE; of a path of the workspace
            INPUT_NOT_MAPPED or INPUT_PATH_NOT_FOUND.
    """
    local = path if inputs is None or not path.startswith("/") else _mapped(path, at, inputs)
    named = (beside.parent / local).resolve()
    candidates = [named, *(named.with_name(named.name + suffix) for suffix in SUFFIXES)]
    found = next((each for each in candidates if each.suffix in SUFFIXES and each.is_file()), None)
    if found is None:
        raise MillpondError(codes.RUN_NOTEBOOK_NOT_FOUND, at=at, path=path, folder=beside.parent)
    resolved = [each.resolve() for each in above]
    if found in resolved:
        circle = [*resolved[resolved.index(found) :], found]
        cycle = " -> ".join(each.name for each in circle)
        raise MillpondError(codes.RUN_NOTEBOOK_CYCLE, at=at, cycle=cycle)
    return found


def _mapped(path: str, at: Span, inputs: Inputs) -> Path:
    """Where a notebook of the workspace is: mapped itself, or in a folder that is."""
    if inputs.path_mapping(path) is not None:
        return Path(inputs.path(path, at))
    folder, _, name = path.rpartition("/")
    return Path(inputs.path(folder or "/", at), name)
