"""Rows as they are shown, and where a record of Kafka stands."""

from __future__ import annotations

from typing import Any

from millpond.engine.classic.image import Image
from millpond.engine.explanation.outcome import FoundInput
from millpond.engine.explanation.rows import with_offsets


class Rows:
    """As much of a frame as is asked."""

    def __init__(self, **values: Any) -> None:
        self.values = values

    def select(self, *names: str) -> Rows:
        return Rows(**{name: self.values[name] for name in names})

    def collect(self) -> list[tuple[Any, ...]]:
        return [tuple(self.values.values())]


def image(**renamed: str) -> Image:
    return Image(1, "Filter", None, {}, None, {}, renamed, ())


def test_an_offset_is_told_from_the_columns_made_of_it() -> None:
    found = with_offsets(
        FoundInput("kafka", "orders"),
        image(t="topic", p="partition", o="offset", body="value"),
        Rows(t="orders", p=2, o=17, body=b"x", more=1),  # type: ignore[arg-type]
    )
    assert found.rows[0].values == {"topic": "orders", "partition": 2, "offset": 17}
    assert (found.by, found.found) == (("t", "p", "o"), 1)


def test_without_an_offset_the_record_cannot_be_told() -> None:
    rows: Any = Rows(p=2)
    found = with_offsets(FoundInput("kafka", "orders"), image(p="partition"), rows)
    assert found.rows == ()
    assert found.note is not None
