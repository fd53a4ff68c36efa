"""Auto Loader's reads, from the request to the frame."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from millpond import codes
from millpond.errors import MillpondError
from millpond.sources.auto_loader.columns import Columns, decide_columns
from millpond.sources.auto_loader.csv_files import read_csv
from millpond.sources.auto_loader.ignored import note_ignored
from millpond.sources.auto_loader.json_files import read_json
from millpond.sources.auto_loader.listing import list_files
from millpond.sources.auto_loader.listings import told
from millpond.sources.auto_loader.memory import Memory, recall, remember
from millpond.sources.auto_loader.options import (
    DETECT,
    check_required,
    detected,
    read_options,
    supported_format,
)
from millpond.sources.auto_loader.other_files import (
    fixed_columns,
    read_fixed,
    read_typed,
)
from millpond.sources.auto_loader.source import Source, column, plain_path
from millpond.sources.connectors import connect

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import StructField

    from millpond.sources.auto_loader.listing import DataFile
    from millpond.sources.auto_loader.options import Options
    from millpond.sources.auto_loader.request import AutoLoaderRequest

_BY_ENDING = {
    "json": "json",
    "jsonl": "json",
    "ndjson": "json",
    "csv": "csv",
    "parquet": "parquet",
    "txt": "text",
    "avro": "avro",
    "orc": "orc",
    "xml": "xml",
}

_READERS = {
    "json": read_json,
    "csv": read_csv,
    "parquet": read_typed,
    "orc": read_typed,
    "avro": read_typed,
    "xml": read_typed,
    "text": read_fixed,
    "binaryfile": read_fixed,
}


def read(spark: SparkSession, request: AutoLoaderRequest, *, streaming: bool) -> DataFrame:
    """The frame of a request; a batch remembers nothing from one update to the next."""
    options = read_options(request)
    note_ignored(request)
    store = request.schema_store if streaming else None
    before = recall(store)
    files = _listed(request, options) if streaming else _files(request, options)
    if options.format == DETECT:
        options = detected(options, _format_of(files, request))
    source = Source(
        spark,
        streaming,
        request.path,
        options,
        files,
        request.at,
        request.user_path,
        request.mount,
    )
    excluded = _excluded(before, source) if streaming else ()
    source = replace(source, excluded=frozenset(excluded))
    check_required(options, request.at)
    connect(spark, options.format, request.at)
    columns, memory = _columns(source, request, before)
    memory = replace(memory, excluded=excluded)
    if memory != before:
        remember(store, memory)
    reader = read_fixed if options.variant is not None else _READERS[options.format]
    return _in_order(reader(source, columns), source, columns)


def _listed(request: AutoLoaderRequest, options: Options) -> tuple[DataFile, ...]:
    with told(request.user_path or request.path) as listing:
        files = _files(request, options)
        listing.files = len(files)
    return files


def _files(request: AutoLoaderRequest, options: Options) -> tuple[DataFile, ...]:
    return list_files(request.path, options, request.at, request.user_path)


def _format_of(files: tuple[DataFile, ...], request: AutoLoaderRequest) -> str:
    """The format that the files' names tell."""
    for file in files:
        endings = [ending.casefold() for ending in file.name.split(".")[1:]]
        for ending in reversed(endings):
            if ending in _BY_ENDING:
                return supported_format(_BY_ENDING[ending], request.at)
    path = request.user_path or request.path
    raise MillpondError(codes.CF_FORMAT_NOT_SET, at=request.at, path=path, option="format")


def _excluded(memory: Memory, source: Source) -> tuple[str, ...]:
    """The files not to include; decided when the source is first read, and never again."""
    if memory.excluded is not None:
        return memory.excluded
    return () if source.options.include_existing else tuple(map(source.uri_path, source.files))


def _columns(source: Source, request: AutoLoaderRequest, memory: Memory) -> tuple[Columns, Memory]:
    if source.options.format in ("text", "binaryfile") or source.options.variant is not None:
        return fixed_columns(source), memory
    return decide_columns(source, request, memory)


def _in_order(frame: DataFrame, source: Source, columns: Columns) -> DataFrame:
    """The columns of files and folders in the order of the schema, rescued data last."""
    selected = [
        _partition(source, field) if field.name in columns.partitions else column(field.name)
        for field in columns.schema.fields
    ]
    rescued = source.options.rescued
    has_rescued = rescued is not None and rescued in frame.columns
    return frame.select(*selected, *([column(str(rescued))] if has_rescued else []))


def _partition(source: Source, field: StructField) -> Column:
    """The value of a `name=value` folder."""
    pattern = f"(?i)/{re.escape(field.name)}=([^/]*)/"
    found = F.regexp_extract(plain_path(F.col("_metadata.file_path")), pattern, 1)
    # Encoded once as a URI and once by Hive; `+` is itself in both.
    for _ in range(2):
        found = F.try_url_decode(F.replace(found, F.lit("+"), F.lit("%2B")))
    value = F.when(~found.isin("", "__HIVE_DEFAULT_PARTITION__"), found)
    return value.try_cast(field.dataType).alias(field.name)
