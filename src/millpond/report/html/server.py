"""Serve the page of an update on this machine only, anew whenever the event log has grown.

Whoever may connect to a port of this machine can ask; a page of another site can too, by a name
that it lets lead here. So only the loopback address is listened on, only requests to its own
names are answered, and nothing can be changed by asking.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from millpond.codes import UPDATE_NOT_FOUND
from millpond.errors import MillpondError

LOOPBACK = "127.0.0.1"
_NAMES = (LOOPBACK, "localhost")
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_WAITING = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta http-equiv="refresh" content="2"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>millpond</title>
<link rel="icon" href="data:,">
<body><h1>Nothing to show</h1><p>{message}</p><p>{hint}</p></body></html>"""


class PageServer(ThreadingHTTPServer):
    """A server of pages, listening from the moment it is made.

    Args:
        port: 0 for any that is free.
        render: the document of an update by the start of its id, or of the latest, with the
            stamp to put into it.
        stamp: changes when a document would.

    Raises:
        OSError: the port cannot be listened on.
    """

    daemon_threads = True

    def __init__(
        self, port: int, render: Callable[[str | None, str], str], stamp: Callable[[], str]
    ) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.stamp = stamp
        self._render = render
        self._rendered: dict[str | None, tuple[str, str]] = {}
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    def hosts(self) -> set[str]:
        """What a request to this server may name as its host."""
        return {f"{name}:{self.server_port}" for name in _NAMES}

    def document(self, update: str | None) -> str:
        """The document of an update, rendered once for each stamp."""
        with self._lock:
            stamp = self.stamp()
            known = self._rendered.get(update)
            if known is None or known[0] != stamp:
                self._rendered = {update: (stamp, self._render(update, stamp))}
            return self._rendered[update][1]


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    server_version = "millpond"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer a page, or the stamp."""
        if self.headers.get("Host", "").lower() not in self.server.hosts():
            self._answer(HTTPStatus.FORBIDDEN, "This server answers only to its own name.")
            return
        url = urlsplit(self.path)
        if url.path == "/stamp":
            self._answer(HTTPStatus.OK, self.server.stamp())
        elif url.path == "/":
            self._page(next(iter(parse_qs(url.query).get("update", [])), None))
        else:
            self._answer(HTTPStatus.NOT_FOUND, "There is nothing here.")

    def _page(self, update: str | None) -> None:
        try:
            self._answer(HTTPStatus.OK, self.server.document(update), "text/html")
        except MillpondError as error:
            status = HTTPStatus.NOT_FOUND if error.code is UPDATE_NOT_FOUND else HTTPStatus.OK
            text = _WAITING.format(
                message=html.escape(error.message), hint=html.escape(error.hint or "")
            )
            self._answer(status, text, "text/html")
        except OSError as error:  # the state folder was deleted under our eyes
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, type(error).__name__)

    def _answer(self, status: HTTPStatus, text: str, kind: str = "text/plain") -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is the user's."""
