"""The steps from merged files to a resolved configuration, in the CLI's order."""

from __future__ import annotations

from pathlib import Path

from millpond.bundle import fields
from millpond.bundle.merge import merge_keyed_lists
from millpond.bundle.pipelines import resource_id
from millpond.bundle.presets import apply_mode, apply_presets, check_presets
from millpond.bundle.problems import Problems
from millpond.bundle.references import Resolver, path_of, place_of, references_in
from millpond.bundle.suggest import did_you_mean
from millpond.bundle.value import Value
from millpond.bundle.workspace import User
from millpond.codes import BUNDLE_REFERENCE_UNKNOWN, BUNDLE_WRONG_TYPE

_EARLY = frozenset(("bundle", "variables", "workspace"))
_LATE = frozenset(("resources",))
_RESOLVED = (
    *("bundle", "workspace", "variables", "presets"),
    *("permissions", "run_as", "resources", "sync"),
)
_LEFT_ALONE = frozenset(("artifacts",))


def resolve(root: Value, user: User, bundle_folder: Path, problems: Problems) -> Value:
    """The configuration with references replaced, presets applied and resources checked.

    References to resources are replaced last, as names then have their prefix. They may also
    use an `id`, which exists only once the resource does; here it is made up, the same each
    time.
    """
    resolver = Resolver(root, _EARLY, problems)
    for key in _RESOLVED:
        part = root.get(key)
        if part is not None:
            root = root.put(key, resolver.resolve(part))
    root = root.put("presets", _checked_presets(root, problems))
    resources = root.get("resources") or Value({}, root.at)
    resources = merge_keyed_lists(_only_mappings(resources, problems), problems)
    root = root.put("resources", fields.RESOURCES.check(resources, "resources", problems))
    root = apply_mode(root, user, problems)
    check_presets(root, problems)
    root = apply_presets(root)
    target = str((root.get("bundle", "target") or root).data)
    late = Resolver(_with_ids(root, bundle_folder, target), _LATE, problems)
    resources = late.resolve(root.get("resources") or resources)
    pipelines = resources.get("pipelines")
    for pipeline in pipelines.elements() if pipelines else ():
        _check_references(pipeline, problems)
    resources = fields.RESOURCES.check(resources, "resources", problems)
    fields.RESOURCES.check_complete(resources, "resources", problems)
    return root.put("resources", resources)


def _checked_presets(root: Value, problems: Problems) -> Value:
    presets = root.get("presets") or Value({}, root.at)
    return fields.PRESETS.check(presets, "presets", problems)


def _only_mappings(resources: Value, problems: Problems) -> Value:
    """Each resource is a mapping; an empty one is a mistake the CLI refuses too."""
    for kind, of_kind in resources.mapping.items():
        if of_kind.data is None:
            resources = resources.set(kind, {})
        for key, resource in of_kind.mapping.items():
            if resource.data is None:
                path = f"resources.{kind}.{key}"
                at = resource.name_at
                problems.error(
                    BUNDLE_WRONG_TYPE, at, path=path, expected="a mapping", found=resource.kind
                )
    return resources


def _with_ids(root: Value, bundle_folder: Path, target: str) -> Value:
    resources = root.get("resources") or Value({}, root.at)
    for kind, of_kind in resources.mapping.items():
        changed = of_kind
        for key, resource in of_kind.mapping.items():
            if resource.get("id") is None:
                identity = _identity(kind, key, resource, bundle_folder, target)
                changed = changed.put(key, resource.set("id", identity))
            if kind == "volumes":
                path = _joined(resource, "/", "catalog_name", "schema_name", "name")
                volume = changed.mapping[key].set("volume_path", f"/Volumes/{path}")
                changed = changed.put(key, volume)
        resources = resources.put(kind, changed)
    return root.put("resources", resources)


def _identity(kind: str, key: str, resource: Value, bundle_folder: Path, target: str) -> str:
    """Catalog objects are identified by their full name, all else by an id of its own."""
    if kind == "schemas":
        return _joined(resource, ".", "catalog_name", "name")
    if kind in ("volumes", "registered_models"):
        return _joined(resource, ".", "catalog_name", "schema_name", "name")
    return resource_id(bundle_folder, target, kind, key)


def _joined(resource: Value, separator: str, *names: str) -> str:
    found = (resource.get(name) for name in names)
    return separator.join(str(value.data) for value in found if value is not None)


def _check_references(value: Value, problems: Problems) -> None:
    """Note the references that no step has replaced and that mean nothing to the CLI either."""
    known = (*sorted(_EARLY | _LATE), "var")
    for reference in references_in(value.text or ""):
        first = path_of(reference)[0]
        if first not in known and first not in _LEFT_ALONE:
            problems.error(
                BUNDLE_REFERENCE_UNKNOWN,
                place_of(value, reference),
                hint=did_you_mean(first, known),
                reference=reference,
            )
    for element in value.elements():
        _check_references(element, problems)
