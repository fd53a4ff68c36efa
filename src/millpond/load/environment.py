"""What surrounds pipeline source while it runs: `sys.path`, and modules that do not outlive it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from millpond.api.modules import importable


@contextmanager
def source_environment(root: Path) -> Iterator[None]:
    """Put `root` on `sys.path` and the pipeline API in `sys.modules`; undo both afterwards.

    Modules imported from below `root` in between are forgotten again, so that the next pipeline
    in this process, or the next update after an edit, reads its own.
    """
    before, path = set(sys.modules), list(sys.path)
    sys.path.insert(0, str(root))
    try:
        with importable():
            yield
    finally:
        sys.path[:] = path  # source may have changed it too
        for name in modules_below(root, set(sys.modules) - before):
            del sys.modules[name]


def ship_by_value(root: Path) -> None:
    """Let functions of the user's own modules travel to Spark's workers inside the query.

    Workers do not have `root` on their path; a UDF in a helper module would not be found there.
    """
    from pyspark import cloudpickle

    for name in modules_below(root, set(sys.modules)):
        cloudpickle.register_pickle_by_value(sys.modules[name])  # type: ignore[no-untyped-call]


def modules_below(root: Path, names: set[str]) -> list[str]:
    """Those of the loaded modules whose file lies below a folder."""
    return sorted(name for name in names if _is_below(sys.modules.get(name), root))


def _is_below(module: ModuleType | None, root: Path) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and Path(file).is_relative_to(root) and "site-packages" not in file
