"""The retail bundle, run once for all tests of this folder, which import what lies beside them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

if TYPE_CHECKING:
    from updates import Updates

ROOT = Path(__file__).parents[2]
LAST_OF_THE_FIRST_UPDATE = {
    "transactions": "2017-01-08",
    "customer_changes": "2017-01-08",
    "price_lists": "2017-01-09.csv",
}


@pytest.fixture(scope="session")
def updates(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Updates:
    """Files up to one day, the same again, and then those of the remaining days."""
    from millpond.bundle import choose_pipeline, load_bundle
    from millpond.engine.update import UpdateRequest, run_update
    from millpond.sources.inputs import load_inputs
    from updates import Updates

    bundle = tmp_path_factory.mktemp("bundle")
    for name in ("databricks.yml", "millpond.yml"):
        shutil.copy(ROOT / name, bundle)
    shutil.copytree(ROOT / "resources", bundle / "resources")
    shutil.copytree(ROOT / "src/retail", bundle / "src/retail")
    landing = bundle / "fixtures/landing"
    shutil.copytree(ROOT / "fixtures/landing", landing)
    held_back = _hold_back(landing, bundle / "later")

    def run() -> Any:
        spec = choose_pipeline(load_bundle(bundle, target="dev"))
        inputs = load_inputs(bundle / "millpond.yml", "dev")
        return run_update(UpdateRequest(spec, bundle / "state", inputs), lambda event: None)

    first = run()
    after_first = {each.name: each.rows_written for each in first.datasets}
    again = run()
    for day in held_back:
        shutil.move(bundle / "later" / day, landing / day)
    return Updates(first, again, run(), bundle / "state", after_first)


def _hold_back(landing: Path, later: Path) -> list[Path]:
    """Move the days that are to arrive later; their paths below either folder."""
    found = [
        day.relative_to(landing)
        for feed, last in LAST_OF_THE_FIRST_UPDATE.items()
        for day in sorted((landing / feed).iterdir())
        if day.name > last
    ]
    for day in found:
        (later / day).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(landing / day, later / day)
    return found
