"""Read every source file of a pipeline and collect what they define."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from millpond import codes
from millpond.api.registry import Registry, collecting
from millpond.definitions import Definitions, PipelineSpec, SourceFile, SourceKind
from millpond.errors import Failures, MillpondError
from millpond.load.python import run_python
from millpond.sql import source as sql_source


def load_definitions(spec: PipelineSpec, scope: Mapping[str, Any]) -> Definitions:
    """The definitions of all files of `spec.sources`, each read on its own.

    A file that fails does not stop the others from being read, so that all errors show at once.

    Raises:
        Failures: the errors of all files, or RUN_EMPTY_PIPELINE if nothing is defined.
    """
    registry = Registry()
    errors: list[MillpondError] = []
    with collecting(registry):
        for source in spec.sources:
            try:
                _read(source, spec, registry, scope)
            except MillpondError as error:
                errors.append(error)
            except Failures as failures:
                errors.extend(failures.errors)
    found = registry.definitions()
    if not errors and not found.datasets:
        errors.append(
            MillpondError(
                codes.RUN_EMPTY_PIPELINE,
                at=spec.at,
                pipeline=spec.name,
                files=len(spec.sources),
            )
        )
    if errors:
        raise Failures(errors)
    return found


def _read(
    source: SourceFile, spec: PipelineSpec, registry: Registry, scope: Mapping[str, Any]
) -> None:
    if source.kind is SourceKind.SQL:
        sql_source.read(source.path, spec.configuration, registry, spec.parameters)
    else:
        run_python(source.path, scope, spec.root_path)
