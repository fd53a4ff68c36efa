"""Queries in SQL: what their text reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from millpond.errors import MillpondError
from millpond.graph.static.declared import Read
from millpond.graph.static.operators import made_of
from millpond.graph.static.site import CallSite
from millpond.graph.static.values import Frame, Value
from millpond.sql.mapped import span

if TYPE_CHECKING:
    from millpond.definitions import SqlQuery
    from millpond.graph.static.interpreter import Interpreter
    from millpond.location import Span
    from millpond.sql.references import Reference


def read_query(run: Interpreter, text: Value, site: CallSite) -> Frame:
    """`spark.sql(text)` in a dataset function: a frame made from all that the text reads."""
    if run.query is None:
        return Frame(understood=False)
    if not isinstance(text, str):
        return run.unknown_read(site)
    from millpond.sql import references

    try:
        found = references.find(text)
    except MillpondError as error:
        # Its own position is one within the query.
        run.warn(error.code, site.at, **error.params)
        return Frame(understood=False)
    frames: list[Frame] = []
    for reference in found:
        view = run.query.views.get(reference.parts[0]) if len(reference.parts) == 1 else None
        if view is not None:
            frames.append(view)
            continue
        read = read_of(reference, site.at, certain=run.certain)
        frames.append(run.unknown_read(site) if read is None else run.read(read))
    result = made_of(frames)
    return result if isinstance(result, Frame) else Frame()


def reads_of(found: Iterable[Reference], query: SqlQuery) -> tuple[tuple[Read, ...], bool]:
    """What a query of a SQL file reads, and whether that is all it reads."""
    reads = [_read_of_file(reference, query) for reference in found]
    return tuple(read for read in reads if read is not None), None not in reads


def _read_of_file(reference: Reference, query: SqlQuery) -> Read | None:
    at = span(query.at, query.text, reference.start, reference.end)
    read = read_of(reference, at)
    return read and replace(read, catalog=query.catalog, schema=query.schema)


def read_of(reference: Reference, at: Span, *, certain: bool = True) -> Read | None:
    """A reference as a read, or None if what it names is not constant."""
    options = {key.casefold(): value for key, value in reference.options}
    streams = reference.streaming
    if reference.kind == "table":
        return Read(reference.parts, None, streams, certain, at=at, options=options)
    place = reference.parts[1] if reference.kind == "path" else _place(reference)
    if place is None:
        return None
    return Read(None, place, streams, certain, at=at, options=options)


def _place(reference: Reference) -> str | None:
    """Where a function such as `read_files` reads from."""
    named = {(each.name or "").casefold(): each.value for each in reference.arguments}
    if reference.function == "read_kafka":
        topics = [named[key] for key in ("subscribe", "subscribepattern") if key in named]
        return f"kafka:{topics[0]}" if topics and isinstance(topics[0], str) else None
    positional = [each.value for each in reference.arguments if each.name is None]
    path = positional[0] if positional else named.get("path")
    return path if isinstance(path, str) else None
