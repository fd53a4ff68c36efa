"""The first record of each CSV file: what its columns are called."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import zlib
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from millpond.sources.auto_loader.listing import DataFile
    from millpond.sources.auto_loader.options import Options

_CORRUPT = (EOFError, OSError, lzma.LZMAError, zlib.error)


def _open(path: str) -> IO[bytes]:
    """The bytes of a file, unpacked if its name says that it is compressed."""
    ending = path.rsplit(".", 1)[-1].casefold()
    if ending in ("gz", "gzip"):
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if ending == "bz2":
        return cast("IO[bytes]", bz2.open(path, "rb"))
    return cast("IO[bytes]", lzma.open(path, "rb")) if ending == "xz" else open(path, "rb")


def has_header(options: Options) -> bool:
    """Auto Loader assumes a header when it infers the schema and is not told otherwise."""
    return True if options.header is None else options.header


def by_header(
    files: tuple[DataFile, ...], options: Options
) -> dict[tuple[str, ...], tuple[DataFile, ...]]:
    """The files by their column names, in the order met; files without a record are left out.

    Without a header the columns are `_c0`, `_c1`, …, as many as the first record has.
    """
    found: dict[tuple[str, ...], list[DataFile]] = {}
    for file in files:
        try:
            record = _first_record(file, options)
        except _CORRUPT:  # which Spark tells, or passes over if it is told to
            continue
        if record:
            names = _named(record) if has_header(options) else _numbered(len(record))
            found.setdefault(names, []).append(file)
    return {names: tuple(group) for names, group in found.items()}


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(f"_c{index}" for index in range(count))


def _named(record: list[str]) -> tuple[str, ...]:
    """As Spark names columns: an empty name and a repeated one get their position."""
    folded = [name.casefold() for name in record]
    return tuple(
        f"_c{index}"
        if not name
        else f"{name}{index}"
        if folded.count(name.casefold()) > 1
        else name
        for index, name in enumerate(record)
    )


def _first_record(file: DataFile, options: Options) -> list[str]:
    given = {key.casefold(): value for key, value in options.parser.items()}
    encoding = given.get("encoding") or given.get("charset") or "utf-8"
    comment = given.get("comment") or ""
    separator = (given.get("sep") or given.get("delimiter") or ",").replace("\\t", "\t")
    if encoding.casefold() in ("utf-8", "utf8"):
        encoding = "utf-8-sig"
    with _open(file.path) as raw, io.TextIOWrapper(raw, encoding, "replace", newline="") as text:
        lines = (
            line for line in text if line.strip() and not (comment and line.startswith(comment))
        )
        if len(separator) > 1:
            first = next(lines, "").rstrip("\r\n")
            return first.split(separator) if first else []
        quote = given.get("quote", '"')[:1]
        if not quote:
            return next(csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE), [])
        reader = csv.reader(lines, delimiter=separator, quotechar=quote)
        trim = given.get("ignoreleadingwhitespace", "").casefold() == "true"
        return [name.strip() if trim else name for name in next(reader, [])]
