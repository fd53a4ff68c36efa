"""Local paths in resources other than pipelines' libraries: they exist, and where they go.

A path is local unless it starts at a root (`/`), names a scheme, or belongs to a job whose source
is a Git repository. Relative ones are relative to the file they stand in.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from millpond.bundle import globs
from millpond.bundle.paths import Roots
from millpond.bundle.problems import Problems
from millpond.bundle.references import refers
from millpond.bundle.suggest import closest
from millpond.bundle.value import Value
from millpond.codes import PATH_NOT_FOUND
from millpond.errors import MillpondError

Steps = tuple[str, ...]

_TASK: Mapping[Steps, str] = {
    ("notebook_task", "notebook_path"): "notebook",
    ("spark_python_task", "python_file"): "file",
    ("sql_task", "file", "path"): "file",
    ("dbt_task", "project_directory"): "folder",
    ("libraries", "*", "requirements"): "file",
    ("libraries", "*", "whl"): "built",
    ("libraries", "*", "jar"): "built",
}

_FIELDS: Mapping[str, Mapping[Steps, str]] = {
    "jobs": {
        **{("tasks", "*", *steps): what for steps, what in _TASK.items()},
        **{("tasks", "*", "for_each_task", "task", *steps): what for steps, what in _TASK.items()},
    },
    "pipelines": {
        ("root_path",): "library",
        ("libraries", "*", "glob", "include"): "library",
        ("libraries", "*", "file", "path"): "library",
        ("libraries", "*", "notebook", "path"): "notebook of a pipeline",
        ("libraries", "*", "whl"): "built",
    },
    "dashboards": {("file_path",): "file"},
    "alerts": {("file_path",): "file"},
    "apps": {("source_code_path",): "folder"},
}
"""Kind of resource and field to what the path names.

Those of pipelines are looked for by `libraries`; what is built is not there yet.
"""

_REMOTE = re.compile(r"/|[a-zA-Z][a-zA-Z0-9+.-]*:|~/|\{\{")
_NOTEBOOK_SUFFIXES = (".py", ".sql", ".ipynb", ".r", ".scala")
_CHECKED = ("notebook", "file", "folder")


def check_paths(resources: Value, roots: Roots, problems: Problems) -> None:
    """Note each path that names nothing (PATH_NOT_FOUND) or leads out (PATH_OUTSIDE_BUNDLE)."""

    def check(path: Value, what: str) -> Value:
        if what in _CHECKED:
            try:
                _check(path, what, roots)
            except MillpondError as error:
                problems.add(error)
        return path

    with_paths(resources, check)


def deployed_paths(resources: Value, roots: Roots) -> Value:
    """The resources with each local path turned into the one it has in the workspace."""

    def deployed(path: Value, what: str) -> Value:
        try:
            local = roots.local(path)
        except MillpondError:
            return path
        relative = local.relative_to(roots.sync).as_posix()
        if what.startswith("notebook"):
            relative = _without_suffix(relative)
        return replace(path, data=posixpath.normpath(posixpath.join(roots.deployed, relative)))

    return with_paths(resources, deployed)


def with_paths(resources: Value, change: Callable[[Value, str], Value]) -> Value:
    """The resources with each local path in them replaced by what a function makes of it."""
    for kind, fields in _FIELDS.items():
        of_kind = resources.get(kind)
        if of_kind is None:
            continue
        changed = {key: _with(each, fields, change) for key, each in of_kind.mapping.items()}
        resources = resources.put(kind, replace(of_kind, data=changed))
    return resources


def _with(
    resource: Value, fields: Mapping[Steps, str], change: Callable[[Value, str], Value]
) -> Value:
    if resource.get("git_source") is not None:
        return resource
    for steps, what in fields.items():
        resource = _changed(resource, steps, what, change)
    return resource


def _changed(value: Value, steps: Steps, what: str, change: Callable[[Value, str], Value]) -> Value:
    if not steps:
        local = value.text and not _REMOTE.match(value.text) and not refers(value.text)
        return change(value, what) if local else value
    if steps[0] == "*":
        if not isinstance(value.data, tuple):
            return value
        elements = [_changed(each, steps[1:], what, change) for each in value.data]
        return replace(value, data=tuple(elements))
    child = value.get(steps[0])
    if child is None or _is_of_git(value):
        return value
    return value.put(steps[0], _changed(child, steps[1:], what, change))


def _is_of_git(holder: Value) -> bool:
    source = holder.get("source")
    return source is not None and source.data == "GIT"


def _check(path: Value, what: str, roots: Roots) -> None:
    local = roots.local(path)
    if globs.is_pattern(str(path.data)):
        return
    if local.is_dir() if what == "folder" else local.is_file():
        return
    names = sorted(_siblings(local))
    if what == "notebook" and any(local.name + end in names for end in _NOTEBOOK_SUFFIXES):
        name: str | None = next(each for each in names if Path(each).stem == local.name)
    else:
        name = closest(local.name, names)
    similar = posixpath.join(posixpath.dirname(str(path.data)), name) if name else None
    raise MillpondError(
        PATH_NOT_FOUND,
        at=path.at,
        hint=f"Did you mean {similar!r}?" if similar else None,
        what=f"the {what}",
        path=path.data,
        looked_for=roots.shown(local),
    )


def _siblings(local: Path) -> Iterator[str]:
    return (each.name for each in local.parent.iterdir()) if local.parent.is_dir() else iter(())


def _without_suffix(path: str) -> str:
    stem, suffix = posixpath.splitext(path)
    return stem if suffix.lower() in _NOTEBOOK_SUFFIXES else path
