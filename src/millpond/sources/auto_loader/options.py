"""The options of one read, checked and with Auto Loader's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from millpond import codes
from millpond.bundle.suggest import did_you_mean
from millpond.errors import MillpondError
from millpond.notices import warn
from millpond.sources.auto_loader.known_options import (
    IGNORED,
    IGNORED_PREFIXES,
    NOT_FOR_THE_PARSER,
    ONLY_ON_DATABRICKS,
    USED,
)
from millpond.sources.auto_loader.misspelt_options import misspelt
from millpond.sources.written import place_of

if TYPE_CHECKING:
    from millpond.location import Span
    from millpond.sources.auto_loader.request import AutoLoaderRequest

TYPED_FORMATS = ("avro", "orc", "parquet", "xml")
"""Formats that are read with the types their files have."""

FORMATS = ("avro", "binaryfile", "csv", "json", "orc", "parquet", "text", "xml")
DETECT = "by file name"
"""In place of a format: that of the files' names."""

DEFAULT_RESCUED = "_rescued_data"
BAD_RECORDS = "badRecordsPath"
_PREFIX = "cloudfiles."


class Evolution(str, Enum):
    """What happens when files have columns that the schema has not."""

    ADD = "addNewColumns"
    RESCUE = "rescue"
    FAIL = "failOnNewColumns"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one read.

    Attributes:
        format: in lower case.
        schema: the schema given as an option (`read_files`), DDL.
        rescued: the name of the rescued data column, or None for none.
        corrupt: the name of the column for records that cannot be parsed, if the schema has it.
        partitions: the columns to take from `name=value` folders; None for all there are.
        max_files, max_bytes: of a micro-batch; 1000 files if neither is given.
        mode: PERMISSIVE, DROPMALFORMED or FAILFAST.
        header: of CSV; None if not given.
        variant: the one column that holds whole records, or None to have columns.
        parser: the options of the file format, keys as written.
    """

    format: str
    schema: str | None
    infer_types: bool
    hints: str | None
    evolution: Evolution
    rescued: str | None
    corrupt: str
    partitions: tuple[str, ...] | None
    include_existing: bool
    max_files: str | None
    max_bytes: str | None
    max_file_age: str | None
    name_glob: str | None
    modified_after: str | None
    modified_before: str | None
    mode: str
    case_sensitive: bool
    multi_line: bool
    header: bool | None
    variant: str | None
    parser: Mapping[str, str]


def read_options(request: AutoLoaderRequest) -> Options:
    """The options of a request.

    Raises:
        MillpondError: CF_UNKNOWN_OPTION_KEYS_ERROR, CF_INVALID_OPTION_VALUE, CF_FORMAT_NOT_SET,
            CF_ADD_NEW_NOT_SUPPORTED or OPTION_ONLY_ON_DATABRICKS, where the request or option is.
    """
    given = _Given(request.options, request.at)
    given.check_keys()
    given.warn_of_misspellings()
    schema = given.get("schema")
    has_schema = schema is not None or request.schema is not None
    evolution = _evolution(given, has_schema)
    max_files = given.get("cloudFiles.maxFilesPerTrigger", "maxFilesPerTrigger")
    max_bytes = given.get("cloudFiles.maxBytesPerTrigger", "maxBytesPerTrigger")
    format = _format(given, request.path)
    options = Options(
        format=format,
        schema=schema,
        infer_types=given.flag("cloudFiles.inferColumnTypes", default=False),
        hints=None if has_schema else given.get("cloudFiles.schemaHints"),
        evolution=evolution,
        rescued=_rescued(given, has_schema, evolution),
        corrupt=given.get("columnNameOfCorruptRecord") or "_corrupt_record",
        partitions=_names(given.get("cloudFiles.partitionColumns"))
        or (() if given.flag("recursiveFileLookup", default=False) else None),
        include_existing=given.flag("cloudFiles.includeExistingFiles", default=True),
        max_files=max_files or (None if max_bytes else "1000"),
        max_bytes=max_bytes,
        max_file_age=given.get("cloudFiles.maxFileAge", "maxFileAge"),
        name_glob=given.get("pathGlobFilter", "fileNamePattern"),
        modified_after=given.get("modifiedAfter"),
        modified_before=given.get("modifiedBefore"),
        mode=_mode(given),
        case_sensitive=given.flag("readerCaseSensitive", default=True),
        multi_line=given.flag("multiLine", default=False),
        header=None if given.get("header") is None else given.flag("header", default=False),
        variant=given.get("singleVariantColumn"),
        parser=given.parser(),
    )
    return detected(options, format)


def detected(options: Options, format: str) -> Options:
    """The options for a format; files of some have types, whatever `inferColumnTypes` says."""
    typed = format in ("avro", "orc", "parquet")
    return replace(options, format=format, infer_types=options.infer_types or typed)


def check_required(options: Options, at: Span | None) -> None:
    """Refuse a format without the one option it cannot do without.

    Raises:
        MillpondError: CF_OPTION_REQUIRED.
    """
    if options.format == "xml" and "rowtag" not in map(str.casefold, options.parser):
        raise MillpondError(
            codes.CF_OPTION_REQUIRED,
            at=at,
            format="XML",
            option="rowTag",
            meaning="the name of the element that is a row",
        )


def refuse_databricks_only(options: Mapping[str, str], at: Span | None) -> None:
    """Refuse options that Spark's readers would ignore in silence.

    Raises:
        MillpondError: OPTION_ONLY_ON_DATABRICKS.
    """
    known = {name.casefold(): name for name in ONLY_ON_DATABRICKS}
    for key in options:
        name = known.get(key.casefold())
        if name is not None and options[key].strip() != "0":
            raise MillpondError(
                codes.OPTION_ONLY_ON_DATABRICKS,
                at=place_of(options, key, at),
                option=name,
                instead=ONLY_ON_DATABRICKS[name],
            )


def ignored_options(request: AutoLoaderRequest) -> tuple[str, ...]:
    """The options, as written, that have no effect in a local run."""
    known = {name.casefold() for name in (*IGNORED, BAD_RECORDS)}
    prefixes = tuple(prefix.casefold() for prefix in IGNORED_PREFIXES)
    return tuple(
        key
        for key in request.options
        if key.casefold() in known or key.casefold().startswith(prefixes)
    )


class _Given:
    """The options as given, looked up without regard to case."""

    def __init__(self, options: Mapping[str, str], at: Span | None) -> None:
        self.options = options
        self._values = {key.casefold(): str(value) for key, value in options.items()}
        self.at = at

    def get(self, *keys: str) -> str | None:
        """The value of the first of these keys that is given."""
        return next((self._values[k] for k in map(str.casefold, keys) if k in self._values), None)

    def flag(self, key: str, *, default: bool) -> bool:
        """A true or false value."""
        value = self.choice(key, ("true", "false"))
        return default if value is None else value == "true"

    def choice(self, key: str, allowed: tuple[str, ...]) -> str | None:
        """One of the allowed values, as spelt there; None if the option is not given."""
        value = self.get(key)
        if value is None:
            return None
        for candidate in allowed:
            if candidate.casefold() == value.strip().casefold():
                return candidate
        raise MillpondError(
            codes.CF_INVALID_OPTION_VALUE,
            at=place_of(self.options, key, self.at),
            key=key,
            value=value,
            allowed=", ".join(allowed),
        )

    def check_keys(self) -> None:
        """Refuse what Auto Loader would refuse, and what only Databricks has."""
        refuse_databricks_only(self.options, self.at)
        self.choice("cloudFiles.cleanSource", ("OFF", "DELETE", "MOVE"))
        if not self.flag("cloudFiles.validateOptions", default=True):
            return
        known = {name.casefold() for name in (*USED, *IGNORED)}
        prefixes = tuple(prefix.casefold() for prefix in IGNORED_PREFIXES)
        for key in self.options:
            folded = key.casefold()
            if not folded.startswith(_PREFIX) or folded in known or folded.startswith(prefixes):
                continue
            hint = did_you_mean(key, (*USED, *IGNORED))
            at = place_of(self.options, key, self.at)
            raise MillpondError(codes.CF_UNKNOWN_OPTION_KEYS_ERROR, at=at, hint=hint, key=key)

    def warn_of_misspellings(self) -> None:
        """Tell options that Spark's readers pass over, as no format has them."""
        for key, known in misspelt(self.options):
            at = place_of(self.options, key, self.at)
            warn(MillpondError(codes.OPTION_WITHOUT_EFFECT, at=at, key=key, known=known))

    def parser(self) -> dict[str, str]:
        """The options of the file format itself."""
        ours = {name.casefold() for name in (*NOT_FOR_THE_PARSER, *IGNORED, *USED)}
        found = {
            key: str(value)
            for key, value in self.options.items()
            if key.casefold() not in ours and not key.casefold().startswith(_PREFIX)
        }
        if self.keeps_bad_records:
            found = {key: value for key, value in found.items() if key.casefold() != "mode"}
            found["mode"] = "DROPMALFORMED"
        return found

    @property
    def keeps_bad_records(self) -> bool:
        """Whether records that cannot be parsed go to files of their own, not into the table."""
        return self.get(BAD_RECORDS) is not None


def _format(given: _Given, path: str) -> str:
    name = given.get("cloudFiles.format")
    if name is None:
        raise MillpondError(
            codes.CF_FORMAT_NOT_SET, at=given.at, path=path, option="cloudFiles.format"
        )
    return name if name == DETECT else supported_format(name, given.at)


def supported_format(name: str, at: Span | None) -> str:
    """The format's name in lower case.

    Raises:
        MillpondError: CF_INVALID_OPTION_VALUE for one that is not read.
    """
    folded = name.strip().casefold()
    if folded in FORMATS:
        return folded
    raise MillpondError(
        codes.CF_INVALID_OPTION_VALUE,
        at=at,
        key="cloudFiles.format",
        value=name,
        allowed=", ".join(FORMATS),
    )


def _evolution(given: _Given, has_schema: bool) -> Evolution:
    allowed = (*(mode.value for mode in Evolution), "addNewColumnsWithTypeWidening")
    name = given.choice("cloudFiles.schemaEvolutionMode", allowed)
    if name is None:
        return Evolution.NONE if has_schema else Evolution.ADD
    if has_schema and name.startswith(Evolution.ADD.value):
        raise MillpondError(codes.CF_ADD_NEW_NOT_SUPPORTED, at=given.at, mode=name)
    if name not in {mode.value for mode in Evolution}:
        raise MillpondError(
            codes.OPTION_ONLY_ON_DATABRICKS,
            at=place_of(given.options, "cloudFiles.schemaEvolutionMode", given.at),
            option=f"schemaEvolutionMode={name}",
            instead=f"With {Evolution.ADD.value}, a value of a wider type is rescued instead.",
        )
    return Evolution(name)


def _rescued(given: _Given, has_schema: bool, evolution: Evolution) -> str | None:
    """A column of this name is there if asked for, or if Auto Loader decides on the schema."""
    name = given.get("rescuedDataColumn", "cloudFiles.rescuedDataColumn")
    if name is not None:
        return name or None
    by_default = evolution is Evolution.RESCUE or not (has_schema or evolution is Evolution.NONE)
    return DEFAULT_RESCUED if by_default else None


def _mode(given: _Given) -> str:
    written = given.choice("mode", ("PERMISSIVE", "DROPMALFORMED", "FAILFAST"))
    return "DROPMALFORMED" if given.keeps_bad_records else written or "PERMISSIVE"


def _names(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    return tuple(name.strip() for name in text.split(",") if name.strip())
