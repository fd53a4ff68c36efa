"""What is known of Python's own functions and of libraries, none of which is imported."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable
from typing import Any

from millpond.graph.static.known import is_known, items_of, key_of
from millpond.graph.static.operators import MAX_SIZE, attempted, size
from millpond.graph.static.values import UNKNOWN, Library, Session, Value

PIPELINES = frozenset({"dlt", "pyspark.pipelines"})
"""The modules of the pipeline API (reference 1.1)."""

_SESSION = "pyspark.sql.SparkSession"
_SESSIONS = frozenset({"databricks.sdk.runtime.spark", "pyspark.shell.spark"})
_SESSION_MAKERS = ("getOrCreate", "active", "getActiveSession", "create")


def builtin(name: str) -> Value:
    """What a name means that the source binds nowhere."""
    if name == "spark":
        return Session()
    return Library(f"builtins.{name}") if name in _BUILTINS or name in _CALLING else UNKNOWN


def imported(path: str) -> Value:
    """What importing a dotted path from a library gives."""
    return Session() if path in _SESSIONS else Library(path)


def library_attribute(owner: Library, name: str) -> Value:
    """An attribute of something from a library."""
    return imported(f"{owner.path}.{name}")


def pipeline_feature(path: str) -> str | None:
    """The name of a function of the pipeline API, or None for any other path."""
    module, _, name = path.rpartition(".")
    return name if module in PIPELINES else None


def session_from(path: str) -> Value:
    """What a call on `SparkSession` gives: a session, or a builder on the way to one."""
    if not path.startswith(_SESSION):
        return None
    return Session() if path.endswith(_SESSION_MAKERS) else Library(path.rpartition(".")[0])


def computed(path: str, arguments: list[Value], named: dict[str, Value]) -> Value:
    """The result of a pure function of Python's, or `UNKNOWN`."""
    if path == "builtins.enumerate" and set(named) == {"start"}:
        arguments, named = [*arguments, named["start"]], {}
    if path in _CONTAINERS and not named:
        return _CONTAINERS[path](arguments)
    function = _PURE.get(path)
    if function is None or not is_known(arguments) or not is_known(named):
        return UNKNOWN
    if size(arguments) > MAX_SIZE:
        return UNKNOWN
    return attempted(function, *arguments) if not named else UNKNOWN


# --- functions of known values ----------------------------------------------------------------


def _range(*bounds: int) -> list[int]:
    numbers = range(*bounds)
    if len(numbers) > MAX_SIZE:
        raise ValueError
    return list(numbers)


_BUILTINS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "all": all,
    "any": any,
    "bool": bool,
    "float": float,
    "frozenset": frozenset,
    "int": int,
    "len": len,
    "max": max,
    "min": min,
    "range": _range,
    "repr": repr,
    "round": round,
    "set": set,
    "sorted": sorted,
    "str": str,
    "sum": sum,
    "dict": dict,
    "enumerate": enumerate,
    "list": list,
    "reversed": reversed,
    "tuple": tuple,
    "zip": zip,
}
_CALLING = frozenset(
    {
        "classmethod",
        "filter",
        "getattr",
        "isinstance",
        "map",
        "print",
        "property",
        "staticmethod",
        "super",
    }
)
"""Functions that call others or need more than values; `calls` knows what they do."""

_PURE: dict[str, Callable[..., Any]] = {
    **{f"builtins.{name}": function for name, function in _BUILTINS.items()},
    "json.loads": json.loads,
    "os.path.basename": posixpath.basename,
    "os.path.dirname": posixpath.dirname,
    "os.path.join": posixpath.join,
}

PURE_PATHS = frozenset(_PURE)


# --- containers, whose items need not be known -------------------------------------------------


def _sequence(make: Callable[[list[Value]], Value]) -> Callable[[list[Value]], Value]:
    def sequence(arguments: list[Value]) -> Value:
        columns = [items_of(argument) for argument in arguments]
        if any(column is None for column in columns):
            return UNKNOWN
        return make([column for column in columns if column is not None])

    return sequence


def _dict(arguments: list[Value]) -> Value:
    if not arguments:
        return {}
    if isinstance(arguments[0], dict):
        return dict(arguments[0])
    pairs = items_of(arguments[0])
    if pairs is None or not all(isinstance(p, (tuple, list)) and len(p) == 2 for p in pairs):
        return UNKNOWN
    return {key_of(key): value for key, value in pairs}


def _enumerate(arguments: list[Value]) -> Value:
    items = items_of(arguments[0]) if arguments else None
    start = arguments[1] if len(arguments) > 1 else 0
    if items is None or not isinstance(start, int):
        return UNKNOWN
    return list(enumerate(items, start))


_CONTAINERS: dict[str, Callable[[list[Value]], Value]] = {
    "builtins.dict": _dict,
    "builtins.enumerate": _enumerate,
    "builtins.list": _sequence(lambda columns: columns[0] if columns else []),
    "builtins.reversed": _sequence(lambda columns: columns[0][::-1] if columns else []),
    "builtins.tuple": _sequence(lambda columns: tuple(columns[0]) if columns else ()),
    "builtins.zip": _sequence(lambda columns: [tuple(row) for row in zip(*columns, strict=False)]),
}
