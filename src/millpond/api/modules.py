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
from millpond.api import decorators, expectations, flows, reads
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError

_SHARED: dict[str, Any] = {
    "append_flow": flows.append_flow,
    # Old names that Databricks still forwards (reference 1.1).
    "create_streaming_live_table": flows.create_streaming_table,
    "create_streaming_table": flows.create_streaming_table,
    "create_table": decorators.table,
    "create_target_table": flows.create_streaming_table,
    "create_view": decorators.temporary_view,
    "expect": expectations.expect,
    "expect_all": expectations.expect_all,
    "expect_all_or_drop": expectations.expect_all_or_drop,
    "expect_all_or_fail": expectations.expect_all_or_fail,
    "expect_or_drop": expectations.expect_or_drop,
    "expect_or_fail": expectations.expect_or_fail,
    "materialized_view": decorators.materialized_view,
    "read": reads.read,
    "readStream": reads.read_stream,
    "read_stream": reads.read_stream,
    "table": decorators.table,
    "temporary_view": decorators.temporary_view,
    "view": decorators.temporary_view,
}

_NOT_YET = (
    "apply_changes",
    "apply_changes_from_snapshot",
    "create_auto_cdc_flow",
    "create_auto_cdc_from_snapshot_flow",
    "create_sink",
    "foreach_batch_sink",
    "on_event_hook",
    "replace_flow",
    "update_flow",
)

_lock = threading.RLock()


def _refusing(feature: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise MillpondError(codes.NOT_SUPPORTED_YET, at=caller_span(), feature=feature)

    refuse.__name__ = feature
    return refuse


def _module(name: str) -> ModuleType:
    module = ModuleType(name, "The pipeline API, run by Millpond.")
    module.__dict__.update(_SHARED)
    module.__dict__.update({feature: _refusing(feature) for feature in _NOT_YET})
    module.__dict__["__all__"] = sorted((*_SHARED, *_NOT_YET))
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
