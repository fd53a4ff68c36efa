"""Merge configuration: includes into the root, a target's overrides into the bundle.

The CLI's rules: mappings are merged key by key, lists are concatenated (`libraries` too),
anything else is replaced by what comes later, and null never replaces. Lists whose elements
have a key of their own are then merged by it: a job's tasks, a pipeline's clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from millpond.bundle.problems import Problems
from millpond.bundle.references import is_reference
from millpond.bundle.value import Value
from millpond.codes import BUNDLE_MERGE_CONFLICT

KEYED_LISTS: Mapping[tuple[str, str], tuple[str, Callable[[str], str]]] = {
    ("jobs", "job_clusters"): ("job_cluster_key", str),
    ("jobs", "parameters"): ("name", str),
    ("jobs", "tasks"): ("task_key", str),
    ("pipelines", "clusters"): ("label", lambda label: label.lower() or "default"),
}
"""Resource kind and field: the key of its elements, and the form in which keys compare."""


def merge(base: Value, override: Value, problems: Problems, path: str = "") -> Value:
    """The base with the override laid over it.

    A merged mapping or list keeps the base's place; a replaced scalar has the override's.
    BUNDLE_MERGE_CONFLICT is noted, at the override, where the two have different shapes; the
    base is kept there.
    """
    if base.data is None:
        return override
    if override.data is None:
        return base
    if isinstance(base.data, Mapping) and isinstance(override.data, Mapping):
        merged = dict(base.data)
        for key, value in override.data.items():
            below = f"{path}.{key}" if path else key
            merged[key] = merge(merged[key], value, problems, below) if key in merged else value
        return replace(base, data=merged)
    if isinstance(base.data, tuple) and isinstance(override.data, tuple):
        return replace(base, data=base.data + override.data)
    if base.elements() or override.elements() or _shape(base) != _shape(override):
        problems.error(
            BUNDLE_MERGE_CONFLICT,
            override.at,
            path=path,
            found=override.kind,
            expected=base.kind,
        )
        return base
    return override


def merge_keyed_lists(resources: Value, problems: Problems) -> Value:
    """The bundle's resources with the elements of keyed lists merged by their key.

    The first element with a key keeps its position; what later ones say is laid over it.
    """
    for (kind, field), (key, form) in KEYED_LISTS.items():
        of_kind = resources.get(kind)
        for name, resource in (of_kind.mapping if of_kind else {}).items():
            elements = resource.get(field)
            if of_kind is None or elements is None or not isinstance(elements.data, tuple):
                continue
            path = f"resources.{kind}.{name}.{field}"
            merged = _merge_by_key(elements, key, form, problems, path)
            of_kind = of_kind.put(name, resource.put(field, merged))
            resources = resources.put(kind, of_kind)
    return resources


def _merge_by_key(
    elements: Value, key: str, form: Callable[[str], str], problems: Problems, path: str
) -> Value:
    by_key: dict[str, Value] = {}
    for element in elements.elements():
        named = element.get(key)
        text = form(named.text or "") if named is not None else form("")
        if text in by_key:
            by_key[text] = merge(by_key[text], element, problems, path)
        else:
            by_key[text] = element
        if isinstance(by_key[text].data, Mapping) and text:
            first = by_key[text].get(key) or named
            place = first if first is not None else element
            by_key[text] = by_key[text].put(key, Value(text, place.at, place.key_at))
    return replace(elements, data=tuple(by_key.values()))


def _shape(value: Value) -> str:
    if is_reference(value) or not isinstance(value.data, Mapping | tuple):
        return "scalar"
    return "mapping" if isinstance(value.data, Mapping) else "list"
