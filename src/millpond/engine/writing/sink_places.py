"""Where a sink of the user's is on this machine, and whether a query can be written to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import Flow, QualifiedName, Sink, parse_name, qualify
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.relations import evaluating
from millpond.errors import MillpondError
from millpond.sources.connectors import connect
from millpond.sources.kafka import connector_options

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def local_options(context: UpdateContext, sink: Sink) -> dict[str, str]:
    """The sink's options with places of this machine in them; its connector is fetched.

    Raises:
        MillpondError: INPUT_NOT_MAPPED and KAFKA_NOT_MAPPED, with the line to add;
            FORMAT_ONLY_ON_DATABRICKS, JARS_UNAVAILABLE.
    """
    if sink.function is None:
        with evaluating(None):
            connect(context.session, sink.format, sink.at)
    options = dict(sink.options)
    by_key = {key.casefold(): key for key in options}
    if sink.format.casefold() == "delta":
        table = options.pop(by_key.get("tablename", ""), None)
        if table is not None:
            options["path"] = str(_table_path(context, sink, table))
            return options
        options.setdefault("mergeSchema", "true")
    if "path" in by_key:
        options["path"] = context.inputs.path(options.pop(by_key["path"]), sink.at)
    if sink.format.casefold() == "kafka":
        return connector_options(options, context.inputs.kafka, sink.at)
    return options


def check_columns(frame: DataFrame, sink: Sink, flow: Flow) -> None:
    """See that a frame has what the format of its sink writes.

    Raises:
        MillpondError: KAFKA_SINK_COLUMNS, at the flow.
    """
    if sink.format.casefold() != "kafka":
        return
    types = {field.name.casefold(): field.dataType.typeName() for field in frame.schema.fields}
    problem = None
    if types.get("value") not in ("string", "binary"):
        problem = "no column value of type STRING or BINARY"
    elif "topic" not in types and "topic" not in map(str.casefold, sink.options):
        problem = "no column topic, and its sink no option topic"
    if problem is not None:
        raise MillpondError(
            codes.KAFKA_SINK_COLUMNS, at=flow.at, flow=".".join(flow.name), problem=problem
        )


def table_name(context: UpdateContext, sink: Sink, table: str) -> QualifiedName:
    """The full name of the table that a Delta sink writes by name."""
    parts = parse_name(table, what="table", at=sink.at)
    return qualify(parts, context.spec.catalog, context.spec.schema)


def _table_path(context: UpdateContext, sink: Sink, table: str) -> Path:
    """Where `millpond.yml` says the table is; else in the state folder, beside the others."""
    name = table_name(context, sink, table)
    mapped = context.inputs.table(name)
    if mapped is not None and mapped.format == "delta":
        return Path(mapped.path)
    return context.state.table_path(name)
