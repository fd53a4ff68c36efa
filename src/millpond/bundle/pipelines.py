"""From a pipeline resource, with everything in it resolved, to what an update needs to start."""

from __future__ import annotations

import uuid
from pathlib import Path

from millpond.bundle.differences import differences_of
from millpond.bundle.libraries import sources_of
from millpond.bundle.paths import Roots
from millpond.bundle.problems import Problems
from millpond.bundle.scalars import text_of
from millpond.bundle.value import Value
from millpond.codes import (
    BUNDLE_SETTINGS_CONFLICT,
    PATH_NOT_FOUND,
    PIPELINE_WITHOUT_SOURCE,
)
from millpond.definitions import PipelineSpec
from millpond.errors import MillpondError

DEFAULT_CATALOG = "main"
DEFAULT_SCHEMA = "default"

_MANAGED = ("ingestion_definition", "gateway_definition")
_NAMESPACE = uuid.UUID("6f1d0f0e-5d0c-5c55-9a3e-0c1b1f6f2a57")


def pipeline_id(project: Path, target: str, key: str) -> str:
    """The id of a pipeline: the same for one project folder, target and resource key."""
    return str(uuid.uuid5(_NAMESPACE, "\0".join((str(project), target, key))))


def resource_id(project: Path, target: str, kind: str, key: str) -> str:
    """The made-up id of a resource of any kind; of a pipeline it is `pipeline_id`."""
    return pipeline_id(project, target, key if kind == "pipelines" else f"{kind}.{key}")


def build_spec(
    key: str, pipeline: Value, *, target: str, roots: Roots, problems: Problems
) -> PipelineSpec:
    """The settings of one pipeline as a spec; what is wrong with them is noted.

    Noted at their places: a schema given twice, a missing `root_path`, libraries that name no
    source, and a pipeline without any (but managed ingestion has none).
    """
    schema, legacy = pipeline.get("schema"), pipeline.get("target")
    if schema is not None and legacy is not None and schema.data and legacy.data:
        at = legacy.name_at
        problems.error(BUNDLE_SETTINGS_CONFLICT, at, first="schema", second="target")
    libraries = pipeline.get("libraries")
    sources = sources_of(libraries.elements() if libraries else (), roots, problems)
    managed = any(pipeline.get(field) is not None for field in _MANAGED)
    if not managed and (libraries is None or not libraries.elements()):
        at = libraries.name_at if libraries else pipeline.name_at
        problems.error(PIPELINE_WITHOUT_SOURCE, at, pipeline=key)
    configuration = pipeline.get("configuration")
    settings = pipeline.plain()
    return PipelineSpec(
        key=key,
        name=_text(pipeline, "name") or key,
        pipeline_id=pipeline_id(roots.bundle, target, key),
        target=target,
        catalog=_text(pipeline, "catalog") or DEFAULT_CATALOG,
        schema=_text(pipeline, "schema") or _text(pipeline, "target") or DEFAULT_SCHEMA,
        sources=tuple(sources),
        root_path=_root_path(pipeline, roots, problems),
        project=roots.bundle,
        configuration={
            name: text_of(value.data)
            for name, value in (configuration.mapping if configuration else {}).items()
            if value.data is None or isinstance(value.data, str | int | float)
        },
        settings=settings if isinstance(settings, dict) else {},
        differences=differences_of(pipeline),
        at=pipeline.name_at,
    )


def _root_path(pipeline: Value, roots: Roots, problems: Problems) -> Path:
    """The pipeline's `root_path`, or the bundle's folder if it has none."""
    path = pipeline.get("root_path")
    if path is None or not path.text:
        return roots.bundle
    try:
        folder = roots.local(path)
    except MillpondError as error:
        problems.add(error)
        return roots.bundle
    if not folder.is_dir():
        shown = roots.shown(folder)
        problems.error(PATH_NOT_FOUND, path.at, what="root_path", path=path.data, looked_for=shown)
    return folder


def _text(pipeline: Value, field: str) -> str:
    value = pipeline.get(field)
    return (value.text or "") if value is not None else ""
