"""The pipeline's `configuration` as Spark settings, for as long as an update runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from millpond import differences, notices
from millpond.definitions import Flow, PipelineSpec
from millpond.redaction import hide
from millpond.sources.inputs import LocalInputs

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SECRET = re.compile(r"\{\{\s*secrets/([^/}\s]+)/([^/}\s]+)\s*\}\}")


def with_secrets(spec: PipelineSpec, inputs: LocalInputs) -> PipelineSpec:
    """A pipeline whose configuration has the value where it says `{{secrets/scope/key}}`.

    One that millpond.yml does not map is left as it is: nothing may need it here.

    Raises:
        MillpondError: SECRET_VARIABLE_NOT_SET.
    """
    mapped = {(each.scope, each.name) for each in inputs.secrets}
    found: dict[str, str] = {}
    for key, value in spec.configuration.items():
        named = _SECRET.fullmatch(value.strip())
        if named is not None and (named[1], named[2]) in mapped:
            found[key] = inputs.secret(named[1], named[2], spec.at)
            hide(found[key])
    return replace(spec, configuration={**spec.configuration, **found}) if found else spec


@contextmanager
def applied_configuration(
    session: SparkSession, configuration: Mapping[str, str]
) -> Iterator[None]:
    """Let `spark.conf.get(key)` answer with the pipeline's values; restore what was before.

    A setting that Spark only takes at its start (`spark.executor.memory`, …) concerns the
    cluster, not the answers, and is left alone.
    """
    changed: dict[str, str | None] = {}
    for key, value in configuration.items():
        if key.startswith("spark.") and not session.conf.isModifiable(key):
            continue
        changed[key] = session.conf.get(key, None)
        session.conf.set(key, value)
    try:
        yield
    finally:
        for key, before in changed.items():
            if before is None:
                session.conf.unset(key)
            else:
                session.conf.set(key, before)


def flow_settings(flow: Flow) -> dict[str, str]:
    """The settings of a flow's own that Spark acts on.

    They are set on the one session while its query starts, so such a flow runs alone.
    `pipelines.*` keys steer the pipeline, not Spark.
    """
    return {key: value for key, value in flow.spark_conf.items() if key.startswith("spark.")}


def note_cluster_settings(session: SparkSession, flow: Flow) -> None:
    """Note the settings of a flow's own that only a cluster's start could take."""
    for key in flow_settings(flow):
        if not session.conf.isModifiable(key):
            notices.note(differences.CLUSTER_SETTING, flow.at.narrowed(key))
