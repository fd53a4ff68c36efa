"""A Spark Connect server that is not there is told at once, and its token is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes
from millpond.cli.main import main
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
