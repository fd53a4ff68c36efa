"""Settings of a pipeline that have another effect in a local run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from millpond import differences
from millpond.bundle.value import Value
from millpond.differences import Feature
from millpond.notices import Difference


def _given(value: Value) -> bool:
    return bool(value.data)


def _is(*texts: str) -> Callable[[Value], bool]:
    return lambda value: (value.text or "").upper() in texts


_FIELDS: tuple[tuple[tuple[str, ...], Feature, Callable[[Value], bool]], ...] = (
    (("photon",), differences.PHOTON, _given),
    (("serverless",), differences.SERVERLESS, _given),
    (("clusters",), differences.CLUSTERS, _given),
    (("channel",), differences.CHANNEL_PREVIEW, _is("PREVIEW")),
    (("edition",), differences.EDITION, _is("CORE", "PRO")),
    (("notifications",), differences.NOTIFICATIONS, _given),
    (("run_as",), differences.RUN_AS, _given),
    (("permissions",), differences.PERMISSIONS, _given),
    (("trigger",), differences.PIPELINE_TRIGGER, _given),
    (("restart_window",), differences.RESTART_WINDOW, _given),
    (("environment", "dependencies"), differences.ENVIRONMENT, _given),
    (("storage",), differences.STORAGE, _given),
)
"""Where a setting stands, what it is, and which values of it make a difference."""

_PACKAGES = ("jar", "maven", "whl")


def differences_of(pipeline: Value) -> tuple[Difference, ...]:
    """The differences of one pipeline's settings, each at the setting's key."""
    return tuple(_found(pipeline))


def _found(pipeline: Value) -> Iterator[Difference]:
    for path, feature, matters in _FIELDS:
        value = pipeline.get(*path)
        if value is not None and matters(value):
            yield Difference(feature, value.name_at)
    libraries = pipeline.get("libraries")
    for library in libraries.elements() if libraries is not None else ():
        for kind in _PACKAGES:
            package = library.get(kind)
            if package is not None:
                yield Difference(differences.LIBRARY_PACKAGES, package.name_at)
