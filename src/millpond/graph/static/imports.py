"""Follow `import`: modules of the user's are read, those of libraries only named."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from millpond.graph.static.attributes import attribute
from millpond.graph.static.library import PIPELINES, builtin, imported
from millpond.graph.static.values import UNKNOWN, Library, Module, Scope, Value

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter


def import_modules(run: Interpreter, node: ast.Import, scope: Scope) -> None:
    """Follow `import a.b, c as d`."""
    for alias in node.names:
        path = alias.name if alias.asname else alias.name.partition(".")[0]
        module = run.modules(run, path)
        value = imported(path) if module is None else Module(module)
        scope.bind(alias.asname or path, value)


def import_from(run: Interpreter, node: ast.ImportFrom, scope: Scope) -> None:
    """Follow `from a import b as c, *`, relative ones included."""
    path = _absolute(node, scope)
    module = None if path is None else run.modules(run, path)
    for alias in node.names:
        if alias.name == "*":
            _import_all(path, module, scope)
            continue
        value: Value = UNKNOWN
        if module is not None:
            value = attribute(run, Module(module), alias.name)
        elif path is not None:
            value = imported(f"{path}.{alias.name}")
        scope.bind(alias.asname or alias.name, value)


def unbound(name: str, scope: Scope) -> Value:
    """What a name means that the source does not bind itself."""
    stars = (scope.module or scope).stars
    pipelines = next((star for star in stars if star in PIPELINES), None)
    if pipelines is not None:
        known = builtin(name)
        return known if known is not UNKNOWN else Library(f"{pipelines}.{name}")
    if name != "spark" and stars and all(star.startswith("pyspark.") for star in stars):
        return Library(f"{stars[-1]}.{name}")
    return builtin(name)


def _absolute(node: ast.ImportFrom, scope: Scope) -> str | None:
    """The module's dotted path; None for a relative one in a file that is in no package."""
    if node.level == 0:
        return node.module or ""
    package = (scope.module or scope).names.get("__package__")
    if not isinstance(package, str) or not package:
        return None
    parts = package.split(".")
    above = parts[: len(parts) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])]) or None


def _import_all(path: str | None, module: Scope | None, scope: Scope) -> None:
    if module is None:
        (scope.module or scope).stars.append(path or "")
        return
    exported = module.names.get("__all__")
    for name, value in list(module.names.items()):
        public = not name.startswith("_")
        if name in exported if isinstance(exported, (list, tuple)) else public:
            scope.bind(name, value)
