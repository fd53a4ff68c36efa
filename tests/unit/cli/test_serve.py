"""`millpond serve`: where it listens, what it shows, and how it ends."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from millpond.codes import PORT_IN_USE
from millpond.report.html.server import PageServer


def test_ctrl_c_ends_it(cli: Callable, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(server: PageServer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PageServer, "serve_forever", stopped)
    result = cli("serve", "--port", "0").assert_success()
    assert result.out.startswith("http://127.0.0.1:")
    assert "Ctrl-C" in result.err


def test_a_project_that_has_not_run_waits_for_its_first_update(
    cli: Callable, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[str] = []

    def one(server: PageServer) -> None:
        import threading

        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with urlopen(server.url, timeout=10) as answer:
            answers.append(answer.read().decode())
        thread.join()

    monkeypatch.setattr(PageServer, "serve_forever", one)
    cli("serve", "--port", "0").assert_success()
    assert "there is no pipeline state in" in answers[0]


def test_a_port_in_use(cli: Callable, project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = cli("serve", "--port", str(taken.getsockname()[1]))
    assert f"error[{PORT_IN_USE.name}]" in result.err
    assert result.status == PORT_IN_USE.exit
