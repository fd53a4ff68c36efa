"""Files whose schema is fixed or stored in them: text, binary, Parquet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructType

from millpond import codes
from millpond.errors import MillpondError
from millpond.sources.auto_loader.columns import Columns, with_partitions
from millpond.sources.auto_loader.memory import Memory
from millpond.sources.auto_loader.merge import add_fields
from millpond.sources.auto_loader.options import Evolution
from millpond.sources.auto_loader.schema_hints import parse_schema, struct_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from millpond.sources.auto_loader.request import AutoLoaderRequest
    from millpond.sources.auto_loader.source import Source

_BINARY = "path STRING, modificationTime TIMESTAMP, length BIGINT, content BINARY"


def read_fixed(source: Source, columns: Columns) -> DataFrame:
    """The rows of text or binary files; their schema is always the same."""
    binary = source.options.format == "binaryfile"
    frame = source.load("binaryFile" if binary else "text", None, source.options.parser)
    return frame.select(*columns.in_files().names)


def fixed_columns(source: Source) -> Columns:
    """The columns of text or binary files."""
    if source.options.format == "binaryfile":
        return with_partitions(struct_of(_BINARY), source)
    return with_partitions(StructType().add("value", StringType()), source)


def read_parquet(source: Source, columns: Columns) -> DataFrame:
    """The rows of Parquet files; nothing needs rescuing, because all columns are in the schema."""
    frame = source.load("parquet", columns.in_files(), source.options.parser)
    rescued = source.options.rescued
    return frame if rescued is None else frame.withColumn(rescued, F.lit(None).cast("string"))


def parquet_columns(
    source: Source, request: AutoLoaderRequest, memory: Memory
) -> tuple[Columns, Memory]:
    """The columns of all the files there are now and have been.

    Raises:
        MillpondError: NOT_SUPPORTED_YET for what needs rescuing; CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE.
    """
    options = source.options
    given = request.schema if request.schema is not None else options.schema
    unsupported = (
        "rescued data of Parquet files"
        if options.rescued and (given is not None or options.evolution is Evolution.RESCUE)
        else "schema hints for Parquet files"
        if options.hints
        else None
    )
    if unsupported is not None:
        raise MillpondError(codes.NOT_SUPPORTED_YET, at=request.at, feature=unsupported)
    if given is not None:
        return Columns(parse_schema(given, request.at), given=True), memory
    if not source.files and memory.columns is None:
        raise MillpondError(
            codes.CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE,
            at=request.at,
            format=options.format,
            path=request.user_path or request.path,
        )
    schema = memory.columns
    if source.files:
        batch = replace(source, streaming=False)
        found = batch.load("parquet", None, {"mergeSchema": "true"}).schema
        schema = found if schema is None else add_fields(schema, found)
    assert schema is not None  # there are files, or it is remembered
    return with_partitions(schema, source), replace(memory, columns=schema)
