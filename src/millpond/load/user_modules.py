"""Modules of the user's that source imports: shipped to workers whole, forgotten afterwards."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

from millpond.definitions.caller import is_user_code


class _Loader(SourceFileLoader):
    """Registers a module before it runs: a UDF in it may be pickled at once."""

    def exec_module(self, module: ModuleType) -> None:
        from pyspark import cloudpickle

        # Spark's workers do not have the user's folders on their path.
        cloudpickle.register_pickle_by_value(module)  # type: ignore[no-untyped-call]
        super().exec_module(module)


class _Finder(MetaPathFinder):
    """Finds what Python's own finder would, and notes what is the user's."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a module of the user's; None leaves any other to the next finder."""
        spec = PathFinder.find_spec(name, path, target)
        if spec is None:
            return None
        if spec.origin is None:  # a folder without __init__.py
            places = list(spec.submodule_search_locations or [])
            if places and all(is_user_code(place + "/") for place in places):
                self.found.add(name)
            return None
        if not isinstance(spec.loader, SourceFileLoader) or not is_user_code(spec.origin):
            return None
        self.found.add(name)
        return importlib.util.spec_from_file_location(
            name,
            spec.origin,
            loader=_Loader(name, spec.origin),
            submodule_search_locations=spec.submodule_search_locations,
        )


@contextmanager
def user_modules() -> Iterator[None]:
    """Watch what is imported; the user's own modules are forgotten again at the end.

    The next pipeline in this process, or the next update after an edit, then reads its own.
    """
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.found:
            _forget(name)


def _forget(name: str) -> None:
    module = sys.modules.pop(name, None)
    if module is None or getattr(module, "__file__", None) is None:
        return
    from pyspark import cloudpickle

    if name in cloudpickle.list_registry_pickle_by_value():  # type: ignore[no-untyped-call]
        sys.modules[name] = module
        cloudpickle.unregister_pickle_by_value(module)  # type: ignore[no-untyped-call]
        del sys.modules[name]
