"""Choose the target, and lay its overrides over the bundle."""

from __future__ import annotations

from collections.abc import Mapping

from millpond.bundle.merge import merge
from millpond.bundle.problems import Problems
from millpond.bundle.suggest import did_you_mean
from millpond.bundle.value import Value
from millpond.codes import (
    BUNDLE_PRODUCTION_ADVICE,
    BUNDLE_TARGET_NOT_CHOSEN,
    BUNDLE_TARGET_UNKNOWN,
    BUNDLE_VARIABLE_UNKNOWN,
)
from millpond.errors import MillpondError

_MERGED = ("bundle", "workspace", "artifacts", "resources", "sync", "permissions", "presets")
_REPLACED_IN_BUNDLE = ("mode", "cluster_id", "compute_id")
_DECLARATIONS = frozenset(
    frozenset(keys)
    for keys in (
        ("default", "type", "description"),
        ("default", "type"),
        ("default", "description"),
        ("lookup", "description"),
        ("default",),
        ("lookup",),
    )
)
"""A mapping with exactly these keys declares a variable's value; any other is the value."""


def choose_target(root: Value, name: str | None) -> str:
    """The name of the target to use: the one named, the only one, or the one default.

    A bundle without targets has one called `default`.

    Raises:
        MillpondError: BUNDLE_TARGET_UNKNOWN; BUNDLE_TARGET_NOT_CHOSEN if none or several are
            marked `default: true`.
    """
    targets = root.get("targets")
    known = targets.mapping if targets else {}
    listed = ", ".join(known) or "default"
    if name is not None:
        if name not in known and (known or name != "default"):
            raise MillpondError(
                BUNDLE_TARGET_UNKNOWN,
                at=targets.name_at if targets else root.at,
                hint=did_you_mean(name, known),
                target=name,
                known=listed,
            )
        return name
    if len(known) <= 1:
        return next(iter(known), "default")
    flags = {key: target.get("default") for key, target in known.items()}
    defaults = [(key, flag) for key, flag in flags.items() if flag is not None and flag.data]
    if len(defaults) == 1:
        return defaults[0][0]
    place = defaults[1][1].name_at if defaults else (targets or root).name_at
    number = len(defaults) or "no"
    raise MillpondError(BUNDLE_TARGET_NOT_CHOSEN, at=place, number=number, known=listed)


def apply_target(root: Value, name: str, problems: Problems) -> Value:
    """The bundle with one target's overrides in it, and `targets` gone.

    `run_as`, `mode` and the values of variables are replaced, everything else is merged.
    """
    target = root.get("targets", name) or Value({}, root.at)
    for key in _MERGED:
        root = _merged(root, key, target.get(key), problems, key)
    run_as = target.get("run_as")
    if run_as is not None:
        root = root.put("run_as", run_as)
    bundle = root.get("bundle") or Value({}, root.at)
    for key in _REPLACED_IN_BUNDLE:
        value = target.get(key)
        if value is not None and value.data is not None:
            bundle = bundle.put(key, value)
    mode = target.get("mode")
    if mode is not None and mode.data == "production" and not target.get("workspace", "root_path"):
        problems.warn(BUNDLE_PRODUCTION_ADVICE, mode.name_at, target=name)
    bundle = _merged(bundle, "git", target.get("git"), problems, "bundle.git")
    bundle = bundle.set("target", name).set("environment", name)
    root = _with_variables(root.put("bundle", bundle), target, problems)
    kept = {key: value for key, value in root.mapping.items() if key not in _TARGETS}
    return Value(kept, root.at)


_TARGETS = ("targets", "environments")


def _merged(
    holder: Value, key: str, override: Value | None, problems: Problems, path: str
) -> Value:
    if override is None:
        return holder
    base = holder.get(key)
    return holder.put(key, override if base is None else merge(base, override, problems, path))


def _with_variables(root: Value, target: Value, problems: Problems) -> Value:
    overrides = target.get("variables")
    declared = root.get("variables") or Value({}, root.at)
    for name, override in (overrides.mapping if overrides else {}).items():
        variable = declared.get(name)
        if variable is None:
            problems.error(
                BUNDLE_VARIABLE_UNKNOWN,
                override.name_at,
                hint=did_you_mean(name, declared.mapping),
                variable=name,
                known=", ".join(declared.mapping) or "none",
            )
            continue
        declaration = _declaration(override)
        if declaration:
            # A default in the target stands against a lookup of the bundle, and the reverse.
            others = {k: v for k, v in variable.mapping.items() if k not in ("default", "lookup")}
            variable = Value({**others, **declaration}, variable.at, variable.key_at)
        declared = declared.put(name, variable)
    return root.put("variables", declared)


def _declaration(override: Value) -> Mapping[str, Value]:
    if override.data is None:
        return {}
    if override.mapping and frozenset(override.mapping) in _DECLARATIONS:
        values = override.mapping
        return {key: values[key] for key in ("default", "lookup") if key in values}
    return {"default": override}
