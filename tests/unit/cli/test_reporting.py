"""How errors become an exit status."""

from __future__ import annotations

import pytest

from millpond.cli.reporting import exit_status


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        (["INVALID_NAME"], 2),
        (["INVALID_NAME", "FLOW_FAILED"], 1),
        (["FLOW_FAILED", "INTERNAL_ERROR", "INVALID_NAME"], 3),
        (["NOT_ONE_OF_OURS"], 1),
        ([], 1),
    ],
)
def test_the_gravest_error_decides(codes: list[str], status: int) -> None:
    assert exit_status(codes) == status
