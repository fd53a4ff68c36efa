"""What a pipeline's source reads from outside, as far as it can be told without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from millpond import codes
from millpond.definitions import PipelineSpec, QualifiedName, SourceKind
from millpond.graph.static import EXTERNAL, StaticGraph
from millpond.location import Span
from millpond.sources.inputs.missing import name_text

Kind = Literal["table", "path", "kafka", "secret", "read"]
_SERVERS = "kafka.bootstrap.servers"
_SQL_SERVERS = re.compile(r"\bbootstrapServers\s*=>\s*(?:'([^']*)'|[^',)]+)", re.IGNORECASE)
_SQL_SECRET = re.compile(r"\bsecret\s*\(\s*'([^']*)'\s*,\s*'([^']*)'\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Use:
    """Something from outside that the source names.

    Attributes:
        name: as written; of a table in full, of a secret `scope/key`; None if only a run knows.
        kind: `read` for a table or path that only a run knows.
        table: the name of a table.
        read_by: the datasets that read it, where that is known.
        at: where it is named, for secrets and servers.
    """

    kind: Kind
    name: str | None
    table: QualifiedName | None = None
    read_by: tuple[str, ...] = ()
    at: Span | None = None


def uses_in(spec: PipelineSpec, graph: StaticGraph) -> tuple[Use, ...]:
    """Tables and paths by the graph, then Kafka servers and secrets by the text of the files."""
    found = [*_of_graph(graph)]
    for source in spec.sources:
        if source.kind is SourceKind.SQL:
            found += _in_sql(source.path)
        else:
            found += _in_python(source.path)
    return tuple({(use.kind, use.name or use.at): use for use in reversed(found)}.values())[::-1]


def _of_graph(graph: StaticGraph) -> Iterator[Use]:
    readers: dict[str, list[str]] = {}
    for edge in graph.edges:
        readers.setdefault(edge.source, []).append(edge.target)
    for node in graph.nodes:
        if node.kind == EXTERNAL and node.name in readers and not node.name.startswith("kafka:"):
            kind: Kind = "path" if node.table is None else "table"
            name = node.name if node.table is None else name_text(node.table)
            yield Use(kind, name, node.table, tuple(readers[node.name]))
    for warning in graph.warnings:
        if warning.code is codes.STATIC_READ_UNKNOWN:
            yield Use("read", None, at=warning.at)


def _in_sql(file: Path) -> Iterator[Use]:
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    for match in _SQL_SERVERS.finditer(text):
        yield Use("kafka", match.group(1), at=_place(file, text, match.start()))
    for match in _SQL_SECRET.finditer(text):
        yield Use("secret", "/".join(match.groups()), at=_place(file, text, match.start()))


def _place(file: Path, text: str, offset: int) -> Span:
    before = text[:offset]
    return Span(file, before.count("\n") + 1, offset - before.rfind("\n"))


def _in_python(file: Path) -> Iterator[Use]:
    for node in ast.walk(ast.parse(file.read_bytes())):  # which is valid: the graph was read
        if isinstance(node, ast.Dict):
            yield from _in_dict(file, node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            at = Span(file, node.lineno, node.col_offset + 1)
            if _is_secret(node.func):
                scope, key = _arguments(node, ("scope", "key"))
                yield Use("secret", f"{scope}/{key}" if scope and key else None, at=at)
            elif node.func.attr == "option" and _arguments(node, ("key",)) == [_SERVERS]:
                yield Use("kafka", _arguments(node, ("key", "value"))[1], at=at)


def _in_dict(file: Path, node: ast.Dict) -> Iterator[Use]:
    """Options of Kafka are often a dictionary of their own."""
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == _SERVERS:
            is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
            at = Span(file, value.lineno, value.col_offset + 1)
            yield Use("kafka", value.value if is_text else None, at=at)  # type: ignore[attr-defined]


def _is_secret(function: ast.Attribute) -> bool:
    owner = function.value
    is_secrets = isinstance(owner, ast.Attribute) and owner.attr == "secrets"
    return is_secrets and function.attr in ("get", "getBytes")


def _arguments(call: ast.Call, names: Iterable[str]) -> list[str | None]:
    """The values of parameters that are given as string literals; None for others."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    values: list[str | None] = []
    for index, name in enumerate(names):
        node = call.args[index] if index < len(call.args) else named.get(name)
        value = node.value if isinstance(node, ast.Constant) else None
        values.append(value if isinstance(value, str) else None)
    return values
