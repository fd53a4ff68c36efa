"""JSON files: three plans for the same rows, the cheapest that is right for the files there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from millpond.sources.auto_loader.merge import has_fields
from millpond.sources.auto_loader.observe import RECORD
from millpond.sources.auto_loader.rescue import (
    corrupt,
    is_malformed,
    leftovers,
    rescued,
    with_keys_of,
)
from millpond.sources.auto_loader.source import column as named

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from millpond.sources.auto_loader.columns import Columns
    from millpond.sources.auto_loader.source import Source

_PARSED = "__millpond_parsed"
_NOT_FOR_EXPRESSIONS = ("mode", "multiline", "linesep", "encoding", "charset", "compression")


def read_json(source: Source, columns: Columns) -> DataFrame:
    """The columns that JSON files hold, and the rescued data column if there is one.

    Spark's own reader is used as it is if nothing is to be rescued; with the text of records
    that do not fit, if the files there are now are known to hold no other fields; else records
    are read as text and their keys compared with the columns, which takes longer.
    """
    options = source.options
    if options.rescued is None:
        parser = {**options.parser, "columnNameOfCorruptRecord": options.corrupt}
        return source.load("json", _or_record(columns.in_files()), parser)
    plain = options.mode == "PERMISSIVE" and options.case_sensitive and not options.multi_line
    has_columns = len(columns.in_files(options.corrupt).fields) > 0
    if columns.proven and plain and has_columns and source.can_pin():
        return _checked(source, columns)
    return _compared(source, columns)


def _or_record(schema: StructType) -> StructType:
    """A schema of at least one column, which Spark's reader needs."""
    return schema if schema.fields else StructType([StructField(RECORD, StringType())])


def _checked(source: Source, columns: Columns) -> DataFrame:
    schema = columns.in_files(source.options.corrupt)
    with_record = StructType([*schema.fields, StructField(RECORD, StringType())])
    parser = {**source.options.parser, "columnNameOfCorruptRecord": RECORD}
    frame = source.load("json", with_record, parser, pinned=True)
    return _project(frame, source, columns, named, F.col(RECORD), F.col(RECORD).isNotNull())


def _compared(source: Source, columns: Columns) -> DataFrame:
    options = source.options
    schema = columns.in_files(options.corrupt)
    frame = _records(source)
    if not options.case_sensitive:
        frame = frame.withColumn("value", _in_our_case(F.col("value"), schema, source))
    with_record = StructType([*schema.fields, StructField(RECORD, StringType())])
    parser = {**_expression_options(source), "columnNameOfCorruptRecord": RECORD}
    frame = frame.withColumn(_PARSED, F.from_json("value", with_record, parser))
    record = F.col(_PARSED).getField(RECORD)
    malformed = record.isNotNull() & is_malformed(record, _expression_options(source))
    if options.mode == "DROPMALFORMED":
        frame = frame.filter(~malformed)
    elif options.mode == "FAILFAST":
        message = F.concat(F.lit("[MALFORMED_RECORD_IN_PARSING] "), record)
        frame = frame.filter(
            F.when(malformed, F.raise_error(message).cast("boolean")).otherwise(True)
        )
    value = F.col("value")
    needed = record.isNotNull() | _has_other_keys(value, schema)
    if any(has_fields(field.dataType) for field in schema.fields):
        needed = F.lit(True)
    return _project(
        frame, source, columns, lambda name: F.col(_PARSED).getField(name), value, needed, record
    )


def _records(source: Source) -> DataFrame:
    """The text of each record; the elements of an array are records of their own."""
    options = source.options
    text = {
        key: v for key, v in options.parser.items() if key.casefold() in ("linesep", "encoding")
    }
    if options.multi_line:
        text["wholetext"] = "true"
    frame = source.load("text", None, text)
    value = F.col("value")
    elements = F.from_json(value, "array<string>", _expression_options(source))
    records = F.when(F.ltrim(value).startswith("["), elements)
    frame = frame.withColumn("value", F.explode(F.coalesce(records, F.array(value))))
    return frame.filter(F.col("value").rlike(r"\S"))


def _project(
    frame: DataFrame,
    source: Source,
    columns: Columns,
    column: Callable[[str], Column],
    record: Column,
    needed: Column,
    flagged: Column | None = None,
) -> DataFrame:
    """The columns, with what did not fit them.

    Args:
        column: the parsed value of a field.
        record: the text of the record, at least where it is needed.
        needed: whether something may not have fitted.
        flagged: the text of a record for which Spark says so; `record` if that is it.
    """
    options, parser = source.options, _expression_options(source)
    flagged = record if flagged is None else flagged
    schema = columns.in_files(options.corrupt)
    kept = [column(field.name).alias(field.name) for field in schema.fields]
    malformed = flagged.isNotNull() & is_malformed(flagged, parser)
    whole = corrupt(record)
    if options.corrupt in columns.in_files().names:
        kept.append(F.when(malformed, record).alias(options.corrupt))
        whole = F.lit(None).cast("string")
    # A record that Spark flags and in which nothing is found (a repeated key) is kept whole.
    fields = F.coalesce(
        leftovers(record, schema, column, parser), F.when(flagged.isNotNull(), corrupt(record))
    )
    found = rescued(F.when(malformed, whole).otherwise(fields), F.col("_metadata.file_path"))
    return frame.select(*kept, F.when(needed, found).alias(str(options.rescued)))


def _has_other_keys(value: Column, schema: StructType) -> Column:
    """Whether a record has top-level keys without a column, or keys that cannot be told."""
    known = F.array(*[F.lit(name) for name in schema.names]).cast("array<string>")
    return F.coalesce(F.size(F.array_except(F.json_object_keys(value), known)) > 0, F.lit(True))


def _in_our_case(value: Column, schema: StructType, source: Source) -> Column:
    """The record with its keys spelt as the columns are, if it has others."""
    return F.when(
        _has_other_keys(value, schema),
        F.coalesce(with_keys_of(value, schema.names, _expression_options(source)), value),
    ).otherwise(value)


def _expression_options(source: Source) -> dict[str, str]:
    """The options of the parser for one record."""
    return {
        key: value
        for key, value in source.options.parser.items()
        if key.casefold() not in _NOT_FOR_EXPRESSIONS
    }
