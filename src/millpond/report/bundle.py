"""A resolved bundle as text: where it goes, its pipelines' settings, its other resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from millpond.redaction import masked
from millpond.report.text import count, table

if TYPE_CHECKING:
    from millpond.bundle import Bundle
    from millpond.definitions import PipelineSpec

_NAME_FIELDS = ("name", "display_name", "title", "cluster_name")


def render_bundle(bundle: Bundle, files: int, warnings: int) -> str:
    """The bundle's summary; `files` are those that are deployed."""
    mode = f", mode {bundle.mode}" if bundle.mode else ""
    lines = [f"{bundle.name}, target {bundle.target}{mode}", ""]
    workspace = _mapping(bundle.configuration, "workspace")
    deployed_to = workspace.get("file_path", "")
    lines.append(f"{count(files, 'file')} to {deployed_to}")
    for spec in bundle.pipelines.values():
        lines += ["", f"pipeline {spec.key}: {spec.name}", *_pipeline(spec)]
    others = [
        [kind.removesuffix("s").replace("_", " "), key, _name(resource)]
        for kind, of_kind in _mapping(bundle.configuration, "resources").items()
        if kind != "pipelines"
        for key, resource in of_kind.items()
    ]
    if others:
        lines += ["", *table(others, "<<<")]
    found = count(warnings, "warning") if warnings else "no warnings"
    return "\n".join([*lines, "", f"The bundle is valid: {found}."])


def _pipeline(spec: PipelineSpec) -> Iterator[str]:
    rows = [["publishes to", f"{spec.catalog}.{spec.schema}"], ["compute", _compute(spec)]]
    settings = spec.settings
    editions = (f"{settings.get('edition')}", f"channel {settings.get('channel')}")
    mode = "continuous" if settings.get("continuous") else "triggered"
    development = ("in development",) if settings.get("development") else ()
    rows.append(["runs", ", ".join((mode, *editions, *development))])
    event_log = settings.get("event_log")
    if isinstance(event_log, Mapping):
        parts = (event_log.get("catalog"), event_log.get("schema"), event_log.get("name"))
        rows.append(["event log", ".".join(str(part) for part in parts if part)])
    rows.append(["source", count(len(spec.sources), "file")])
    rows += [["", source.path.relative_to(spec.project).as_posix()] for source in _below(spec)]
    for number, (key, value) in enumerate(masked(spec.configuration).items()):
        rows.append(["configuration" if number == 0 else "", f"{key} = {value}"])
    yield from (f"  {line}" for line in table(rows, "<<"))


def _below(spec: PipelineSpec) -> Iterator[Any]:
    return (source for source in spec.sources if source.path.is_relative_to(spec.project))


def _compute(spec: PipelineSpec) -> str:
    if spec.settings.get("serverless"):
        return "serverless"
    clusters = spec.settings.get("clusters")
    found = [_workers(each) for each in clusters] if isinstance(clusters, list) else []
    return "; ".join(found) or "a cluster that Databricks chooses"


def _workers(cluster: Mapping[str, Any]) -> str:
    label = cluster.get("label", "default")
    scale = cluster.get("autoscale")
    if isinstance(scale, Mapping):
        return f"{label}: {scale.get('min_workers')} to {scale.get('max_workers')} workers"
    return f"{label}: {count(int(cluster.get('num_workers') or 0), 'worker')}"


def _name(resource: Mapping[str, Any]) -> str:
    name = next((str(resource[each]) for each in _NAME_FIELDS if resource.get(each)), "")
    parents = [str(resource[each]) for each in ("catalog_name", "schema_name") if each in resource]
    return ".".join([*parents, name])


def _mapping(configuration: Mapping[str, object], key: str) -> Mapping[str, Any]:
    found = configuration.get(key)
    return found if isinstance(found, Mapping) else {}
