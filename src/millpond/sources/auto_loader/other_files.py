"""Files of a fixed schema (text, binary, variant) or their own types (Parquet, ORC, Avro, XML)."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType, VariantType

from millpond.sources.auto_loader.columns import Columns, with_partitions
from millpond.sources.auto_loader.rescue import CORRUPT_KEY
from millpond.sources.auto_loader.schema_hints import struct_of
from millpond.sources.auto_loader.source import column

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from millpond.sources.auto_loader.source import Source

_BINARY = "path STRING, modificationTime TIMESTAMP, length BIGINT, content BINARY"
_RECORD = "__millpond_record"


def read_fixed(source: Source, columns: Columns) -> DataFrame:
    """The rows of text or binary files, or of records as one variant: their schema is fixed."""
    options, names = source.options, columns.in_files().names
    if options.variant is not None:
        parser = {**options.parser, "singleVariantColumn": options.variant}
        schema = StructType().add(options.variant, VariantType())
        return source.load(options.format, schema, parser).select(*map(column, names))
    if options.format == "binaryfile":
        # A stream of them has no schema unless it is given.
        return source.load("binaryFile", struct_of(_BINARY), options.parser).select(*names)
    return source.load("text", None, options.parser).select(*names)


def fixed_columns(source: Source) -> Columns:
    """The columns of text or binary files, or of records as one variant."""
    if source.options.variant is not None:
        return with_partitions(StructType().add(source.options.variant, VariantType()), source)
    if source.options.format == "binaryfile":
        return with_partitions(struct_of(_BINARY), source)
    return with_partitions(StructType().add("value", StringType()), source)


def read_typed(source: Source, columns: Columns) -> DataFrame:
    """The rows of Parquet, ORC, Avro or XML files, and the rescued data column if there is one.

    A column that the files have with another type is read with theirs and cast; what does not
    survive that, and the columns of the files that the schema has not, are rescued.
    """
    return _Typed(source, columns).read()


class _Typed:
    """Reads the files with the types they have."""

    def __init__(self, source: Source, columns: Columns) -> None:
        self.source = source
        self.schema = columns.in_files(source.options.corrupt)
        self.in_files = {self._folded(field.name): field for field in columns.in_data.fields}
        self.wants_record = source.options.corrupt in columns.in_files().names
        known = {self._folded(name) for name in (*self.schema.names, *columns.partitions)}
        self.extra = [f for f in columns.in_data.fields if self._folded(f.name) not in known]

    def read(self) -> DataFrame:
        """The frame."""
        options = self.source.options
        parser = dict(options.parser)
        fields = [self._in_file(field) for field in self.schema.fields]
        if options.rescued is not None:
            fields += self.extra
        is_xml = options.format == "xml"
        if is_xml:
            fields.append(StructField(_RECORD, StringType()))
            parser["columnNameOfCorruptRecord"] = _RECORD
        frame = self.source.load(options.format, StructType(fields), parser)
        record = column(_RECORD) if is_xml else F.lit(None).cast("string")
        found = [self._value(field).alias(field.name) for field in self.schema.fields]
        if self.wants_record:
            found.append(record.alias(options.corrupt))
        if options.rescued is not None:
            found.append(self._rescued(record).alias(options.rescued))
        return frame.select(*found)

    def _folded(self, name: str) -> str:
        exact = self.source.options.format == "xml" and self.source.options.case_sensitive
        return name if exact else name.casefold()

    def _in_file(self, field: StructField) -> StructField:
        """The column as it is to be read: with the type it has in the files, if they differ."""
        there = self.in_files.get(self._folded(field.name))
        if there is None or there.dataType == field.dataType or self._reads_as(field):
            return StructField(field.name, field.dataType)
        return StructField(field.name, there.dataType)

    def _reads_as(self, field: StructField) -> bool:
        """XML is text: whatever has parts is read as the column says."""
        return self.source.options.format == "xml" and not _is_plain(field)

    def _value(self, field: StructField) -> Column:
        read = self._in_file(field)
        value = column(field.name)
        return value if read.dataType == field.dataType else value.try_cast(field.dataType)

    def _rescued(self, record: Column) -> Column:
        unfit = {field.name: column(field.name) for field in self.extra}
        for field in self.schema.fields:
            if self._in_file(field).dataType != field.dataType:
                lost = self._value(field).isNull()
                unfit[field.name] = F.when(lost, column(field.name))
        if self.source.options.format == "xml" and not self.wants_record:
            unfit[CORRUPT_KEY] = record
        if not unfit:
            return F.lit(None).cast("string")
        needed = reduce(lambda a, b: a | b, (value.isNotNull() for value in unfit.values()))
        entries = [value.alias(name) for name, value in unfit.items()]
        path = F.col("_metadata.file_path").alias("_file_path")
        return F.when(needed, F.to_json(F.struct(*entries, path)))


def _is_plain(field: StructField) -> bool:
    return field.dataType.typeName() not in ("struct", "array", "map")
