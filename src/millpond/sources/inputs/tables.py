"""Which files a mapped table consists of, and how they are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from millpond import codes
from millpond.definitions import QualifiedName
from millpond.delta_log import is_table
from millpond.errors import MillpondError
from millpond.sources.inputs.mappings import OutsideTable, TableMapping

_FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".parquet": "parquet",
    ".orc": "orc",
    ".avro": "avro",
    ".xml": "xml",
    ".txt": "text",
}
FORMATS = tuple(sorted({*_FORMATS.values(), "delta", "binaryFile"}))
"""The formats that a table may be mapped to."""

_COMPRESSED = (".gz", ".bz2", ".zst", ".snappy", ".lz4", ".deflate")
_PEEK = 4096


def outside_table(mapping: TableMapping, name: QualifiedName) -> OutsideTable:
    """Where the table's data is, with its format and reader options.

    Behind a name with wildcards stands a folder: below it, the parts of the name from the first
    wildcard on are folders, and the last one a folder or a file of any known ending.

    Raises:
        MillpondError: INPUT_PATH_NOT_FOUND if there is nothing; INPUT_FORMAT_UNKNOWN if the
            files do not tell their format.
    """
    if mapping.is_state:
        _existing(mapping, name, mapping.local)
        return OutsideTable(name, mapping.local, "", {}, None, mapping.at, is_state=True)
    path = _existing(mapping, name, _located(mapping, name))
    chosen = mapping.format or _format_of(path)
    if chosen is None:
        raise MillpondError(
            codes.INPUT_FORMAT_UNKNOWN,
            at=mapping.at,
            name=name,
            local=mapping.written,
            known=", ".join(FORMATS),
        )
    options = {**_default_options(path, chosen, mapping.schema), **mapping.options}
    return OutsideTable(name, path, chosen, options, mapping.schema, mapping.at)


def _existing(mapping: TableMapping, name: QualifiedName, path: Path) -> Path:
    if not path.exists():
        run_first = f"Run the pipeline that fills it first; looked for {path}."
        raise MillpondError(
            codes.INPUT_PATH_NOT_FOUND,
            at=mapping.at,
            hint=run_first if mapping.is_state else None,
            path=str(name),
            local=mapping.written,
            looked_for=path,
        )
    return path


def _located(mapping: TableMapping, name: QualifiedName) -> Path:
    path = mapping.local
    for part in mapping.pattern.open_parts(name):
        path = _entry(path, part)
    return path


def _entry(folder: Path, name: str) -> Path:
    """The entry of a folder that has a name, case and ending aside."""
    wanted = name.casefold()
    if folder.is_dir():
        entries = sorted(folder.iterdir())
        for exact in (True, False):
            for entry in entries:
                own = entry.name.casefold()
                if own == wanted or (not exact and _stem(entry) == wanted):
                    return entry
    return folder / name


def _stem(file: Path) -> str:
    name = file.name.casefold()
    for compressed in _COMPRESSED:
        name = name.removesuffix(compressed)
    for ending in _FORMATS:
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name


def _format_of(path: Path) -> str | None:
    """The format that the file or all files of a folder have, None if they differ or say none."""
    if is_table(path):
        return "delta"
    found = {_FORMATS.get(_ending(file)) for file in data_files(path)}
    return found.pop() if len(found) == 1 else None


def data_files(path: Path) -> Iterator[Path]:
    """The file itself, or the files below a folder as Spark lists them."""
    if path.is_file():
        yield path
        return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(("_", ".")) for part in file.relative_to(path).parts)
        if file.is_file() and not hidden:
            yield file


def _ending(file: Path) -> str:
    suffixes = [suffix.casefold() for suffix in file.suffixes]
    while suffixes and suffixes[-1] in _COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _default_options(path: Path, chosen: str, schema: str | None) -> dict[str, str]:
    """What makes a plain file a table: a header, types, and JSON of any layout."""
    first = next(data_files(path), None)
    if chosen == "csv":
        options = {"header": "true"}
        if schema is None:
            options["inferSchema"] = "true"
        if first is not None and _ending(first) == ".tsv":
            options["sep"] = "\t"
        return options
    if chosen == "json" and first is not None and _is_one_document(first):
        return {"multiLine": "true"}
    return {}


def _is_one_document(file: Path) -> bool:
    """Whether a JSON file is an array or an object over several lines, not one record a line."""
    if file.suffix.casefold() in _COMPRESSED:
        return False
    with file.open("rb") as stream:
        start = stream.read(_PEEK).removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"[") or start.splitlines()[:1] == [b"{"]
