"""Read single entries of `millpond.yml`: their types, and the paths they name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.bundle.scalars import text_of
from millpond.bundle.suggest import did_you_mean
from millpond.definitions import parse_name
from millpond.errors import MillpondError
from millpond.sources.inputs.mappings import KafkaMapping, PathMapping, Secret, TableMapping
from millpond.sources.inputs.patterns import NamePattern
from millpond.sources.inputs.tables import FORMATS
from millpond.sources.paths import PathPattern, has_scheme

if TYPE_CHECKING:
    from millpond.bundle.value import Scalar, Value
    from millpond.codes import Code
    from millpond.location import Span

_TABLE_KEYS = ("path", "format", "options", "schema", "state")
_ROOTLESS = re.compile(r"(?:Volumes|Workspace|FileStore|dbfs|mnt)/")
_SECRET_KEYS = ("env",)


class EntryReader:
    """Reads entries; an entry that is wrong gives nothing, and its error is kept."""

    def __init__(self, folder: Path) -> None:
        self.errors: list[MillpondError] = []
        self._folder = folder

    def below(self, value: Value, path: str) -> Iterator[tuple[str, Value]]:
        """The entries of a mapping; null counts as an empty one."""
        if value.data is not None and value.kind != "a mapping":
            self._wrong_type(value, path, "a mapping")
        yield from value.mapping.items()

    def unknown(self, key: str, value: Value, where: str, known: tuple[str, ...]) -> None:
        """Note that a key is none of those known here."""
        self._error(
            codes.INPUTS_FIELD_UNKNOWN,
            value.name_at,
            hint=did_you_mean(key, known),
            field=key,
            where=where,
            known=", ".join(known),
        )

    def path(self, pattern: str, value: Value) -> Iterator[PathMapping]:
        """An entry of `paths`."""
        local = self._local(value, f"paths.{pattern}")
        if not pattern.strip("/ "):
            self._error(
                codes.INPUTS_PATH_INVALID, value.name_at, path=pattern, reason="it is empty"
            )
        elif _ROOTLESS.match(pattern):
            self._error(
                codes.INPUTS_PATH_INVALID,
                value.name_at,
                path=pattern,
                reason="the / in front is missing",
            )
        elif local is not None:
            yield PathMapping(PathPattern(pattern), local[0], local[1], value.at)

    def table(self, name: str, value: Value) -> Iterator[TableMapping]:
        """An entry of `tables`: a local path, or a mapping with how to read it."""
        pattern = self._pattern(name, value)
        where = f"tables.{name}"
        if value.kind != "a mapping":
            local = self._local(value, where)
            if pattern is not None and local is not None:
                yield TableMapping(pattern, name, local[0], local[1], value.at)
            return
        fields = dict(self.below(value, where))
        for key in fields.keys() - set(_TABLE_KEYS):
            self.unknown(key, fields[key], where, _TABLE_KEYS)
        is_state = "state" in fields
        place = fields.get("state" if is_state else "path")
        if place is None or (is_state and len(fields) > 1):
            found = "all of them" if is_state else "neither"
            self._wrong_type(value, where, "a mapping with `path`, or with `state` alone", found)
            return
        local = self._local(place, f"{where}.{'state' if is_state else 'path'}")
        options = fields.get("options")
        if pattern is not None and local is not None:
            yield TableMapping(
                pattern,
                name,
                local[0],
                local[1],
                value.name_at,
                self._format(fields.get("format"), where),
                dict(self._options(options, where)) if options is not None else {},
                self._text(fields.get("schema"), f"{where}.schema", "a schema as DDL"),
                is_state,
            )

    def scope(self, scope: str, value: Value) -> Iterator[Secret]:
        """An entry of `secrets`: the keys of a scope, each with its text or `{env: NAME}`."""
        for key, secret in self.below(value, f"secrets.{scope}"):
            where = f"secrets.{scope}.{key}"
            if secret.kind != "a mapping":
                text = self._text(secret, where, "text (in quotes), or {env: NAME}")
                if text is not None:
                    yield Secret(scope, key, secret.at, text)
                continue
            for other in secret.mapping.keys() - set(_SECRET_KEYS):
                self.unknown(other, secret.mapping[other], where, _SECRET_KEYS)
            variable = self._text(secret.mapping.get("env"), where, "{env: NAME}")
            if variable is not None:
                yield Secret(scope, key, secret.at, variable=variable)
            elif "env" not in secret.mapping and not secret.mapping:
                self._wrong_type(secret, where, "text, or {env: NAME}")

    def kafka(self, servers: str, value: Value) -> Iterator[KafkaMapping]:
        """An entry of `kafka`."""
        local = self._text(value, f"kafka.{servers}", "servers as text (host:port)")
        if local is not None:
            written = ",".join(each.strip() for each in servers.split(","))
            yield KafkaMapping(written, local, value.at)

    def setting(self, key: str, value: Value) -> Iterator[tuple[str, str]]:
        """An entry of `configuration`; all values are text in the end."""
        yield from self._options_entry(key, value, "configuration")

    def _options(self, value: Value, where: str) -> Iterator[tuple[str, str]]:
        for key, option in self.below(value, f"{where}.options"):
            yield from self._options_entry(key, option, f"{where}.options")

    def _options_entry(self, key: str, value: Value, where: str) -> Iterator[tuple[str, str]]:
        data = value.data
        if data is None or value.kind in ("a mapping", "a list"):
            self._wrong_type(value, f"{where}.{key}", "text, a number or a boolean")
            return
        scalar: Scalar = data  # type: ignore[assignment]  # neither a mapping nor a list
        yield key, text_of(scalar)

    def _pattern(self, name: str, value: Value) -> NamePattern | None:
        try:
            parts = parse_name(name)
        except MillpondError as error:
            reason = str(error.params["reason"])
        else:
            if len(parts) == 3:
                return NamePattern(parts)
            reason = "it needs a catalog, a schema and a name"
        self._error(codes.INPUTS_NAME_INVALID, value.name_at, name=name, reason=reason)
        return None

    def _format(self, value: Value | None, where: str) -> str | None:
        text = self._text(value, f"{where}.format", "the name of a format")
        if text is None or value is None:
            return None
        by_folded = {known.casefold(): known for known in FORMATS}
        if text.casefold() not in by_folded:
            self._wrong_type(value, f"{where}.format", f"one of {', '.join(FORMATS)}", repr(text))
        return by_folded.get(text.casefold())

    def _text(self, value: Value | None, path: str, expected: str) -> str | None:
        if value is not None and value.text is None:
            self._wrong_type(value, path, expected)
        return None if value is None else value.text

    def _local(self, value: Value, path: str) -> tuple[str, Path] | None:
        """A path of this machine: as written, and absolute."""
        text = value.text
        if text is None or has_scheme(text) or not text.strip():
            found = None if text is None else repr(text)
            self._wrong_type(value, path, "a local path", found)
            return None
        place = self._folder / Path(text.removeprefix("file:")).expanduser()
        return text, Path(os.path.normpath(place))  # links stay as they are

    def _wrong_type(self, value: Value, path: str, expected: str, found: str | None = None) -> None:
        found = found or value.kind
        self._error(codes.INPUTS_WRONG_TYPE, value.at, path=path, expected=expected, found=found)

    def _error(self, code: Code, at: Span, *, hint: str | None = None, **params: object) -> None:
        self.errors.append(MillpondError(code, at=at, hint=hint, **params))
