"""Which notices Databricks reports as `deprecation` events, and by which value (reference 6.3)."""

from __future__ import annotations

from collections.abc import Iterator

from millpond import codes, differences
from millpond.notices import Notices

_NAMES = frozenset(
    {"create_table", "create_view", "create_streaming_live_table", "create_target_table"}
)
_PATHS = (differences.PATH_ARGUMENT, differences.LOCATION)


def deprecations(notices: Notices) -> Iterator[tuple[str, str]]:
    """Each value once, with what the source does, as a sentence."""
    found: dict[str, str] = {}
    for warning in notices.warnings:
        old = str(warning.params.get("old"))
        if warning.code is codes.DEPRECATED_NAME and old in _NAMES:
            found.setdefault(f"PYTHON_{old.upper()}", warning.message)
    for difference in notices.differences:
        if difference.feature in _PATHS:
            value = "UNUSED_EXPLICIT_PATH_ON_UC_MANAGED_TABLE"
            found.setdefault(value, f"{difference.feature.name} is given and not used")
    yield from found.items()
