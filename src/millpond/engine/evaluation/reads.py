"""What Spark's readers do while source is evaluated: their options, and what they read.

Each function here takes the place of a method (see `interception`): it is given the evaluation in
progress and the original method before that method's own arguments.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from millpond import codes
from millpond.definitions import parse_name
from millpond.definitions.caller import caller_span
from millpond.engine.evaluation import actions, written
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.engine.evaluation.sql import run_query
from millpond.engine.evaluation.sql_arguments import filled
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sources import plain_files
from millpond.sources.connectors import known_format
from millpond.sources.delta_start import start_options
from millpond.sources.mounts import telling_where
from millpond.sources.written import WrittenOptions
from millpond.sql.relations import is_path

_FILE_FORMATS = ("csv", "json", "orc", "parquet", "text", "xml")
_OPTIONS, _FORMAT, _SCHEMA = "_millpond_options", "_millpond_format", "_millpond_schema"


def of_readers(*, streaming: bool) -> dict[str, Callable[..., Any]]:
    """The replacements of a reader's methods, by name."""
    by_format = {name: functools.partial(_format_load, streaming, name) for name in _FILE_FORMATS}
    return {
        **_REMEMBER,
        "table": functools.partial(_table, streaming),
        "load": functools.partial(_load, streaming),
        **by_format,
    }


# --- what a reader was told before it reads ---------------------------------------------------


def _remember_format(_: Evaluation, original: Callable[..., Any], self: Any, source: str) -> Any:
    setattr(self, _FORMAT, source)
    return original(self, source)


def _remember_option(
    _: Evaluation, original: Callable[..., Any], self: Any, key: str, value: Any
) -> Any:
    if value is not None:
        _written(self, {key: value})
    return original(self, key, value)


def _remember_options(
    _: Evaluation, original: Callable[..., Any], self: Any, **options: Any
) -> Any:
    _written(self, options)
    return original(self, **options)


def _written(reader: Any, options: Mapping[str, Any]) -> None:
    """Add options to those that a reader was given, each with the call that gave it."""
    remembered: WrittenOptions = reader.__dict__.setdefault(_OPTIONS, WrittenOptions())
    given = {key: _text(value) for key, value in options.items() if value is not None}
    remembered.update(given)
    if given:
        remembered.places.update(dict.fromkeys(given, caller_span()))


def _remember_schema(_: Evaluation, original: Callable[..., Any], self: Any, schema: Any) -> Any:
    setattr(self, _SCHEMA, schema)
    return original(self, schema)


_REMEMBER: dict[str, Callable[..., Any]] = {
    "format": _remember_format,
    "option": _remember_option,
    "options": _remember_options,
    "schema": _remember_schema,
}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# --- reads ------------------------------------------------------------------------------------


def sql(
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    sqlQuery: str,
    args: Any = None,
    **named: Any,
) -> Any:
    """`spark.sql`: a query over the user's names, or a command where commands are allowed."""
    at = caller_span()
    with filled(self, sqlQuery, args, named) as (text, frames):
        actions.refuse_command(evaluation, text, at)
        with_arguments = functools.partial(original, self, args=args)
        if evaluation.dataset is None:
            answered = written.write_command(self, text, evaluation, at, with_arguments, frames)
            if answered is not None:
                return answered
        return run_query(self, text, evaluation, at, with_arguments, frames=frames)


def session_table(
    evaluation: Evaluation,
    _: Callable[..., Any],
    self: Any,
    tableName: str,
) -> Any:
    """`spark.table`."""
    return _named(evaluation, tableName, False, {})


def _table(
    streaming: bool,
    evaluation: Evaluation,
    _: Callable[..., Any],
    self: Any,
    tableName: str,
) -> Any:
    return _named(evaluation, tableName, streaming, self.__dict__.get(_OPTIONS, {}))


def _named(evaluation: Evaluation, name: str, streaming: bool, options: dict[str, str]) -> Any:
    at = caller_span()
    parts = parse_name(name, at=at)
    if is_path(parts):
        return evaluation.relations.path_table(*parts, streaming=streaming, options=options, at=at)
    return evaluation.table(parts, streaming=streaming, options=options, at=at)


def _load(
    streaming: bool,
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    path: Any = None,
    format: str | None = None,
    schema: Any = None,
    **options: Any,
) -> Any:
    at = caller_span()
    chosen = format or self.__dict__.get(_FORMAT, "delta")
    remembered = _given(self, options)
    as_option = path is None and "path" in remembered
    path = remembered["path"] if as_option else path
    if chosen.casefold() == "kafka":
        return evaluation.relations.kafka(streaming=streaming, options=remembered, at=at)
    known = schema if schema is not None else self.__dict__.get(_SCHEMA)
    if chosen.casefold() == "cloudfiles":
        return _auto_loader(evaluation, streaming, path, remembered, known, at)
    evaluation.relations.connect(chosen, at)
    ours = _as_auto_loader(chosen, path, remembered, known, streaming)
    if ours is not None:
        return _auto_loader(evaluation, streaming, path, ours, known, at)
    is_delta = chosen.casefold() == "delta"
    found = _local(evaluation, path) if is_delta else _readable(evaluation, path)
    if streaming and is_delta and isinstance(found, str):
        options.update(start_options(found, remembered))
    options.update(plain_files.options_for_spark(chosen, remembered, at))
    if as_option:  # Spark takes it there or as the argument, never both
        with evaluating(None):
            self.option("path", found)
        found = None
    with _telling_where(evaluation, path), known_format(chosen, at):
        return original(self, found, chosen, schema, **options)


def _format_load(
    streaming: bool,
    format: str,
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    *args: Any,
    **named: Any,
) -> Any:
    """`json(path, …)` and its like: a path, or several, and options as arguments."""
    at = caller_span()
    bound = inspect.signature(original).bind(self, *args, **named)
    arguments = dict(bound.arguments)
    arguments.update(arguments.pop("options", {}))
    place = next((name for name in ("path", "paths") if name in arguments), "path")
    paths = arguments.pop(place, None)
    path = paths[0] if isinstance(paths, tuple) and len(paths) == 1 else paths
    known = arguments.pop("schema", None) or self.__dict__.get(_SCHEMA)
    arguments.pop("self", None)
    remembered = _given(self, arguments)
    ours = _as_auto_loader(format, path, remembered, known, streaming)
    if ours is not None:
        return _auto_loader(evaluation, streaming, path, ours, known, at)
    with evaluating(None):
        self.options(**plain_files.options_for_spark(format, remembered, at))
    if place in bound.arguments:
        bound.arguments[place] = _readable(evaluation, paths)
    with _telling_where(evaluation, path):
        return original(*bound.args, **bound.kwargs)


def _given(reader: Any, options: Mapping[str, Any]) -> WrittenOptions:
    """The options that a reader was given before it reads, and as it reads."""
    before: WrittenOptions = reader.__dict__.get(_OPTIONS, WrittenOptions())
    given = {key: _text(value) for key, value in options.items() if value is not None}
    return WrittenOptions({**before, **given}, before.places)


def _as_auto_loader(
    format: str, path: Any, options: WrittenOptions, schema: Any, streaming: bool
) -> WrittenOptions | None:
    return plain_files.as_auto_loader(
        format, path, options, has_schema=schema is not None, streaming=streaming
    )


def _auto_loader(
    evaluation: Evaluation,
    streaming: bool,
    path: Any,
    options: WrittenOptions,
    schema: Any,
    at: Span,
) -> Any:
    if not isinstance(path, str):
        raise MillpondError(
            codes.INVALID_ARGUMENT,
            at=at,
            function="load",
            argument="path",
            expected="the folder Auto Loader reads",
            value=path,
        )
    return evaluation.relations.files(
        path, streaming=streaming, options=options, schema=schema, at=at
    )


def _telling_where(evaluation: Evaluation, path: Any) -> AbstractContextManager[None]:
    if isinstance(path, str):
        return telling_where(path, _local(evaluation, path))
    return nullcontext()


def _readable(evaluation: Evaluation, path: Any) -> Any:
    return _each(path, evaluation.relations.readable_path)


def _local(evaluation: Evaluation, path: Any) -> Any:
    return _each(path, evaluation.relations.local_path)


def _each(path: Any, meaning: Callable[[str, Span], str]) -> Any:
    """What a path, or each of several, is here; anything else is left to Spark to refuse."""
    if isinstance(path, str):
        return meaning(path, caller_span())
    if isinstance(path, (list, tuple)):
        return type(path)(_each(item, meaning) for item in path)
    return path
