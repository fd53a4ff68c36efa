"""The modules that pipeline source imports, `dlt` and `pyspark.pipelines`, and when they exist.

They are in `sys.modules` only while pipeline source runs: `dlt` is also the name of an unrelated
library, and `pyspark.pipelines` one of Spark's own.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from millpond import codes
from millpond.api import cdc, decorators, expectations, flows, hooks, reads, sinks
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.notices import warn


def _deprecated(old: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """An old name that Databricks still forwards, with a warning (reference 1.1)."""

    def forward(*positional: Any, **named: Any) -> Any:
        new = function.__name__
        warn(MillpondError(codes.DEPRECATED_NAME, at=caller_span(), old=old, new=new))
        return function(*positional, **named)

    forward.__name__ = old
    forward.__doc__ = f"Deprecated: `{function.__name__}`."
    return forward


_API: dict[str, Any] = {
    "append_flow": flows.append_flow,
    "apply_changes": cdc.apply_changes,
    "apply_changes_from_snapshot": cdc.apply_changes_from_snapshot,
    "create_auto_cdc_flow": cdc.create_auto_cdc_flow,
    "create_auto_cdc_from_snapshot_flow": cdc.create_auto_cdc_from_snapshot_flow,
    "create_sink": sinks.create_sink,
    "create_streaming_live_table": _deprecated(
        "create_streaming_live_table", flows.create_streaming_table
    ),
    "create_streaming_table": flows.create_streaming_table,
    "create_table": _deprecated("create_table", decorators.table),
    "create_target_table": _deprecated("create_target_table", flows.create_streaming_table),
    "create_view": _deprecated("create_view", decorators.temporary_view),
    "expect": expectations.expect,
    "expect_all": expectations.expect_all,
    "expect_all_or_drop": expectations.expect_all_or_drop,
    "expect_all_or_fail": expectations.expect_all_or_fail,
    "expect_or_drop": expectations.expect_or_drop,
    "expect_or_fail": expectations.expect_or_fail,
    "foreach_batch_sink": sinks.foreach_batch_sink,
    "materialized_view": decorators.materialized_view,
    "on_event_hook": hooks.on_event_hook,
    "read": reads.read,
    "readStream": reads.read_stream,
    "read_stream": reads.read_stream,
    "replace_flow": flows.replace_flow,
    "table": decorators.table,
    "temporary_view": decorators.temporary_view,
    "update_flow": flows.update_flow,
    "view": decorators.temporary_view,
}

_lock = threading.RLock()


def _module(name: str) -> ModuleType:
    module = ModuleType(name, "The pipeline API, run by Millpond.")
    module.__dict__.update(_API)
    module.__dict__["__all__"] = sorted(_API)
    return module


@contextmanager
def importable() -> Iterator[None]:
    """Let `import dlt` and `from pyspark import pipelines` mean this API, for a while."""
    import pyspark

    names = {"dlt": _module("dlt"), "pyspark.pipelines": _module("pyspark.pipelines")}
    with _lock:
        hidden = {name: sys.modules.get(name) for name in names}
        attribute = getattr(pyspark, "pipelines", None)
        sys.modules.update(names)
        pyspark.pipelines = names["pyspark.pipelines"]  # type: ignore[attr-defined]
        try:
            yield
        finally:
            for name, module in hidden.items():
                if module is None:
                    del sys.modules[name]
                else:
                    sys.modules[name] = module
            if attribute is None:
                del pyspark.pipelines  # type: ignore[attr-defined]
            else:
                pyspark.pipelines = attribute  # type: ignore[attr-defined]
