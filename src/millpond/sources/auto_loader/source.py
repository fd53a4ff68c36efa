"""One read of files as Spark does it: the reader with its options, and the columns of a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from millpond.definitions import quoted
from millpond.sources.auto_loader.listing import DataFile, encoded, local_file, moment
from millpond.sources.auto_loader.options import Options

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.readwriter import DataFrameReader
    from pyspark.sql.streaming.readwriter import DataStreamReader
    from pyspark.sql.types import StructType

    from millpond.location import Span
    from millpond.sources.inputs.mount import Mount

_FOREVER = "36500d"
_NEEDS_ESCAPING = re.compile(r"[{}\[\]*?,\\^!]")
_MOST_NAMES = 2000
_UNREADABLE = ("ignorecorruptfiles", "ignoremissingfiles")
"""What the reader does with files that it cannot read, whatever format they are read as."""


@dataclass(frozen=True, slots=True)
class Source:
    """A read of files, as a stream or as a batch.

    Attributes:
        files: those there are now.
        mount: lets Spark read them under the user's own URI; None to read them where they are.
        excluded: those that were there when the source was first read, if existing files are
            not to be included; paths as `uri_path` gives them.
    """

    spark: SparkSession
    streaming: bool
    path: str
    options: Options
    files: tuple[DataFile, ...]
    at: Span | None = None
    user_path: str | None = None
    mount: Mount | None = None
    excluded: frozenset[str] = frozenset()

    def load(
        self,
        format: str,
        schema: StructType | str | None,
        options: Mapping[str, str] | None = None,
        *,
        pinned: bool = False,
    ) -> DataFrame:
        """The rows of the files, without those that the options exclude.

        Args:
            format: of Spark's reader, which need not be that of the files.
            pinned: read only the files there are now. A file that arrives later is left to the
                next update; use it when the plan is right for these files alone.
        """
        reader: DataStreamReader | DataFrameReader = (
            self.spark.readStream if self.streaming else self.spark.read
        )
        for key, value in {**(options or {}), **self._listing(pinned)}.items():
            reader = reader.option(key, value)
        if schema is not None:
            reader = reader.schema(schema)
        frame = reader.format(format).load(self._uri())
        return self._selected(frame, pinned)

    def can_pin(self) -> bool:
        """Whether the files there are now can be named to Spark's listing."""
        names = {file.name for file in self.files}
        return 0 < len(names) <= _MOST_NAMES and not any(map(_NEEDS_ESCAPING.search, names))

    def uri_path(self, file: DataFile) -> str:
        """The path of a file as `plain_path` gives it of `_metadata.file_path`."""
        return file.uri_path if self.mount is None else encoded(self.mount.shown(file.path))

    def uri(self, file: DataFile) -> str:
        """A file as the user knows it."""
        return file.path if self.mount is None else self.mount.uri_of(file.path)

    def shown_paths(self) -> list[str]:
        """The paths of the files within the URI that they are read under."""
        mount = self.mount
        return [f.path if mount is None else mount.shown(f.path) for f in self.files]

    def _uri(self) -> str:
        if self.mount is None or self.user_path is None:
            return local_file(self.path)
        return self.mount.uri(self.user_path)

    def _listing(self, pinned: bool) -> dict[str, str]:
        options = self.options
        found = {key: v for key, v in options.parser.items() if key.casefold() in _UNREADABLE}
        found["recursiveFileLookup"] = "true"
        if pinned:
            found["pathGlobFilter"] = "{" + ",".join(sorted({f.name for f in self.files})) + "}"
        elif options.name_glob:
            found["pathGlobFilter"] = options.name_glob
        if not self.streaming:
            times = {
                "modifiedAfter": options.modified_after,
                "modifiedBefore": options.modified_before,
            }
            return {**found, **{key: value for key, value in times.items() if value}}
        # Spark forgets, and then passes over, files older than a week before the newest.
        found["maxFileAge"] = options.max_file_age or _FOREVER
        if options.max_files:
            found["maxFilesPerTrigger"] = options.max_files
        if options.max_bytes:
            found["maxBytesPerTrigger"] = str(in_bytes(options.max_bytes))
        return found

    def _selected(self, frame: DataFrame, pinned: bool) -> DataFrame:
        path = plain_path(F.col("_metadata.file_path"))
        if pinned and len({file.name for file in self.files}) < len(self.files):
            # A new file of a name that is there already, in another folder, gets past the filter.
            known = path.isin([self.uri_path(file) for file in self.files])
            late = F.raise_error(
                F.concat(
                    F.lit("a file arrived while the update started; run again to read it: "), path
                )
            )
            frame = frame.filter(F.when(known, True).otherwise(late.cast("boolean")))
        if self.excluded:
            frame = frame.filter(~path.isin(sorted(self.excluded)))
        if self.streaming:
            modified = F.unix_micros(F.col("_metadata.file_modification_time"))
            after, before = self._moments()
            frame = frame if after is None else frame.filter(modified > after // 1000)
            frame = frame if before is None else frame.filter(modified < before // 1000)
        return frame

    def _moments(self) -> tuple[int | None, int | None]:
        options = self.options
        return moment(options.modified_after, self.at), moment(options.modified_before, self.at)


def column(name: str) -> Column:
    """The column of a name, whatever characters it has."""
    return F.col(quoted(name))


def plain_path(uri: Column) -> Column:
    """`/a/b` of `file:/a/b`, `file:///a/b` and `s3://bucket/a/b`, still percent-encoded."""
    return F.regexp_replace(uri, "^[A-Za-z][A-Za-z0-9+.-]*:(//[^/]*)?/*", "/")


def in_bytes(text: str) -> int:
    """The number of bytes in `10g`, `512 mb` or `1000`; 0 if it is none of these."""
    match = re.fullmatch(r"\s*(\d+)\s*([kmgt]?)i?b?\s*", text.casefold())
    if match is None:
        return 0
    return int(match.group(1)) << (10 * " kmgt".index(match.group(2) or " "))
