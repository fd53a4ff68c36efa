"""Dataset names: one to three parts, as users write them, and in full."""

from __future__ import annotations

import re
from dataclasses import dataclass

from millpond.codes import INVALID_NAME
from millpond.errors import MillpondError
from millpond.location import Span

Name = tuple[str, ...]
"""The parts of a name as written, quotes removed: ("sales",) or ("main", "gold", "sales")."""

_PART = re.compile(r"`((?:[^`]|``)+)`|([^`.\s]+)")


@dataclass(frozen=True, slots=True)
class QualifiedName:
    """A name in full: catalog, schema and object. Names compare without regard to case.

    The name of a sink has neither catalog nor schema; both are then empty.
    """

    catalog: str
    schema: str
    name: str

    def __str__(self) -> str:
        return ".".join(part for part in (self.catalog, self.schema, self.name) if part)

    @property
    def key(self) -> str:
        """The form in which names are compared and used as identities."""
        return str(self).casefold()


def parse_name(text: str, *, what: str = "dataset", at: Span | None = None) -> Name:
    """Split `a.b.c` into its parts, backticks undone (`` `x.y` `` is one part).

    Raises:
        MillpondError: INVALID_NAME for an empty part, a stray backtick or more than three parts.
    """
    parts: list[str] = []
    position = 0
    while True:
        match = _PART.match(text, position)
        if match is None:
            raise MillpondError(INVALID_NAME, at=at, name=text, what=what, reason="a part is empty")
        quoted, bare = match.groups()
        parts.append(quoted.replace("``", "`") if quoted is not None else bare)
        position = match.end()
        if position == len(text):
            break
        if text[position] != ".":
            reason = f"unexpected {text[position]!r} after {parts[-1]!r}"
            raise MillpondError(INVALID_NAME, at=at, name=text, what=what, reason=reason)
        position += 1
    if len(parts) > 3:
        raise MillpondError(
            INVALID_NAME, at=at, name=text, what=what, reason=f"it has {len(parts)} parts"
        )
    return tuple(parts)


def quoted(part: str) -> str:
    """One part of a name in backticks, as SQL takes it whatever its characters."""
    return "`" + part.replace("`", "``") + "`"


def qualify(name: Name, catalog: str, schema: str) -> QualifiedName:
    """The name in full, missing parts taken from the pipeline's default catalog and schema.

    A leading `LIVE` part is the legacy schema of a pipeline and is ignored, as the default
    publishing mode does (reference 2.6).
    """
    parts = name[1:] if len(name) == 2 and name[0].casefold() == "live" else name
    defaults = (catalog, schema)[: 3 - len(parts)]
    return QualifiedName(*defaults, *parts)
