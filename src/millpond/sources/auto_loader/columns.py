"""Decide the columns of a source: given, inferred, remembered, hinted, taken from folders."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from pyspark.errors import AnalysisException
from pyspark.sql.types import (
    DataType,
    DateType,
    IntegerType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from millpond import codes
from millpond.errors import MillpondError
from millpond.sources.auto_loader.listing import partitions_of
from millpond.sources.auto_loader.memory import Memory, Observation
from millpond.sources.auto_loader.merge import add_fields, as_text, covers, tidy
from millpond.sources.auto_loader.observe import observe
from millpond.sources.auto_loader.options import TYPED_FORMATS, Evolution, Options
from millpond.sources.auto_loader.schema_hints import Hint, apply_hints, parse_hints, parse_schema
from millpond.spark_message import one_line

if TYPE_CHECKING:
    from millpond.sources.auto_loader.listing import DataFile
    from millpond.sources.auto_loader.request import AutoLoaderRequest
    from millpond.sources.auto_loader.source import Source

_CAUSE = re.compile(r"^Caused by: [\w.$]+: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a source.

    Attributes:
        schema: all of them in order, without the rescued data column.
        partitions: the names of those that come from folders.
        given: the user gave the schema.
        proven: the files there are now hold no field that `schema` does not have.
        in_data: what the files were seen to hold, with their own types.
    """

    schema: StructType
    partitions: frozenset[str] = frozenset()
    given: bool = False
    proven: bool = False
    in_data: StructType = field(default_factory=lambda: StructType([]))

    def in_files(self, without: str | None = None) -> StructType:
        """The columns that are read from the files themselves."""
        names = {*self.partitions, without}
        return StructType([field for field in self.schema.fields if field.name not in names])


def decide_columns(
    source: Source, request: AutoLoaderRequest, memory: Memory
) -> tuple[Columns, Memory]:
    """The columns of a source whose files have any, and what to remember of it.

    Raises:
        MillpondError: CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE, CF_FILE_NOT_READABLE, CF_NEW_COLUMNS,
            CF_SCHEMA_NOT_VALID.
    """
    options = source.options
    given = request.schema if request.schema is not None else options.schema
    if given is not None:
        return _given(source, request, parse_schema(given, request.at), memory)
    hints = parse_hints(options.hints, request.at) if options.hints else ()
    if memory.columns is None and not source.files and not hints:
        raise MillpondError(
            codes.CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE,
            at=request.at,
            format=options.format,
            path=request.user_path or request.path,
        )
    # Without evolution and rescue, what new files hold does not matter.
    fixed = options.evolution is Evolution.NONE and not options.rescued
    before, new = memory, memory.unseen(source.files)
    refused = False
    if memory.columns is None or not fixed or options.format in TYPED_FORMATS:
        observed = _observed(source, request, memory, known=memory.columns is not None)
        memory, refused = observed or memory, observed is None
    evolved = _evolved(memory, options)
    if options.evolution is Evolution.FAIL and memory.columns is not None:
        added = bool(_added(source, memory, hints))
        if added and request.running:
            raise _new_columns(source, new, memory, hints)
        refused = refused or added
    memory = replace(memory, columns=evolved)
    schema = apply_hints(_with_hinted_structs(evolved, memory.seen.schema, options, hints), hints)
    hinted = {hint.path[0].casefold() for hint in hints}
    columns = with_partitions(schema, source, hinted)
    # What is to be refused when the stream runs is still new then.
    return _checked(columns, memory.seen, source), before if refused else memory


def _observed(
    source: Source, request: AutoLoaderRequest, memory: Memory, *, known: bool
) -> Memory | None:
    """What there is to remember with the new files; None where one of them cannot be read.

    That stops the stream when it runs, and nothing before if the columns are `known`.

    Raises:
        MillpondError: CF_FILE_NOT_READABLE.
    """
    try:
        return observe(source, memory)
    except AnalysisException:
        raise
    except Exception as error:
        # What Java throws itself reaches Python as py4j's.
        if not type(error).__module__.startswith(("pyspark.", "py4j.")):
            raise
        if known and not request.running:
            return None
        path = request.user_path or request.path
        said = _CAUSE.findall(str(error))
        reason = one_line(said[-1] if said else str(error)).replace(f"file:{request.path}", path)
        raise MillpondError(
            codes.CF_FILE_NOT_READABLE, at=request.at, path=path, reason=reason
        ) from error


def _given(
    source: Source, request: AutoLoaderRequest, schema: StructType, memory: Memory
) -> tuple[Columns, Memory]:
    options = source.options
    schema = StructType([field for field in schema.fields if field.name != options.rescued])
    if options.format in TYPED_FORMATS or (options.rescued and options.format == "json"):
        memory = _observed(source, request, memory, known=True) or memory
    folders = partitions_of(source.shown_paths())
    wanted = options.partitions or ()
    schema = add_fields(schema, StructType([StructField(n, StringType()) for n in wanted]))
    names = {name.casefold() for name in (*folders, *wanted)}
    partitions = frozenset(n for n in schema.names if n.casefold() in names)
    columns = Columns(schema, partitions, given=True)
    return _checked(columns, memory.seen, source), memory


def _evolved(memory: Memory, options: Options) -> StructType:
    """The columns remembered, with those that are new if the mode adds them."""
    if memory.columns is not None and options.evolution is not Evolution.ADD:
        return memory.columns
    found = _inferred(memory.seen.schema, options)
    return found if memory.columns is None else add_fields(memory.columns, found)


def _new_columns(
    source: Source, new: tuple[DataFile, ...], memory: Memory, hints: tuple[Hint, ...]
) -> MillpondError:
    """The error for columns that were not there before; names a file that has them."""
    names = _added(source, memory, hints)
    for file in new if len(new) > 1 else ():
        alone = observe(replace(source, files=(file,)), Memory())
        found = _added(source, replace(memory, seen=alone.seen), hints)
        if found:
            names, new = found, (file,)
            break
    where = source.uri(new[0]) if new else str(source.user_path or source.path)
    return MillpondError(codes.CF_NEW_COLUMNS, at=source.at, file=where, columns=", ".join(names))


def _added(source: Source, memory: Memory, hints: tuple[Hint, ...]) -> list[str]:
    """The columns seen in the files that are neither remembered nor hinted."""
    known = [*(memory.columns or StructType([])).names, *(hint.path[0] for hint in hints)]
    return _new_names(memory.seen.schema, known, source)


def _new_names(seen: StructType, known: list[str], source: Source) -> list[str]:
    folded = {name.casefold() for name in known}
    found = _inferred(seen, source.options).names
    return [name for name in found if name.casefold() not in folded]


def _inferred(seen: StructType, options: Options) -> StructType:
    named = StructType([f for f in seen.fields if f.name and f.name != options.rescued])
    if options.infer_types:
        tidied = tidy(named)
        return tidied if isinstance(tidied, StructType) else StructType([])
    return as_text(named)


def _with_hinted_structs(
    columns: StructType, seen: StructType, options: Options, hints: tuple[Hint, ...]
) -> StructType:
    """A hint within a column makes it what was seen in the files, its values being text."""
    inside = {hint.path[0].casefold() for hint in hints if len(hint.path) > 1}
    if options.infer_types or not inside:
        return columns
    types = {f.name.casefold(): _leaves_as_text(tidy(f.dataType)) for f in seen.fields}
    return StructType(
        [
            StructField(f.name, types[f.name.casefold()])
            if f.name.casefold() in inside and f.name.casefold() in types
            else f
            for f in columns.fields
        ]
    )


def _leaves_as_text(type_: DataType) -> DataType:
    if isinstance(type_, StructType):
        return StructType([StructField(f.name, _leaves_as_text(f.dataType)) for f in type_.fields])
    return type_ if type_.simpleString().startswith("array") else StringType()


def with_partitions(
    schema: StructType, source: Source, typed: Collection[str] = frozenset()
) -> Columns:
    """The columns of the files and those of the folders they lie in, which come last.

    Args:
        typed: the names, in lower case, of columns whose type is decided.
    """
    options = source.options
    found = partitions_of(source.shown_paths())
    wanted = found
    if options.partitions is not None:
        wanted = {name: found.get(name, set()) for name in options.partitions}
    fields = list(schema.fields)
    places = {field.name.casefold(): index for index, field in enumerate(fields)}
    for name, values in wanted.items():
        type_ = _partition_type(values) if options.infer_types else StringType()
        place = places.get(name.casefold())
        if place is None:
            fields.append(StructField(name, type_))
        elif name.casefold() not in typed:
            fields[place] = StructField(fields[place].name, type_)
    folded = {name.casefold() for name in wanted}
    final = StructType([field for field in fields if field.name != options.rescued])
    return Columns(final, frozenset(n for n in final.names if n.casefold() in folded))


def _checked(columns: Columns, seen: Observation, source: Source) -> Columns:
    """The columns, with what is known of the files."""
    return replace(columns, proven=_proven(columns, seen, source), in_data=seen.schema)


def _proven(columns: Columns, seen: Observation, source: Source) -> bool:
    """Whether the files there are now are known to hold nothing but these columns."""
    in_files = columns.in_files(source.options.corrupt)
    return seen.complete and bool(source.files) and covers(in_files, seen.schema)


def _partition_type(values: set[str]) -> DataType:
    for type_, fits in ((IntegerType(), _is_int), (LongType(), _is_long), (DateType(), _is_date)):
        if values and all(map(fits, values)):
            return type_
    return StringType()


def _is_int(text: str) -> bool:
    return _is_long(text) and -(1 << 31) <= int(text) < 1 << 31


def _is_long(text: str) -> bool:
    digits = text.removeprefix("-")
    # 007 is a name, not a number.
    return (
        digits.isascii()
        and digits.isdigit()
        and (digits == "0" or digits[0] != "0")
        and (len(digits) < 19)
    )


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
