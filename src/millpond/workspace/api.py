"""Requests and answers of the REST API, and which handler takes which."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import unquote


class ApiError(Exception):
    """An answer that is not a success, in the API's own form.

    Attributes:
        status: the HTTP status.
        code: such as RESOURCE_DOES_NOT_EXIST.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def to_json(self) -> dict[str, str]:
        """The body of the answer."""
        return {"error_code": self.code, "message": str(self)}


def not_found(what: str, name: object) -> ApiError:
    """RESOURCE_DOES_NOT_EXIST, status 404."""
    return ApiError(404, "RESOURCE_DOES_NOT_EXIST", f"{what} {name} does not exist.")


def invalid(message: str) -> ApiError:
    """INVALID_PARAMETER_VALUE, status 400."""
    return ApiError(400, "INVALID_PARAMETER_VALUE", message)


@dataclass(frozen=True, slots=True)
class Request:
    """One request: what a handler gets.

    Attributes:
        path: decoded, without the query.
        query: the last value of each parameter.
        kind: the Content-Type of the body.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    kind: str = "application/json"

    def json(self) -> dict[str, Any]:
        """The body as an object; empty if there is none. A form's fields are text.

        Raises:
            ApiError: MALFORMED_REQUEST.
        """
        if not self.body:
            return {}
        if self.kind.startswith("multipart/form-data"):
            return {name: content.decode("utf-8", "replace") for name, content in self.form()}
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise ApiError(400, "MALFORMED_REQUEST", f"The body is not JSON: {error}") from error
        if not isinstance(found, dict):
            raise ApiError(400, "MALFORMED_REQUEST", "The body is not a JSON object.")
        return found

    def form(self) -> Iterator[tuple[str, bytes]]:
        """The fields of a form with files, each with its bytes."""
        head = f"Content-Type: {self.kind}\r\n\r\n".encode()
        for part in BytesParser(policy=HTTP).parsebytes(head + self.body).iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(content, bytes):
                yield name, content

    def required(self, name: str) -> str:
        """A parameter of the query or a field of the body, as text.

        Raises:
            ApiError: INVALID_PARAMETER_VALUE if it is missing.
        """
        value = self.query.get(name)
        if value is None and self.method != "GET":
            found = self.json().get(name)
            value = None if found is None else str(found)
        if not value:
            raise invalid(f"Missing required field: {name}")
        return value


Answer = Mapping[str, Any] | bytes
Handler = Callable[..., Answer]


class Router:
    """Handlers by method and path; `{name}` takes one step of a path, `{name:path}` several."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, path: str, handler: Handler) -> None:
        """Let a handler take requests; it gets the request and the named parts of the path."""
        expression = re.sub(r"\{(\w+):path\}", r"(?P<\1>.+)", path)
        expression = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", expression)
        self._routes.append((method, re.compile(expression), handler))

    def answer(self, request: Request) -> Answer:
        """What the handler of a request returns.

        Raises:
            ApiError: ENDPOINT_NOT_FOUND, or what the handler says.
        """
        for method, expression, handler in self._routes:
            match = expression.fullmatch(request.path)
            if match is not None and method == request.method:
                return handler(request, **{k: unquote(v) for k, v in match.groupdict().items()})
        raise ApiError(404, "ENDPOINT_NOT_FOUND", f"No API found for {request.path}.")
