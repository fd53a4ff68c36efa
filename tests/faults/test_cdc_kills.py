"""Targets of AUTO CDC after the process was killed inside a batch: nothing lost, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from millpond.engine.cdc.faults import CRASH_POINTS
from millpond.testing.cdc_kinds import kind_named
from millpond.testing.cdc_trial import Plan, Trial

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]


def test_a_killed_update_is_taken_up_where_it_was(spark: SparkSession, tmp_path: Path) -> None:
    kinds = (kind_named("scd1"), kind_named("scd2_tracked"))
    trial = Trial(Plan(7, kinds, range(20), updates=2, batches=1, kills=True), tmp_path)
    mismatches = trial.run()
    assert not mismatches, "\n".join(map(str, mismatches[:3]))
    assert trial.killed == set(CRASH_POINTS)
