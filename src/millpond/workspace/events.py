"""A pipeline's events as `GET /api/2.0/pipelines/{id}/events` answers them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from millpond.workspace.api import Request, invalid

_LARGEST_PAGE = 250
_CONDITION = re.compile(
    r"(?P<field>level|id|timestamp|update_id)\s*(?P<operator>in|[<>]=?|=)\s*"
    r"(?P<values>'[^']*'|\(\s*'[^']*'(?:\s*,\s*'[^']*')*\s*\))",
    re.IGNORECASE,
)
_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda left, right: left == right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}


def page_of(events: Iterable[Mapping[str, Any]], request: Request) -> dict[str, Any]:
    """A page of events: those the filter lets through, newest first unless asked otherwise.

    Raises:
        ApiError: INVALID_PARAMETER_VALUE for a filter, an order or a token that is not one.
    """
    token = request.query.get("page_token", "")
    number, _, rest = token.partition(":") if token else ("0", "", "")
    order, _, filtered = rest.partition(":") if token else ("", "", "")
    order = order or request.query.get("order_by") or "timestamp desc"
    filtered = filtered or request.query.get("filter") or ""
    if order.split()[0] != "timestamp" or order.split()[-1] not in ("timestamp", "asc", "desc"):
        raise invalid(f"Events are ordered by timestamp asc or desc, not by {order}.")
    if not number.isdecimal():
        raise invalid("The page token is not one of this workspace's.")
    parts = re.split(r"\s+and\s+", filtered.strip(), flags=re.IGNORECASE)
    conditions = [_condition(part) for part in parts if part]
    kept = [event for event in events if all(holds(event) for holds in conditions)]
    if order.endswith("desc"):
        kept.reverse()
    start, size = int(number), _page_size(request)
    page: dict[str, Any] = {"events": kept[start : start + size]}
    if start + size < len(kept):
        page["next_page_token"] = f"{start + size}:{order}:{filtered}"
    return page


def _page_size(request: Request) -> int:
    given = request.query.get("max_results", "")
    return max(1, min(int(given), _LARGEST_PAGE)) if given.isdecimal() else 25


def _condition(text: str) -> Callable[[Mapping[str, Any]], bool]:
    match = _CONDITION.fullmatch(text.strip())
    if match is None:
        raise invalid(f"The filter {text!r} is not supported.")
    field, operator = match["field"].lower(), match["operator"].lower()
    values = re.findall(r"'([^']*)'", match["values"])

    def holds(event: Mapping[str, Any]) -> bool:
        found = event.get("origin", {}).get(field) if field == "update_id" else event.get(field)
        if operator == "in":
            return found in values
        return _COMPARISONS[operator](str(found), values[0])

    return holds
