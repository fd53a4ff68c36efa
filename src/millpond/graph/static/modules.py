"""Modules of the user's: found below the pipeline's root path, each followed once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from millpond.errors import MillpondError
from millpond.graph.static.site import Source
from millpond.graph.static.values import Scope
from millpond.load.compiled import compile_file, source_text

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter


class Modules:
    """Finds modules as Python's import does with `root` first on its path.

    Attributes:
        root: the folder that holds them.
        files: those that were found, in order.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: list[Path] = []
        self._scopes: dict[str, Scope | None] = {}

    def __call__(self, run: Interpreter, name: str) -> Scope | None:
        """The names of a module after it was followed, or None if it is not one of the user's."""
        if name not in self._scopes:
            self._scopes[name] = None
            file = self._file(name)
            if file is not None:
                self._follow(run, name, file)
        return self._scopes[name]

    def _file(self, name: str) -> Path | None:
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        base = self.root.joinpath(*parts)
        candidates = (base / "__init__.py", base.with_suffix(".py"))
        return next((file for file in candidates if file.is_file()), None)

    def _follow(self, run: Interpreter, name: str, file: Path) -> None:
        """Follow a module; it is known from the start, as modules may import each other."""
        self.files.append(file)
        try:
            text = source_text(file)
            compiled = compile_file(file, text)
        except MillpondError as error:
            run.declarations.warn(error)
            return
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        scope = module_scope(Source(file, tuple(text.split("\n"))), name, package)
        self._scopes[name] = scope
        run.execute(compiled.tree.body, scope)


def module_scope(source: Source, name: str, package: str) -> Scope:
    """The scope of a module before its first statement."""
    scope = Scope(source)
    scope.names.update({"__name__": name, "__package__": package, "__file__": str(source.file)})
    return scope
