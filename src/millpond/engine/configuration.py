"""The pipeline's `configuration` as Spark settings, for as long as an update runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from millpond import differences, notices
from millpond.definitions import Flow

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


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
