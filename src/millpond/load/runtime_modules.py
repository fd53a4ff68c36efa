"""Modules that Databricks' runtime has and helper modules import: the scope, by other names.

`from pyspark.dbutils import DBUtils`, `from databricks.sdk.runtime import *`, and
`IPython.get_ipython().user_ns["dbutils"]` all give what the source file that is running has.
"""

from __future__ import annotations

import importlib.machinery
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_EXPORTED = ("dbutils", "display", "displayHTML", "getArgument", "spark", "sql", "table", "udf")

_scope: dict[str, Any] = {}


def in_scope(scope: Mapping[str, Any]) -> None:
    """Make a scope the one that the modules give."""
    _scope.clear()
    _scope.update(scope)


def get_ipython() -> _Shell:
    """The interactive shell of a notebook, as far as source asks for it."""
    return _Shell()


class _Shell:
    @property
    def user_ns(self) -> dict[str, Any]:
        return _scope

    def run_line_magic(self, *_: object, **__: object) -> None:
        """Do nothing; source that cannot do without a magic writes it as one."""


class _RuntimeModule(ModuleType):
    """A module whose names are those of the scope in force."""

    def __getattr__(self, name: str) -> Any:
        if name in _EXPORTED and name in _scope:
            return _scope[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


@contextmanager
def importable() -> Iterator[None]:
    """Let source import the modules, for a while; then the scope is forgotten too."""
    modules = _modules()
    hidden = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        _scope.clear()
        for name, module in hidden.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module


def _modules() -> dict[str, ModuleType]:
    dbutils = ModuleType("pyspark.dbutils")
    dbutils.__dict__["DBUtils"] = lambda *_: _scope["dbutils"]
    runtime = _RuntimeModule("databricks.sdk.runtime")
    runtime.__dict__["__all__"] = list(_EXPORTED)
    found = {"pyspark.dbutils": dbutils, "databricks.sdk.runtime": runtime}
    for name in ("databricks", "databricks.sdk"):
        if name not in sys.modules and not _is_installed(name):
            found[name] = ModuleType(name)
            found[name].__path__ = []
    ipython = ModuleType("IPython")
    ipython.__dict__["get_ipython"] = get_ipython
    installed = importlib.machinery.PathFinder.find_spec("IPython")
    # Of an installed IPython the other modules can still be imported.
    ipython.__path__ = list((installed and installed.submodule_search_locations) or [])
    return {**found, "IPython": ipython}


def _is_installed(name: str) -> bool:
    parent, _, last = name.rpartition(".")
    path = None
    if parent:
        above = importlib.machinery.PathFinder.find_spec(parent)
        path = list((above and above.submodule_search_locations) or [])
    return (
        importlib.machinery.PathFinder.find_spec(name if path is None else last, path) is not None
    )
