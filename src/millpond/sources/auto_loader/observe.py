"""Look into files: which fields they hold, and of which types."""

from __future__ import annotations

import mmap
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from mmap import ACCESS_READ
from typing import TYPE_CHECKING, cast

from pyspark.errors import AnalysisException
from pyspark.sql import functions as F
from pyspark.sql.types import NullType, StructField, StructType

from millpond.sources.auto_loader import csv_headers
from millpond.sources.auto_loader.memory import Memory, Observation
from millpond.sources.auto_loader.merge import add_fields, merge_schemas
from millpond.sources.auto_loader.schema_hints import struct_of
from millpond.sources.separate_session import separate_session

if TYPE_CHECKING:
    from millpond.sources.auto_loader.listing import DataFile
    from millpond.sources.auto_loader.source import Source

RECORD = "__millpond_record"
"""Holds the text of a record that did not fit the schema."""

_MOST_FILES = 1000
"""How many files Auto Loader samples."""

_COMPRESSED = (".gz", ".gzip", ".bz2", ".zst", ".zstd", ".xz", ".lz4", ".snappy", ".deflate")
_EMPTY_OBJECT = re.compile(rb"\{\s*\}")

_cache: dict[object, Observation] = {}
_cache_lock = threading.Lock()
_CACHE_SIZE = 64


def observe(source: Source, memory: Memory) -> Memory:
    """The memory of a source, with the files that are new to it observed as well."""
    settings = _settings(source)
    if memory.settings != settings:
        memory = replace(memory, settings=settings, seen=Observation(), files={})
    new = memory.unseen(source.files)
    if not new:
        return memory
    sample = new[:_MOST_FILES]
    key = (settings, sample)
    with _cache_lock:
        found = _cache.get(key)
    if found is None:
        found = _OBSERVERS.get(source.options.format, _typed)(
            # Sessions of its own have no mounts; and nothing of this is shown.
            replace(source, files=sample, mount=None)
        )
        with _cache_lock:
            while len(_cache) >= _CACHE_SIZE:
                _cache.pop(next(iter(_cache)))
            _cache[key] = found
    merge: Callable[[StructType, StructType], StructType] = merge_schemas
    if source.options.format != "json":
        merge = add_fields
    seen = Observation(
        merge(memory.seen.schema, found.schema),
        memory.seen.complete and found.complete and len(sample) == len(new),
    )
    return memory.with_files(source.files, seen)


def _settings(source: Source) -> str:
    """The options that what is observed depends on."""
    options = source.options
    relevant = {**options.parser, "multiLine": options.multi_line, "header": options.header}
    types = options.format in ("csv", "xml") and options.infer_types
    return f"{options.format} {types} " + " ".join(
        f"{key.casefold()}={value}" for key, value in sorted(relevant.items())
    )


def _json(source: Source) -> Observation:
    # In a session of the pipeline's, keys that differ only in case would become one, or an error.
    with separate_session(source.spark) as session:
        session.conf.set("spark.sql.caseSensitive", "true")
        return _json_fields(replace(source, spark=session, streaming=False, excluded=frozenset()))


def _json_fields(batch: Source) -> Observation:
    parser = {key: v for key, v in batch.options.parser.items() if key.casefold() != "mode"}
    options = {**parser, "columnNameOfCorruptRecord": RECORD}
    try:
        schema = batch.load("json", None, options, pinned=batch.can_pin()).schema
    except AnalysisException as error:
        if error.getCondition() != "COLUMN_ALREADY_EXISTS":
            raise
        return Observation(_json_with_repeated_keys(batch), complete=False)
    fields = [field for field in schema.fields if field.name != RECORD]
    complete = _shows_all(parser) and not any(map(_may_hide_fields, batch.files))
    return Observation(StructType(fields), complete)


def _json_with_repeated_keys(source: Source) -> StructType:
    """The schema of files with a record that has a key twice, which Spark does not infer."""
    text = {"wholetext": "true"} if source.options.multi_line else {}
    lines = source.load("text", None, text, pinned=source.can_pin()).select("value")
    record = F.try_parse_json("value")
    objects = lines.select(record.alias("value")).filter(
        F.schema_of_variant("value").startswith("OBJECT<")
    )
    (row,) = objects.select(F.schema_of_variant_agg("value")).collect()
    typed = StructType([])
    if str(row[0]).startswith("OBJECT<"):
        ddl = str(row[0]).replace("OBJECT<", "STRUCT<")
        typed = cast("StructType", struct_of(f"root {ddl}").fields[0].dataType)
    keys = lines.select(F.explode(F.json_object_keys("value"))).distinct().collect()
    names = StructType([StructField(key, NullType()) for (key,) in sorted(keys)])
    return merge_schemas(typed, names)


def _csv(source: Source) -> Observation:
    """Every column any file has, in the order they are met."""
    found = StructType([])
    for names, files in csv_headers.by_header(source.files, source.options).items():
        schema = StructType()
        for name in names:
            schema = schema.add(name, "string")
        group = replace(source, files=files, streaming=False, excluded=frozenset())
        if source.options.infer_types and group.can_pin():
            schema = _csv_types(group, names)
        found = add_fields(found, schema)
    return Observation(found)


def _csv_types(source: Source, names: tuple[str, ...]) -> StructType:
    parser = {key: v for key, v in source.options.parser.items() if key.casefold() != "mode"}
    header = str(csv_headers.has_header(source.options)).lower()
    options = {**parser, "header": header, "inferSchema": "true"}
    inferred = source.load("csv", None, options, pinned=True).schema
    schema = StructType()
    for name, field in zip(names, inferred.fields, strict=False):
        schema = schema.add(name, field.dataType)
    return schema


def _typed(source: Source) -> Observation:
    """The columns of files that say themselves what they hold, or, of XML, their elements."""
    batch = replace(source, streaming=False, excluded=frozenset())
    options = dict(source.options.parser)
    if source.options.format == "xml":
        options.update({"inferSchema": str(source.options.infer_types).lower()})
        options["columnNameOfCorruptRecord"] = RECORD
    else:
        options["mergeSchema"] = "true"
    schema = batch.load(source.options.format, None, options, pinned=batch.can_pin()).schema
    fields = [StructField(f.name, f.dataType) for f in schema.fields if f.name != RECORD]
    return Observation(StructType(fields))


_OBSERVERS: dict[str, Callable[[Source], Observation]] = {"json": _json, "csv": _csv}


def _shows_all(parser: dict[str, str]) -> bool:
    """Whether these options let inference, and the check for empty objects, see every field."""
    given = {key.casefold(): value.casefold() for key, value in parser.items()}
    encoding = given.get("encoding") or given.get("charset") or "utf-8"
    return encoding in ("utf-8", "utf8") and given.get("dropfieldifallnull") != "true"


def _may_hide_fields(file: DataFile) -> bool:
    """Whether a file can hold a field that Spark's inference leaves out: an empty object."""
    if file.name.endswith(_COMPRESSED):
        return True
    if file.size == 0:
        return False
    with open(file.path, "rb") as stream, mmap.mmap(stream.fileno(), 0, access=ACCESS_READ) as data:
        return len(data) != file.size or _EMPTY_OBJECT.search(data) is not None
