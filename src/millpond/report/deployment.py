"""What a deployment does, as text: files, resources and the fields that change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from millpond.report.text import count, table

if TYPE_CHECKING:
    from millpond.bundle import Bundle
    from millpond.workspace.comparison import Change

_SIGNS = {"create": "+", "change": "~", "delete": "-", "keep": " "}
_WIDEST = 60


def render_deployment(
    bundle: Bundle, files: tuple[Change, ...], resources: tuple[Change, ...]
) -> str:
    """The changes of a deployment, one a line; what stays is only counted."""
    workspace: Any = bundle.configuration.get("workspace")
    lines = [f"{bundle.name}, target {bundle.target}", "", f"files in {workspace['file_path']}"]
    lines += [f"  {_SIGNS[each.action]} {each.name}" for each in files if each.action != "keep"]
    lines += [f"  {_counted(files, 'file')}", "", "resources"]
    lines += _resources(resources)
    lines += [f"  {_counted(resources, 'resource')}", ""]
    return "\n".join([*lines, "A workspace on this machine took every request."])


def _resources(resources: tuple[Change, ...]) -> Iterator[str]:
    shown = [each for each in resources if each.action != "keep"]
    rows = [[_SIGNS[each.action], *each.name.split(".", 1)] for each in shown]
    for line, change in zip(table(rows, "<<<") if rows else [], shown, strict=True):
        yield f"  {line}"
        for path, before, after in change.fields:
            yield f"      {path}: {_value(before)} -> {_value(after)}"


def _value(value: object) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _counted(changes: tuple[Change, ...], noun: str) -> str:
    words = {"create": "to create", "change": "to change", "delete": "to delete", "keep": "as is"}
    numbers = {action: sum(each.action == action for each in changes) for action in words}
    parts = [f"{number:,} {words[action]}" for action, number in numbers.items() if number]
    return f"{count(len(changes), noun)}: {', '.join(parts)}" if parts else f"no {noun}s"
