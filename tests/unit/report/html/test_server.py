"""The server: only this machine, only by its own name, nothing to be changed."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator

import pytest

from millpond.codes import NO_UPDATE, UPDATE_NOT_FOUND
from millpond.errors import MillpondError
from millpond.report.html.server import PageServer


class Pages:
    """What is served: the requests for a document, and the stamp of the day."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []
        self.now = "s1"

    def render(self, update: str | None, stamp: str) -> str:
        """A document, or an error by its name."""
        self.asked.append(update)
        if update == "zz":
            raise MillpondError(UPDATE_NOT_FOUND, start="<zz>", number="no update", latest="")
        if update == "none":
            raise MillpondError(NO_UPDATE)
        if update == "gone":
            raise FileNotFoundError("/secret/place")
        return f"<p>{update} {stamp} \udcff"

    def stamp(self) -> str:
        """The stamp."""
        return self.now


@pytest.fixture
def pages() -> Pages:
    """What is served."""
    return Pages()


@pytest.fixture
def server(pages: Pages) -> Iterator[PageServer]:
    """A server that runs."""
    made = PageServer(0, pages.render, pages.stamp)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def ask(
    server: PageServer, path: str, host: str | None = None, method: str = "GET"
) -> tuple[int, str, http.client.HTTPMessage]:
    """Status, text and headers of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=True)
        if host != "":
            connection.putheader("Host", host or f"127.0.0.1:{server.server_port}")
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def test_a_document_is_rendered_once_for_each_stamp(server: PageServer, pages: Pages) -> None:
    assert ask(server, "/")[:2] == (200, "<p>None s1 ?")
    assert ask(server, "/")[0] == 200
    assert pages.asked == [None]
    pages.now = "s2"
    assert ask(server, "/stamp")[1] == "s2"
    assert ask(server, "/?update=ab")[1] == "<p>ab s2 ?"
    assert pages.asked == [None, "ab"]


def test_only_this_machine_is_listened_on(server: PageServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"
    assert server.url == f"http://127.0.0.1:{server.server_port}/"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:PORT", "127.0.0.1", "", "[::1]:1"])
def test_another_name_is_refused(server: PageServer, pages: Pages, host: str) -> None:
    """A page of another site may let its name lead to this address."""
    for path in ("/", "/stamp"):
        status, text, _ = ask(server, path, host.replace("PORT", str(server.server_port)))
        assert status in (400, 403)
        assert "s1" not in text
    assert pages.asked == []


def test_localhost_is_one_of_its_names(server: PageServer) -> None:
    assert ask(server, "/", f"localhost:{server.server_port}")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(server: PageServer, method: str) -> None:
    assert ask(server, "/", method=method)[0] == 501


def test_nothing_else_is_there(server: PageServer) -> None:
    for path in ("/millpond-state.json", "/../../etc/passwd", "//evil.example/"):
        assert ask(server, path)[0] == 404


def test_no_update_is_a_page_that_asks_again(server: PageServer) -> None:
    status, text, _ = ask(server, "/?update=none")
    assert (status, "no update is in the event log yet" in text) == (200, True)
    assert 'http-equiv="refresh"' in text


def test_mistakes_are_told_without_what_is_inside(server: PageServer) -> None:
    status, text, _ = ask(server, "/?update=zz")
    assert (status, "&lt;zz&gt;" in text) == (404, True)
    status, text, _ = ask(server, "/?update=gone")
    assert (status, text) == (500, "FileNotFoundError")


def test_other_sites_may_not_hold_it(server: PageServer) -> None:
    headers = ask(server, "/")[2]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Access-Control-Allow-Origin"] is None


def test_a_port_that_is_taken(pages: Pages) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        PageServer(taken.getsockname()[1], pages.render, pages.stamp)
