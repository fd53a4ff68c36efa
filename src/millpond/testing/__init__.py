"""Test a pipeline with pytest: the `pipeline` fixture, what it returns, and a diff of rows.

The plugin is installed with Millpond; docs/testing.md shows it at work.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from millpond.testing.failure import PipelineFailed
    from millpond.testing.pipeline import LocalPipeline
    from millpond.testing.result import Result
    from millpond.testing.rows import assert_rows
    from millpond.testing.source import Source

__all__ = ["LocalPipeline", "PipelineFailed", "Result", "Source", "assert_rows"]

_MODULES = {
    "LocalPipeline": "pipeline",
    "PipelineFailed": "failure",
    "Result": "result",
    "Source": "source",
    "assert_rows": "rows",
}


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first used: pytest loads this package in every run."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
