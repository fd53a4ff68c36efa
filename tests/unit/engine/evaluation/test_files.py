"""Plain Python's own functions read mapped files in pipeline source, and nowhere else."""

# What is tested are the functions of `os`, and `open`.
# ruff: noqa: PTH110, PTH112, PTH123, PTH207, PTH208, SIM115
from __future__ import annotations

import glob
import os
from pathlib import Path

import pytest

from millpond import codes
from millpond.engine.evaluation import files
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.errors import MillpondError
from millpond.sources.inputs import load_inputs

VOLUME = "/Volumes/main/raw"


class Relations:
    """Only what a path means."""

    def __init__(self, inputs):
        self.local_path = inputs.path


@pytest.fixture
def source(tmp_path):
    files.install()
    (tmp_path / "data/sub").mkdir(parents=True)
    (tmp_path / "data/rules.json").write_text("{}")
    (tmp_path / "millpond.yml").write_text(f"paths:\n  {VOLUME}: data\n  /mnt/x: data\n")
    inputs = load_inputs(tmp_path / "millpond.yml", "dev")
    with evaluating(Evaluation(None, Relations(inputs))):
        yield


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize("folder", [VOLUME, f"/dbfs{VOLUME}", "/dbfs/mnt/x"])
def test_a_mapped_folder_is_read_by_any_function(folder):
    with open(f"{folder}/rules.json") as file:
        assert file.read() == "{}"
    assert Path(folder, "rules.json").read_text() == "{}"
    assert sorted(os.listdir(folder)) == ["rules.json", "sub"]
    assert [folders for _, folders, _ in os.walk(folder)] == [["sub"], []]
    assert glob.glob(f"{folder}/*.json") == [f"{folder}/rules.json"]
    assert os.path.isdir(f"{folder}/sub")
    assert not Path(folder, "other.json").exists()


@pytest.mark.usefixtures("source")
def test_what_nothing_maps_cannot_be_opened():
    with pytest.raises(MillpondError) as raised:
        open("/Volumes/other/rules.json")

    assert raised.value.code is codes.INPUT_NOT_MAPPED
    assert raised.value.at.file == Path(__file__)
    assert not os.path.exists("/Volumes/other/rules.json")


def test_outside_of_source_nothing_is_mapped(source, tmp_path):
    with evaluating(None), pytest.raises(FileNotFoundError):
        open(f"{VOLUME}/rules.json")
    assert Path(tmp_path / "data/rules.json").read_text() == "{}"
