"""What tests on another Spark share: the pipeline, and what becomes of it on this machine.

Clusters and servers that tests start lie beside them, and are imported from there.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from shared_pipeline import Outcome, PipelineFolder


@pytest.fixture
def pipeline(tmp_path: Path, spark: Any) -> PipelineFolder:
    """The pipeline in a folder of its own; its tables are looked at with this process's Spark."""
    return PipelineFolder(tmp_path / "pipeline")


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory, spark: Any) -> Outcome:
    """What comes of the pipeline on this machine."""
    folder = PipelineFolder(tmp_path_factory.mktemp("here"))
    documents = [folder.run_here()]
    folder.receive()
    outcome = folder.outcome([*documents, folder.run_here()])
    assert outcome.rows["totals"] == [(4, 440)]
    return outcome
