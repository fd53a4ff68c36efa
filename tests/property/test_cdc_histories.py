"""AUTO CDC against its model: hundreds of random histories, late, twice, in pieces, with crashes.

`python -m millpond.testing.cdc_histories` tries more of them; a failure here prints the line that
tries the one history alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from millpond.engine.cdc.target import ChangeTable
from millpond.testing.cdc_kinds import KINDS, kind_named
from millpond.testing.cdc_trial import Plan, Trial
from millpond.testing.cdc_update import TrialFailed

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]

SEED = 20261121
EACH = 20
"""Histories of each kind: they share a table, so that a batch carries a piece of each."""


def test_every_kind_of_target_equals_its_model(spark: SparkSession, tmp_path: Path) -> None:
    trial = Trial(Plan(SEED, KINDS, range(EACH), updates=1, batches=2, crashes=1), tmp_path)
    mismatches = trial.run()
    assert not mismatches, "\n".join(map(str, mismatches[:3]))
    assert EACH * len(KINDS) >= 200
    assert trial.replays > 0
    assert trial.crashes > 0


def test_without_the_hidden_rows_the_same_test_fails(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either a target is wrong, or Delta finds two hidden rows of one key and stops the update."""
    known_rows = ChangeTable.known_rows

    def only_visible(self: ChangeTable, *given: Any) -> DataFrame:
        return known_rows(self, *given).filter("__millpond_row = 'row'")

    monkeypatch.setattr(ChangeTable, "known_rows", only_visible)
    for name in ("scd1", "scd2"):
        plan = Plan(SEED, (kind_named(name),), range(25), updates=1, batches=2)
        trial = Trial(plan, tmp_path / name)
        try:
            wrong = [str(mismatch) for mismatch in trial.run()]
        except TrialFailed as failure:
            wrong = re.findall("MULTIPLE_SOURCE_ROW_MATCHING", str(failure))
        assert wrong, name
