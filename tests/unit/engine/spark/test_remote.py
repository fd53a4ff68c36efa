"""A Spark Connect server that is not there is told at once, and its token is not."""

from __future__ import annotations

import pytest

from millpond import codes
from millpond.engine.spark.remote import connect
from millpond.errors import MillpondError


@pytest.mark.parametrize("address", ["sc://127.0.0.1:1", "sc://127.0.0.1:no", "http://127.0.0.1"])
def test_no_server(address: str) -> None:
    with pytest.raises(MillpondError) as refused:
        connect(f"{address}/;token=secret")

    assert refused.value.code is codes.REMOTE_NOT_REACHABLE
    assert "secret" not in str(refused.value)
