"""The SQL functions `read_files` and `cloud_files` as requests to Auto Loader."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.errors import MillpondError
from millpond.sources.auto_loader.known_options import IGNORED, USED
from millpond.sources.auto_loader.options import DETECT
from millpond.sources.auto_loader.request import AutoLoaderRequest

if TYPE_CHECKING:
    from millpond.location import Span
    from millpond.sql.arguments import Argument, Literal
    from millpond.sql.references import Reference

_CLOUD_FILES = "cloudFiles."
_OTHER_NAMES = {"filenamepattern": "pathGlobFilter", "schemaevolution": "schemaEvolutionMode"}


def option_arguments(reference: Reference, at: Span | None) -> tuple[str, dict[str, str]]:
    """The path, as written, and the Auto Loader options of a source function's arguments.

    Raises:
        MillpondError: NOT_SUPPORTED_YET for `read_kafka`; INVALID_ARGUMENT for an argument that
            is no constant, that is given twice or that is missing.
    """
    function = reference.function or ""
    if function == "read_kafka":
        raise MillpondError(codes.NOT_SUPPORTED_YET, at=at, feature="read_kafka")
    names = {"cloud_files": ("path", "format", "options")}.get(function, ("path",))
    given: dict[str, Literal] = {}
    for index, argument in enumerate(reference.arguments):
        name = argument.name or (names[index] if index < len(names) else None)
        if name is None or not argument.literal or name.casefold() in map(str.casefold, given):
            raise _invalid(function, argument, name, at)
        given[name] = argument.value
    path = given.pop("path", None)
    if not isinstance(path, str):
        raise MillpondError(
            codes.INVALID_ARGUMENT,
            at=at,
            function=function,
            argument="path",
            expected="the path of a file or folder",
            value=path,
        )
    return path, _options(function, given)


def auto_loader_request(
    path: str,
    arguments: Mapping[str, str],
    *,
    schema_store: Path = Path(),
    at: Span | None = None,
    user_path: str | None = None,
) -> AutoLoaderRequest:
    """The request of `read_files(path, key => value, ...)`.

    Args:
        path: local.
        arguments: named as `read_files` names them (`format`, `schemaHints`, `header`, …).
    """
    return AutoLoaderRequest(
        path=path,
        options=auto_loader_options(arguments),
        at=at,
        schema_store=schema_store,
        user_path=user_path,
    )


def auto_loader_options(arguments: Mapping[str, str]) -> dict[str, str]:
    """The options of `read_files` under the names they have in Auto Loader.

    `read_files` infers the types of columns unless told otherwise, unlike `cloudFiles`; it finds
    out the format from the files' names where none is given.
    """
    prefixed = {
        name[len(_CLOUD_FILES) :].casefold(): name
        for name in (*USED, *IGNORED)
        if name.startswith(_CLOUD_FILES)
    }
    options: dict[str, str] = {}
    for key, value in arguments.items():
        name = _OTHER_NAMES.get(key.casefold(), key)
        options[prefixed.get(name.casefold(), name)] = value
    folded = {key.casefold() for key in options}
    defaults = {"inferColumnTypes": "true", "format": DETECT}
    for name, value in defaults.items():
        if f"{_CLOUD_FILES}{name}".casefold() not in folded:
            options[f"{_CLOUD_FILES}{name}"] = value
    return options


def _options(function: str, given: Mapping[str, Literal]) -> dict[str, str]:
    if function == "cloud_files":
        pairs = given.get("options") or ()
        options = dict(pairs) if isinstance(pairs, tuple) else {}
        return {f"{_CLOUD_FILES}format": _text(given.get("format")), **options}
    return auto_loader_options(
        {key: _text(value) for key, value in given.items() if value is not None}
    )


def _text(value: Literal) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _invalid(function: str, argument: Argument, name: str | None, at: Span | None) -> MillpondError:
    return MillpondError(
        codes.INVALID_ARGUMENT,
        at=at,
        function=function,
        argument=name or "an argument",
        expected="a named constant (key => 'value'), given once",
        value=argument.text,
    )
