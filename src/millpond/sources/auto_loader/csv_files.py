"""CSV files: columns by the names in each file's header, typed, with what does not fit rescued."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DateType, StringType, StructField, StructType, TimestampType

from millpond.sources.auto_loader import csv_headers
from millpond.sources.auto_loader.observe import RECORD
from millpond.sources.auto_loader.rescue import CORRUPT_KEY
from millpond.sources.auto_loader.source import plain_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import Column, DataFrame

    from millpond.sources.auto_loader.columns import Columns
    from millpond.sources.auto_loader.listing import DataFile
    from millpond.sources.auto_loader.source import Source

_Headers = dict[tuple[str, ...], tuple["DataFile", ...]]


def read_csv(source: Source, columns: Columns) -> DataFrame:
    """The columns that CSV files hold, and the rescued data column if there is one.

    A given schema without rescued data is matched by position, as Spark's reader does it.
    """
    if columns.given and source.options.rescued is None:
        parser = {**source.options.parser, "columnNameOfCorruptRecord": source.options.corrupt}
        return source.load("csv", columns.in_files(), parser)
    return _Csv(source, columns).read()


class _Csv:
    """Reads all values as text by position, and finds each column's position in each file."""

    def __init__(self, source: Source, columns: Columns) -> None:
        self.source = source
        self.columns = columns
        self.schema = columns.in_files(source.options.corrupt)
        self.headers = self._headers()

    def read(self) -> DataFrame:
        """The frame."""
        options = self.source.options
        width = max(map(len, self.headers))
        fields = [
            StructField(name, StringType()) for name in [*map(_position, range(width)), RECORD]
        ]
        parser = {
            **{key: v for key, v in options.parser.items() if key.casefold() != "mode"},
            "header": str(self._skips_header()).lower(),
            "columnNameOfCorruptRecord": RECORD,
        }
        pinned = self._skips_header() and self.source.can_pin()
        frame = self.source.load("csv", StructType(fields), parser, pinned=pinned)
        malformed = self._malformed()
        if options.mode == "DROPMALFORMED":
            frame = frame.filter(malformed.isNull())
        elif options.mode == "FAILFAST":
            message = F.concat(F.lit("[MALFORMED_RECORD_IN_PARSING] "), malformed)
            failed = F.raise_error(message).cast("boolean")
            frame = frame.filter(F.when(malformed.isNotNull(), failed).otherwise(True))
        return frame.select(*self._columns(malformed))

    def _headers(self) -> _Headers:
        """The column names of the files; by position if there are none in them."""
        found = csv_headers.by_header(self.source.files, self.source.options)
        if self.columns.given and not self._skips_header():
            names = tuple(self.schema.names)
            widest = max((len(header) for header in found), default=0)
            others = tuple(f"_c{index}" for index in range(len(names), widest))
            return {(*names, *others): self.source.files}
        return found or {tuple(self.schema.names) or ("_c0",): self.source.files}

    def _skips_header(self) -> bool:
        if self.columns.given:
            return bool(self.source.options.header)
        return csv_headers.has_header(self.source.options)

    def _columns(self, malformed: Column) -> list[Column]:
        options = self.source.options
        typed = {field.name: self._typed(field) for field in self.schema.fields}
        found = [typed[field.name].alias(field.name) for field in self.schema.fields]
        in_column = options.corrupt in self.columns.in_files().names
        if in_column:
            found.append(malformed.alias(options.corrupt))
        if options.rescued is None:
            return found
        unfit = {
            field.name: F.when(typed[field.name].isNull(), self._text(field.name))
            for field in self.schema.fields
            if not isinstance(field.dataType, StringType)
        }
        unfit.update({name: self._text(name) for name in self._unknown()})
        if not in_column:
            unfit[CORRUPT_KEY] = malformed
        return [*found, self._rescued(unfit).alias(options.rescued)]

    def _rescued(self, unfit: dict[str, Column]) -> Column:
        if not unfit:
            return F.lit(None).cast("string")
        needed = reduce(lambda a, b: a | b, (value.isNotNull() for value in unfit.values()))
        entries = [value.alias(name) for name, value in unfit.items()]
        path = F.col("_metadata.file_path").alias("_file_path")
        return F.when(needed, F.to_json(F.struct(*entries, path)))

    def _unknown(self) -> list[str]:
        """The names in headers that are no column's, as spelt, each once."""
        known = {self._folded(name) for name in (*self.schema.names, *self.columns.partitions)}
        names = dict.fromkeys(name for header in self.headers for name in header)
        return [name for name in names if self._folded(name) not in known]

    def _folded(self, name: str) -> str:
        return name if self.source.options.case_sensitive else name.casefold()

    def _typed(self, field: StructField) -> Column:
        text = self._text(field.name)
        return (
            text
            if isinstance(field.dataType, StringType)
            else self._converted(text, field.dataType)
        )

    def _converted(self, text: Column, type_: DataType) -> Column:
        given = {key.casefold(): value for key, value in self.source.options.parser.items()}
        if isinstance(type_, TimestampType) and "timestampformat" in given:
            return F.try_to_timestamp(text, F.lit(given["timestampformat"]))
        if isinstance(type_, DateType) and "dateformat" in given:
            return F.try_to_timestamp(text, F.lit(given["dateformat"])).cast("date")
        return text.try_cast(type_)

    def _text(self, name: str) -> Column:
        """The text of a column, wherever it is in the file of the row."""
        return self._by_file([self._at(header, name) for header in self.headers])

    def _at(self, header: tuple[str, ...], name: str) -> Column:
        folded = [self._folded(other) for other in header]
        wanted = self._folded(name)
        if wanted not in folded:
            return F.lit(None).cast("string")
        return F.col(_position(folded.index(wanted)))

    def _malformed(self) -> Column:
        """The text of a record with more or fewer values than its header has names."""
        record = F.col(RECORD)
        if len(self.headers) == 1:
            return record
        own = [self._with_own_header(record, len(header)) for header in self.headers]
        return F.when(record.isNotNull(), self._by_file(own))

    def _with_own_header(self, record: Column, width: int) -> Column:
        names = [*map(_position, range(width)), RECORD]
        ddl = ", ".join(f"{name} STRING" for name in names)
        given = self.source.options.parser.items()
        unfit = ("mode", "header", "multiline", "encoding", "charset", "linesep", "enforceschema")
        parser = {key: value for key, value in given if key.casefold() not in unfit}
        parser["columnNameOfCorruptRecord"] = RECORD
        return F.from_csv(record, ddl, parser).getField(RECORD)

    def _by_file(self, choices: Sequence[Column]) -> Column:
        """One expression a header: that of the row's file."""
        if len({str(choice) for choice in choices}) == 1:
            return choices[0]
        path = plain_path(F.col("_metadata.file_path"))
        found = choices[0]
        for choice, files in list(zip(choices, self.headers.values(), strict=True))[1:]:
            found = F.when(
                path.isin([self.source.uri_path(file) for file in files]), choice
            ).otherwise(found)
        return found


def _position(index: int) -> str:
    return f"__millpond_{index}"
