"""The workspace's web server: on loopback only, for one token, one request after the other."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from millpond.workspace.alerts import Alerts
from millpond.workspace.api import ApiError, Request, Router
from millpond.workspace.catalog import Catalog
from millpond.workspace.dashboards import Dashboards
from millpond.workspace.files import Files
from millpond.workspace.identity import Identity
from millpond.workspace.jobs import Jobs
from millpond.workspace.named import NamedObjects
from millpond.workspace.permissions import Permissions
from millpond.workspace.pipelines import Pipelines
from millpond.workspace.tasks import Query, Tasks
from millpond.workspace.updates import Runner, UpdateRunner

_LARGEST_BODY = 64 << 20
_HOST = "127.0.0.1"
_CLOSES_WITHIN = 0.05


class FakeWorkspace:
    """A workspace to deploy to and to run pipelines in, as a context manager.

    It answers on a port of the loopback interface, to requests that name that host and carry its
    token. An update that is started runs the pipeline with Millpond, from the files that were
    imported.

        with FakeWorkspace(folder) as workspace:
            client = WorkspaceClient(host=workspace.url, token=workspace.token)

    Args:
        folder: where pipelines keep their state and volumes their files.
        user: the one whom the token belongs to.
        inputs: a `millpond.yml` for the pipelines; volumes of the workspace go before it.
        run: runs an update; the engine's if None.
        query: asks the tables of a pipeline for a task of a job; the engine's if None.

    Attributes:
        token: what requests must carry.
        requests: every request since the start, as `(method, path, body)`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        user: str = "user@example.com",
        inputs: Path | None = None,
        run: Runner | None = None,
        query: Query | None = None,
    ) -> None:
        self.token = f"dapi{secrets.token_hex(16)}"
        self.requests: list[tuple[str, str, object]] = []
        self._lock = threading.RLock()
        self.files = Files(folder / "volumes", user)
        self.named = NamedObjects()
        self.identity = Identity(user)
        self.permissions = Permissions(user)
        self.catalog = Catalog(user)
        runner = UpdateRunner(folder, self.files, inputs, run)
        self.pipelines = Pipelines(user, runner, self.permissions)
        self.dashboards = Dashboards(self.permissions)
        tasks = Tasks(self.files, self.dashboards, runner, query)
        self.jobs = Jobs(user, self.pipelines, tasks, self.permissions)
        self.alerts = Alerts(self.permissions)
        self._router = Router()
        for part in (
            *(self.files, self.named, self.identity, self.permissions, self.catalog),
            *(self.pipelines, self.jobs, self.dashboards, self.alerts),
        ):
            part.register(self._router)
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        assert self._server is not None, "the workspace is open"
        return f"http://{_HOST}:{self._server.server_address[1]}"

    def __enter__(self) -> FakeWorkspace:
        self._server = ThreadingHTTPServer((_HOST, 0), _handler_for(self))
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, args=(_CLOSES_WITHIN,), daemon=True
        ).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.pipelines.wait()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def is_addressed_by(self, host: str | None) -> bool:
        """Whether a Host header means this server: another name may be a page's rebound one."""
        port = urlsplit(self.url).port
        return host in (f"{_HOST}:{port}", f"localhost:{port}")

    def answer(self, request: Request, authorization: str | None) -> tuple[int, bytes, str]:
        """The status, body and content type for a request."""
        try:
            if not request.path.startswith("/.well-known/"):
                self._check(authorization)
            with self._lock:
                if request.method != "GET":
                    self.requests.append((request.method, request.path, _shown(request)))
                found = self._router.answer(request)
        except ApiError as error:
            return error.status, json.dumps(error.to_json()).encode(), "application/json"
        if isinstance(found, bytes):
            return 200, found, "application/octet-stream"
        return 200, json.dumps(found).encode(), "application/json"

    def _check(self, authorization: str | None) -> None:
        given = (authorization or "").removeprefix("Bearer ")
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            raise ApiError(401, "UNAUTHENTICATED", "The request carries no valid token.")


def _shown(request: Request) -> object:
    try:
        return request.json()
    except ApiError:
        return f"{len(request.body)} bytes"


def _handler_for(workspace: FakeWorkspace) -> type[BaseHTTPRequestHandler]:
    class _Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # One packet for head and body, sent at once: else each answer waits for an acknowledgement.
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if not workspace.is_addressed_by(self.headers.get("Host")):
                self._send(403, b'{"error_code": "PERMISSION_DENIED", "message": "Wrong host."}')
                self.close_connection = True
                return
            if not 0 <= length <= _LARGEST_BODY:
                self._send(413, b'{"error_code": "MAX_BODY", "message": "Too large."}')
                self.close_connection = True
                return
            body = self.rfile.read(length)
            address = urlsplit(self.path)
            query: Mapping[str, str] = dict(parse_qsl(address.query, keep_blank_values=True))
            kind = self.headers.get("Content-Type") or ""
            request = Request(self.command, unquote(address.path), query, body, kind)
            self._send(*workspace.answer(request, self.headers.get("Authorization")))

        def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Databricks-Org-Id", "0")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        def log_message(self, format: str, *arguments: Any) -> None:
            """Requests are recorded by the workspace, not told on stderr."""

    return _Handler
