"""The SQL functions `read_files` and `cloud_files` as requests to Auto Loader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.errors import MillpondError
from millpond.sources.auto_loader.known_options import IGNORED, USED
from millpond.sources.auto_loader.options import DETECT
from millpond.sources.auto_loader.request import AutoLoaderRequest
from millpond.sources.written import WrittenOptions

if TYPE_CHECKING:
    from millpond.location import Span
    from millpond.sql.arguments import Argument, Literal
    from millpond.sql.references import Reference

_CLOUD_FILES = "cloudFiles."
_OTHER_NAMES = {"filenamepattern": "pathGlobFilter", "schemaevolution": "schemaEvolutionMode"}
_PREFIXED = {
    name[len(_CLOUD_FILES) :].casefold(): name
    for name in (*USED, *IGNORED)
    if name.startswith(_CLOUD_FILES)
}


Place = Callable[["Argument"], "Span | None"]
"""Where an argument stands in the user's source."""


def option_arguments(
    reference: Reference, at: Span | None, place: Place | None = None
) -> tuple[str, WrittenOptions]:
    """The path, as written, and the Auto Loader options of a source function's arguments.

    Raises:
        MillpondError: INVALID_ARGUMENT for an argument that is no constant, that is given twice
            or that is missing.
    """
    function = reference.function or ""
    names = {"cloud_files": ("path", "format", "options")}.get(function, ("path",))
    given, places = _constants(reference, names, at, place)
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
    options = _options(function, given)
    known = {_auto_loader_name(key): span for key, span in places.items()}
    return path, WrittenOptions(options, known)


def kafka_arguments(
    reference: Reference, at: Span | None, place: Place | None = None
) -> WrittenOptions:
    """The options of `read_kafka`, as written.

    Raises:
        MillpondError: INVALID_ARGUMENT for an argument that is no named constant.
    """
    given, places = _constants(reference, (), at, place)
    texts = {key: _text(value) for key, value in given.items() if value is not None}
    return WrittenOptions(texts, places)


def _constants(
    reference: Reference, names: tuple[str, ...], at: Span | None, place: Place | None
) -> tuple[dict[str, Literal], dict[str, Span]]:
    """The arguments by name, and where each stands."""
    given: dict[str, Literal] = {}
    places: dict[str, Span] = {}
    for index, argument in enumerate(reference.arguments):
        name = argument.name or (names[index] if index < len(names) else None)
        where = (place(argument) if place is not None else None) or at
        if name is None or not argument.literal or name.casefold() in map(str.casefold, given):
            raise _invalid(reference.function or "", argument, name, where)
        given[name] = argument.value
        if where is not None:
            places[name] = where
    return given, places


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
    options = {_auto_loader_name(key): value for key, value in arguments.items()}
    folded = {key.casefold() for key in options}
    defaults = {"inferColumnTypes": "true", "format": DETECT}
    for name, value in defaults.items():
        if f"{_CLOUD_FILES}{name}".casefold() not in folded:
            options[f"{_CLOUD_FILES}{name}"] = value
    return options


def _auto_loader_name(key: str) -> str:
    name = _OTHER_NAMES.get(key.casefold(), key)
    return _PREFIXED.get(name.casefold(), name)


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
