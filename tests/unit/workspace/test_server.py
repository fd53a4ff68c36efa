"""Who is answered: loopback, the right host, the right token."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from millpond.workspace import FakeWorkspace

ME = "/api/2.0/preview/scim/v2/Me"


def ask(workspace: FakeWorkspace, path: str, **headers: str) -> tuple[int, dict[str, Any]]:
    address = urlsplit(workspace.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    try:
        given = {"Authorization": f"Bearer {workspace.token}", **headers}
        connection.request("GET", path, headers=given)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_the_user_is_known(client: Any) -> None:
    assert client.current_user.me().user_name == "user@example.com"


def test_it_listens_on_loopback_only(workspace: FakeWorkspace) -> None:
    assert urlsplit(workspace.url).hostname == "127.0.0.1"
    assert ask(workspace, ME)[0] == 200


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1:1", "localhost", ""])
def test_another_host_is_refused(workspace: FakeWorkspace, host: str) -> None:
    assert ask(workspace, ME, Host=host)[0] == 403


def test_localhost_is_a_name_for_it(workspace: FakeWorkspace) -> None:
    assert ask(workspace, ME, Host=f"localhost:{urlsplit(workspace.url).port}")[0] == 200


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer dapi0", "Basic x"])
def test_without_the_token_nothing_is_told(workspace: FakeWorkspace, token: str) -> None:
    status, body = ask(workspace, ME, Authorization=token)
    assert (status, body["error_code"]) == (401, "UNAUTHENTICATED")


def test_the_host_is_described_to_anybody(workspace: FakeWorkspace) -> None:
    status, _ = ask(workspace, "/.well-known/databricks-config", Authorization="")
    assert status == 200


def test_what_it_does_not_know_is_no_api(workspace: FakeWorkspace) -> None:
    assert ask(workspace, "/api/2.0/nothing")[1]["error_code"] == "ENDPOINT_NOT_FOUND"
