"""The Spark API as far as a static reading needs it: what is read, and from where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from millpond.definitions import Name, parse_name
from millpond.errors import MillpondError
from millpond.graph.static import spark_sql
from millpond.graph.static.declared import Read
from millpond.graph.static.known import is_known, items_of
from millpond.graph.static.operators import made_of
from millpond.graph.static.site import CallSite
from millpond.graph.static.values import (
    UNKNOWN,
    Frame,
    Function,
    Method,
    Partial,
    Reader,
    Session,
    Settings,
    Value,
)

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter

Named = dict[str, Value]

FILE_FORMATS = ("avro", "binaryFile", "csv", "delta", "json", "orc", "parquet", "text", "xml")
_PLACELESS = frozenset({"rate", "rate-micro-batch", "socket", "range", "memory"})
"""Formats that read from no place that a graph could show."""
_TOPICS = ("subscribe", "subscribePattern", "assign")
_UNKNOWN_OF_FRAMES = frozenset(
    {"collect", "count", "first", "head", "isEmpty", "take", "tail", "toPandas", "write"}
    | {"writeStream", "columns", "dtypes", "schema", "isStreaming", "toLocalIterator"}
)
_VIEWS = ("createOrReplaceTempView", "createTempView", "createGlobalTempView")


# --- the session ------------------------------------------------------------------------------


def session_attribute(session: Session, name: str) -> Value:
    """What `spark.name` is."""
    if name in ("read", "readStream"):
        return Reader(streaming=name == "readStream")
    if name == "conf":
        return Settings()
    return Method(session, name)


def call_session(
    run: Interpreter, name: str, arguments: list[Value], named: Named, site: CallSite
) -> Value:
    """A call of a method of the session."""
    if name == "table":
        return read_table(run, _first(arguments, named, "tableName"), Reader(False), site)
    if name == "sql":
        return spark_sql.read_query(run, _first(arguments, named, "sqlQuery"), site)
    if name in ("createDataFrame", "range", "emptyDataFrame"):
        return Frame()
    return Session() if name in ("newSession", "getActiveSession", "active") else UNKNOWN


def call_settings(run: Interpreter, name: str, arguments: list[Value], named: Named) -> Value:
    """`spark.conf.get` and `set`; settings that are not the pipeline's are not known."""
    key = _first(arguments, named, "key")
    if not isinstance(key, str):
        return UNKNOWN
    if name == "set":
        value = arguments[1] if len(arguments) > 1 else named.get("value", UNKNOWN)
        if is_known(value) and run.certain:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            run.configuration[key] = text
        else:
            run.configuration.pop(key, None)
            run.unknown_settings.add(key)
        return None
    if name != "get" or key in run.unknown_settings:
        return UNKNOWN
    if key in run.configuration:
        return run.configuration[key]
    if key.startswith("spark."):
        return UNKNOWN
    return arguments[1] if len(arguments) > 1 else named.get("default", UNKNOWN)


# --- readers ----------------------------------------------------------------------------------


def call_reader(
    run: Interpreter,
    reader: Reader,
    name: str,
    arguments: list[Value],
    named: Named,
    site: CallSite,
) -> Value:
    """A call on `spark.read` or `spark.readStream`: more settings, or the read itself."""
    if name == "format":
        return Reader(reader.streaming, _first(arguments, named, "source"), reader.options)
    if name == "option" and arguments and isinstance(arguments[0], str):
        value = arguments[1] if len(arguments) > 1 else named.get("value", UNKNOWN)
        return Reader(reader.streaming, reader.format, (*reader.options, (arguments[0], value)))
    if name == "options":
        return Reader(reader.streaming, reader.format, (*reader.options, *named.items()))
    if name == "table":
        return read_table(run, _first(arguments, named, "tableName"), reader, site)
    if name == "load":
        reader = Reader(
            reader.streaming,
            named.get("format", arguments[1] if len(arguments) > 1 else reader.format),
            (*reader.options, *named.items()),
        )
        return _load(run, reader, arguments[0] if arguments else reader.option("path"), site)
    if name in FILE_FORMATS:
        return _read_paths(run, _first(arguments, named, "path"), reader, site)
    if name in ("schema", "option"):
        return reader
    return Frame(understood=False)


def _load(run: Interpreter, reader: Reader, path: Value, site: CallSite) -> Value:
    if path is not None:
        return _read_paths(run, path, reader, site)
    if reader.format == "kafka":
        topics = [reader.option(key) for key in _TOPICS if reader.option(key) is not None]
        if len(topics) == 1 and isinstance(topics[0], str):
            return run.read(_read(run, reader, site, path=f"kafka:{topics[0]}"))
        return _unnamed(run, reader, site)
    if reader.format in _PLACELESS:
        return run.read(_read(run, reader, site))
    return _unnamed(run, reader, site)


def _unnamed(run: Interpreter, reader: Reader, site: CallSite) -> Frame:
    """A read whose place is not known, though it is known whether it is a stream."""
    frame = run.unknown_read(site)
    read = run.read(_read(run, reader, site))
    return Frame(read.reads, frame.understood)


def _read(
    run: Interpreter,
    reader: Reader,
    site: CallSite,
    *,
    name: Name | None = None,
    path: str | None = None,
) -> Read:
    options = {key.casefold(): value for key, value in reader.options}
    return Read(name, path, reader.streaming, run.certain, at=site.at, options=options)


def _read_paths(run: Interpreter, path: Value, reader: Reader, site: CallSite) -> Frame:
    paths = [path] if isinstance(path, str) else items_of(path)
    if not paths or not all(isinstance(each, str) for each in paths):
        return _unnamed(run, reader, site)
    frames = [run.read(_read(run, reader, site, path=each)) for each in paths]
    return Frame(tuple(read for frame in frames for read in frame.reads))


def read_table(run: Interpreter, name: Value, reader: Reader, site: CallSite) -> Frame:
    """A read of a dataset or table by name, or of a path in backticks (``delta.`/folder` ``)."""
    if not isinstance(name, str):
        return _unnamed(run, reader, site)
    if len(name.split(".")) == 1 and run.query is not None and name in run.query.views:
        return run.query.views[name]
    try:
        parts = parse_name(name, at=site.at)
    except MillpondError as error:
        run.declarations.warn(error)
        return Frame(understood=False)
    if len(parts) == 2 and parts[0].casefold() in map(str.casefold, FILE_FORMATS):
        return run.read(_read(run, reader, site, path=parts[1]))
    return run.read(_read(run, reader, site, name=parts))


# --- frames -----------------------------------------------------------------------------------


def call_frame(
    run: Interpreter,
    frame: Frame,
    name: str,
    arguments: list[Value],
    named: Named,
    site: CallSite,
) -> Value:
    """A call of a method of a frame, column or grouping: mostly a frame made from all of them."""
    if name in _UNKNOWN_OF_FRAMES and not (frame.grouped and name == "count"):
        return UNKNOWN
    if name in _VIEWS:
        if arguments and isinstance(arguments[0], str) and run.query is not None:
            run.query.views[arguments[0]] = frame
        return None
    if name == "transform" and arguments and isinstance(arguments[0], (Function, Partial)):
        return run.call(arguments[0], [frame, *arguments[1:]], named, site)
    other = arguments[0] if arguments else named.get("other", named.get("func"))
    understood = other is not UNKNOWN or name not in _COMBINING
    made = made_of((frame, *arguments, *named.values()), understood=understood)
    return replace(made, grouped=True) if name in _GROUPINGS and isinstance(made, Frame) else made


_GROUPINGS = frozenset({"cube", "groupBy", "groupby", "groupingSets", "pivot", "rollup"})

_COMBINING = frozenset(
    {
        "join",
        "crossJoin",
        "union",
        "unionAll",
        "unionByName",
        "intersect",
        "intersectAll",
        "subtract",
        "exceptAll",
        "transform",
        "lateralJoin",
    }
)
"""Methods that take another frame: if that is not known, what the result is made from is not."""


def _first(arguments: list[Value], named: Named, keyword: str) -> Value:
    return arguments[0] if arguments else named.get(keyword, UNKNOWN)
