"""A Spark Connect server that is not there is told at once, and its token is not."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path

import pytest

from millpond import codes
from millpond.cli.main import main
from millpond.engine.spark import patience
from millpond.engine.spark.remote import connect
from millpond.errors import MillpondError


@pytest.mark.parametrize("address", ["sc://127.0.0.1:1", "sc://127.0.0.1:no", "http://127.0.0.1"])
def test_no_server(address: str) -> None:
    with pytest.raises(MillpondError) as refused:
        connect(f"{address}/;token=secret")

    assert refused.value.code is codes.REMOTE_NOT_REACHABLE
    assert "secret" not in str(refused.value)


def test_a_run_without_a_server_has_not_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.sql").write_text("CREATE MATERIALIZED VIEW a AS SELECT 1 AS n")
    status = main(["run", str(tmp_path), "--remote", "sc://127.0.0.1:1"])

    assert status == codes.ExitStatus.INPUT_WRONG
    assert codes.REMOTE_NOT_REACHABLE.name in capsys.readouterr().err


def test_what_listens_there_is_no_server_of_spark_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_RETRIES", 1)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        threading.Thread(target=hang_up, args=(other,), daemon=True).start()
        with pytest.raises(MillpondError) as refused:
            connect(f"sc://127.0.0.1:{other.getsockname()[1]}")

    assert refused.value.code is codes.REMOTE_NOT_REACHABLE


def hang_up(listening: socket.socket) -> None:
    """Answer every call by ending it, as a server of something else does."""
    with contextlib.suppress(OSError):  # it was closed
        while True:
            listening.accept()[0].close()
