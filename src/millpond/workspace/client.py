"""Send requests to a workspace's REST API."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from millpond.workspace.api import ApiError
from millpond.workspace.named import LISTINGS

_TIMEOUT = 30.0


class Client:
    """A connection to the workspace at a URL, which is one of this machine."""

    def __init__(self, url: str, token: str) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            str(address.hostname), address.port, timeout=_TIMEOUT
        )
        self._token = token

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send a request and return the answer.

        Raises:
            ApiError: the workspace refused it.
        """
        address = quote(path) + ("?" + urlencode(query) if query else "")
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
        self._connection.request(
            method,
            address,
            body=data,
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        answer = self._connection.getresponse()
        found = json.loads(answer.read())
        if answer.status >= http.client.BAD_REQUEST:
            raise ApiError(answer.status, found["error_code"], found["message"])
        return dict(found)

    def look_up(self, kind: str, name: str) -> str | None:
        """The id of the object that a variable's lookup names, or None if there is none."""
        listing = LISTINGS.get(kind)
        if listing is None:
            return None
        for each in self.send("GET", listing.path).get(listing.key, ()):
            if each[listing.name] == name:
                return str(each[listing.id])
        return None
