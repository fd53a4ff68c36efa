"""`on_event_hook` (reference 1.9)."""

from __future__ import annotations

import pytest

from millpond import codes


def test_with_and_without_brackets(api, registry) -> None:
    @api.on_event_hook
    def one(event): ...

    @api.on_event_hook(max_allowable_consecutive_failures=0)
    def two(event): ...

    found = registry.definitions().hooks
    assert [(each.name, each.max_consecutive_failures) for each in found] == [
        ("one", None),
        ("two", 0),
    ]


@pytest.mark.parametrize("limit", [-1, True, "3", 1.5])
def test_a_limit_that_is_none(api, registry, refused, limit) -> None:
    refused(
        codes.INVALID_ARGUMENT,
        lambda: api.on_event_hook(max_allowable_consecutive_failures=limit),
    )
