"""Names with wildcards, and which of several patterns that match is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol, TypeVar

from millpond import codes
from millpond.definitions import Name, QualifiedName
from millpond.errors import MillpondError
from millpond.location import Span

_WILDCARD = re.compile(r"[*?\[]")


def has_wildcard(text: str) -> bool:
    """Whether a text is a pattern: it has `*`, `?` or `[`."""
    return bool(_WILDCARD.search(text))


def weight(parts: Iterable[str]) -> tuple[int, int]:
    """How specific a pattern is: its parts without a wildcard, then its literal characters."""
    each = tuple(parts)
    literal = sum(len(re.sub(r"[*?]|\[[^\]]*\]", "", part)) for part in each)
    return sum(not has_wildcard(part) for part in each), literal


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A table's full name; any part may have wildcards, which stay within that part."""

    parts: Name

    @property
    def key(self) -> Name:
        """The form in which patterns are compared: names have no case."""
        return tuple(part.casefold() for part in self.parts)

    @property
    def weight(self) -> tuple[int, int]:
        """How specific it is."""
        return weight(self.parts)

    def matches(self, name: QualifiedName) -> bool:
        """Whether a name fits, part by part, without regard to case."""
        theirs = (name.catalog, name.schema, name.name)
        pairs = zip(self.key, (part.casefold() for part in theirs), strict=True)
        return all(mine == other or fnmatchcase(other, mine) for mine, other in pairs)

    def open_parts(self, name: QualifiedName) -> Name:
        """The parts of a name from the first one that this pattern leaves open."""
        theirs = (name.catalog, name.schema, name.name)
        for index, part in enumerate(self.parts):
            if has_wildcard(part):
                return theirs[index:]
        return ()


class _Mapping(Protocol):
    @property
    def written_key(self) -> str: ...

    @property
    def at(self) -> Span: ...

    @property
    def key(self) -> tuple[str, ...]: ...

    @property
    def local(self) -> object: ...

    @property
    def weight(self) -> tuple[int, ...]: ...


_M = TypeVar("_M", bound=_Mapping)


def most_specific(matching: Iterable[_M], what: str) -> _M | None:
    """The mapping with the greatest weight, or None if there is none.

    Raises:
        MillpondError: INPUT_AMBIGUOUS at the second of two that are equally specific, unless they
            are one in two spellings (`/Volumes/a` and `dbfs:/Volumes/a` with one local path).
    """
    found = sorted(matching, key=lambda mapping: mapping.weight, reverse=True)
    if not found:
        return None
    if len(found) > 1 and found[0].weight == found[1].weight and not _same(*found[:2]):
        first, second = sorted(found[:2], key=lambda mapping: mapping.at)
        raise MillpondError(
            codes.INPUT_AMBIGUOUS,
            at=second.at,
            name=what,
            first=first.written_key,
            second=second.written_key,
        )
    return found[0]


def _same(first: _Mapping, second: _Mapping) -> bool:
    return (first.key, first.local) == (second.key, second.local)
