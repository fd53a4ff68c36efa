"""The lines to add to `millpond.yml` for what it does not map."""

from __future__ import annotations

import json
import re
from pathlib import Path

from millpond.definitions import QualifiedName, quoted
from millpond.sources.paths import suggested_prefix

_NEW_FILE = "millpond.yml (a new file beside databricks.yml or the source)"
_PLAIN = re.compile(r"[A-Za-z_/.$][^\n]*")
_NOT_PLAIN = re.compile(r": |:$| #|\s$|[\"'\\]")
_BARE_PART = re.compile(r"[^`.\s]+")
_FILE_NAME = re.compile(r"[^/]/[^/]+\.[A-Za-z]\w{1,7}$")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off"))


def file_to_edit(file: Path | None) -> str:
    """The file as the message names it."""
    return _NEW_FILE if file is None else file.name


def yaml_text(text: str) -> str:
    """A text as YAML: as it is where that is the same, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and not _NOT_PLAIN.search(text)
    return text if plain and text.casefold() not in _WORDS else json.dumps(text)


def name_text(name: QualifiedName) -> str:
    """A full name as source and `millpond.yml` write it: odd parts in backticks."""
    parts = (name.catalog, name.schema, name.name)
    return ".".join(part if _BARE_PART.fullmatch(part) else quoted(part) for part in parts)


def line_for_path(path: str) -> str:
    """The line below `paths:` that would map a path, of a file or a folder."""
    prefix = suggested_prefix(path)
    here = "file" if _FILE_NAME.search(prefix) else "folder"
    return f"{yaml_text(prefix)}: path/to/local/{here}"


def line_for_table(name: QualifiedName) -> str:
    """The line below `tables:` that would map a table."""
    plain = re.sub(r"[^\w.-]+", "_", name.name)
    return f"{yaml_text(name_text(name))}: path/to/{plain}.csv"
