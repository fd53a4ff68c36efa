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

from millpond.engine.cdc_target import ChangeTable
from millpond.testing.cdc_kinds import kind_named
from millpond.testing.cdc_trial import Plan, Trial
from millpond.testing.cdc_update import TrialFailed

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]

SEED = 20261121
NAMES = ("scd1", "scd1_truncate", "scd1_struct", "scd2", "scd2_struct", "scd2_tracked")


def test_every_kind_of_target_equals_its_model(spark: SparkSession, tmp_path: Path) -> None:
    kinds = tuple(map(kind_named, NAMES))
    trial = Trial(Plan(SEED, kinds, range(40), updates=2, batches=2, crashes=1), tmp_path)
    mismatches = trial.run()
    assert not mismatches, "\n".join(map(str, mismatches[:3]))
    assert 40 * len(kinds) >= 200
    assert trial.replays > 0
    assert trial.crashes > 0


@pytest.mark.parametrize("name", ["scd1", "scd2"])
def test_without_the_hidden_rows_the_same_test_fails(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Either a target is wrong, or Delta finds two hidden rows of one key and stops the update."""
    known_rows = ChangeTable.known_rows

    def only_visible(self: ChangeTable, *given: Any) -> DataFrame:
        return known_rows(self, *given).filter("__millpond_row = 'row'")

    monkeypatch.setattr(ChangeTable, "known_rows", only_visible)
    trial = Trial(Plan(SEED, (kind_named(name),), range(25), updates=2, batches=2), tmp_path)
    try:
        wrong = [str(mismatch) for mismatch in trial.run()]
    except TrialFailed as failure:
        wrong = re.findall("MULTIPLE_SOURCE_ROW_MATCHING", str(failure))
    assert wrong
