"""`create_sink` and `foreach_batch_sink` (reference 1.7)."""

from __future__ import annotations

import pytest

from millpond import codes
from millpond.definitions import FOREACH_BATCH


def test_a_sink_of_a_format(api, registry) -> None:
    api.create_sink("out", "delta", {"path": "/Volumes/a/b/c/out"})
    api.create_sink(name="mine", format="my_source", options=None)
    first, second = registry.definitions().sinks
    assert (first.name, first.format, first.options) == (
        ("out",),
        "delta",
        {"path": "/Volumes/a/b/c/out"},
    )
    assert second.options == {}


def test_a_sink_that_is_a_function(api, registry) -> None:
    @api.foreach_batch_sink(name="named")
    def one(frame, batch_id): ...

    @api.foreach_batch_sink
    def two(frame, batch_id): ...

    found = registry.definitions().sinks
    assert [(each.name, each.format) for each in found] == [
        (("named",), FOREACH_BATCH),
        (("two",), FOREACH_BATCH),
    ]
    assert [each.function for each in found] == [one, two]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"name": "a", "format": "delta"}, codes.SINK_INVALID),
        (
            {"name": "a", "format": "delta", "options": {"path": "x", "tableName": "c.s.t"}},
            codes.SINK_INVALID,
        ),
        ({"name": "a", "format": "delta", "options": {"tableName": "t"}}, codes.SINK_INVALID),
        ({"name": "a", "format": "kafka", "options": {"topic": "t"}}, codes.SINK_INVALID),
        ({"name": "a"}, codes.INVALID_ARGUMENT),
        ({"format": "delta"}, codes.INVALID_ARGUMENT),
        ({"name": "a", "format": "kafka", "option": {"x": "y"}}, codes.UNKNOWN_ARGUMENT),
    ],
)
def test_what_is_wrong(api, registry, refused, arguments, code) -> None:
    refused(code, lambda: api.create_sink(**arguments))
