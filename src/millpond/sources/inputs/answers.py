"""How each thing that a pipeline reads from outside is mapped on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from millpond import codes
from millpond.definitions import QualifiedName
from millpond.errors import MillpondError
from millpond.sources.inputs.local_inputs import LocalInputs
from millpond.sources.inputs.missing import line_for_path, line_for_table, yaml_text
from millpond.sources.inputs.uses import Use

Status = Literal["mapped", "local", "unmapped", "wrong", "unknown"]
_UNMAPPED = (codes.INPUT_NOT_MAPPED, codes.SECRET_NOT_MAPPED, codes.KAFKA_NOT_MAPPED)


@dataclass(frozen=True, slots=True)
class Answer:
    """A use, and what it is here.

    Attributes:
        status: `mapped` by the file; `local` already, or a table of the state folder;
            `unmapped`; `wrong` if its mapping is; `unknown` if only a run knows what is read,
            or whether the pipeline defines it.
        local: what it is here; never a secret's value.
        add: the keys of `millpond.yml`, outermost first, and the line below them that would map it.
        error: what is wrong with its mapping.
    """

    use: Use
    status: Status
    local: str | None = None
    add: tuple[tuple[str, ...], str] | None = None
    error: MillpondError | None = None


def answer(
    use: Use,
    inputs: LocalInputs,
    is_stored: Callable[[QualifiedName], bool],
    may_be_own: Callable[[QualifiedName], bool] = lambda _: False,
) -> Answer:
    """How a use is mapped.

    Args:
        is_stored: whether an earlier update left a table of this name in the state folder.
        may_be_own: whether the source may define a table of this name, which only a run knows.
    """
    if use.name is None:
        return Answer(use, "unknown")
    try:
        status, local = _looked_up(use, use.name, inputs, is_stored)
    except MillpondError as error:
        if error.code not in _UNMAPPED:
            return Answer(use, "wrong", error=error)
        status, local = "unmapped", None
    if status == "unmapped" and use.table is not None and may_be_own(use.table):
        return Answer(use, "unknown")
    add = _line(use, use.name) if status == "unmapped" else None
    return Answer(use, status, local, add)


def _looked_up(
    use: Use,
    name: str,
    inputs: LocalInputs,
    is_stored: Callable[[QualifiedName], bool],
) -> tuple[Status, str | None]:
    if use.table is not None:
        table = inputs.table(use.table)
        if table is not None:
            form = "state of another run" if table.is_state else table.format
            return "mapped", f"{_shown(str(table.path), inputs)} ({form})"
        return ("local", "the state folder") if is_stored(use.table) else ("unmapped", None)
    if use.kind == "secret":
        scope, key = name.split("/", 1)
        inputs.secret(scope, key, use.at)
        return "mapped", "***"
    local = inputs.path(name) if use.kind == "path" else inputs.kafka(name, use.at)
    return ("local" if local == name else "mapped"), _shown(local, inputs)


def _shown(path: str, inputs: LocalInputs) -> str:
    folder = "" if inputs.file is None else f"{inputs.file.resolve().parent}/"
    return path.removeprefix(folder) if folder else path


def _line(use: Use, name: str) -> tuple[tuple[str, ...], str]:
    if use.table is not None:
        return ("tables",), line_for_table(use.table)
    if use.kind == "path":
        return ("paths",), line_for_path(name)
    if use.kind == "kafka":
        return ("kafka",), f"{yaml_text(name)}: localhost:9092"
    scope, key = name.split("/", 1)
    return ("secrets", scope), f"{yaml_text(key)}: the secret"
