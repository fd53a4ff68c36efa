"""Options of a read as the user wrote them, each with its place in the source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from millpond.location import Span


class WrittenOptions(dict[str, str]):
    """Options by name.

    Attributes:
        places: where an option was written, for those of which it is known.
    """

    def __init__(
        self, options: Mapping[str, str] | None = None, places: Mapping[str, Span] | None = None
    ) -> None:
        super().__init__(options or {})
        self.places: dict[str, Span] = dict(places or {})


def place_of(options: Mapping[str, str], key: str, at: Span | None) -> Span | None:
    """Where an option was written; `at` if that is not known. Names are compared without case."""
    places = options.places if isinstance(options, WrittenOptions) else {}
    return next((place for k, place in places.items() if k.casefold() == key.casefold()), at)
