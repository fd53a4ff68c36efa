"""Whether a materialized view would come out as it is: same inputs, same definition.

What a table was computed from is written into the Delta commit that holds the result, so the two
can never disagree, whatever happens between them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import __version__
from millpond.delta_log import commits
from millpond.engine.classic.plan import plan_of
from millpond.engine.resolved import ResolvedDataset

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_KEY = "millpond"
_SESSION_KEYS = ("spark.sql.", "pipelines.")
_IRRELEVANT = (
    "spark.sql.artifact.",
    "spark.sql.debug.",
    "spark.sql.streaming.",
    "spark.sql.warehouse.dir",
)


@dataclass(frozen=True, slots=True)
class Computation:
    """What a materialized view is computed from.

    Attributes:
        definition: digest of the query's plan, the dataset's definition and Spark's settings.
        inputs: digest of the tables read and their versions.
        issue: why it has to be computed whatever its inputs, as `issue_type` of reference 6.5,
            or None.
    """

    definition: str
    inputs: str
    issue: str | None = None

    @property
    def metadata(self) -> str:
        """What is written into the commit."""
        return json.dumps({_KEY: {"definition": self.definition, "inputs": self.inputs}})

    def changed_since(self, table: Path) -> str | None:
        """Why the table has to be computed anew, as `issue_type`; None if it is as it would be."""
        if self.issue is not None:
            return self.issue
        before = last_computation(table)
        if before is None:
            return "PRIOR_TIMESTAMP_MISSING"
        if before.get("definition") != self.definition:
            return "QUERY_FINGERPRINT_CHANGED"
        return "DATA_HAS_CHANGED" if before.get("inputs") != self.inputs else None


def computation(
    session: SparkSession,
    dataset: ResolvedDataset,
    frame: DataFrame,
) -> Computation:
    """What the frame that is to be written computes, by Spark's plan of it; no job is run.

    Args:
        frame: with the dataset's expectations, which decide what is written as its query does.
    """
    plan = plan_of(frame)
    if plan is None:
        return Computation("", "", "PLAN_NOT_DETERMINISTIC")
    definition = {
        "millpond": __version__,
        "spark": session.version,
        "plan": [plan.text, plan.rows],
        "schema": frame.schema.json(),
        "declared": dataset.declared.json() if dataset.declared is not None else None,
        "computed": [[c.name, c.expression] for c in dataset.dataset.computed],
        "comments": dict(dataset.dataset.column_comments),
        "properties": dict(dataset.dataset.table_properties),
        "layout": [dataset.dataset.partition_by, dataset.dataset.cluster_by],
        "expectations": [
            [rule.name, str(rule.condition), rule.action.value]
            for rule in dataset.dataset.expectations
        ],
        "settings": _settings(session),
    }
    issue = None
    if plan.unstable is not None:
        issue = "PLAN_NOT_DETERMINISTIC"
    elif plan.outside:
        issue = "INPUT_NOT_IN_DELTA"
    return Computation(_digest(definition), _digest(plan.tables), issue)


def last_computation(table: Path) -> Mapping[str, Any] | None:
    """What the last commit of a table says it was computed from; None if it says nothing."""
    found = commits(table)
    if not found:
        return None
    for line in found[-1].read_text(encoding="utf-8").splitlines():
        action = json.loads(line)
        if "commitInfo" in action:
            return _ours(action["commitInfo"].get("userMetadata"))
    return None


def _ours(metadata: object) -> Mapping[str, Any] | None:
    try:
        found = json.loads(str(metadata))
    except ValueError:
        return None
    ours = found.get(_KEY) if isinstance(found, dict) else None
    return ours if isinstance(ours, dict) else None


def _settings(session: SparkSession) -> dict[str, str]:
    """The settings in force that a result can depend on."""
    return {
        key: value
        for key, value in sorted(session.conf.getAll.items())
        if key.startswith(_SESSION_KEYS) and not key.startswith(_IRRELEVANT)
    }


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
