"""Files that arrive in places of a test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.codes import INPUT_NOT_MAPPED, TEST_PATH_NOT_VALID
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sources.inputs import LocalInputs, load_inputs
from millpond.testing.files import Landing

HERE = Span(Path("test_it.py"), 1)


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/Volumes/c/s/v/in/a.json", "/Volumes/c/s/v/in"),
        ("s3://bucket/in/a.json", "s3a://bucket/in"),
        ("abfss://box@account.dfs/in/a.json", "abfss://box@account.dfs/in"),
        ("dbfs:/in/a.json", "/dbfs/in"),
        ("/mnt/in/a.json", "/mnt/in"),
    ],
)
def test_a_file_is_found_below_the_path_the_source_reads(
    tmp_path: Path, path: str, read: str
) -> None:
    landing = Landing(tmp_path)
    written = landing.add(path, "{}", HERE)

    folder = Path(landing.over(LocalInputs()).path(read))
    assert list(folder.rglob("*.json")) == [written]
    assert written.is_relative_to(tmp_path)


def test_a_volume_of_the_tests_own_hides_what_millpond_yml_maps_below_it(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    file = tmp_path / "millpond.yml"
    file.write_text("paths:\n  /Volumes/c/s/v/in: real\n  /Volumes/c/s/other: real\n")
    landing = Landing(tmp_path / "files")
    landing.add("/Volumes/c/s/v/in/a.json", "{}", HERE)

    inputs = landing.over(load_inputs(file, "dev"))
    assert inputs.path("/Volumes/c/s/v/in") != str(tmp_path / "real")
    assert inputs.path("/Volumes/c/s/other") == str(tmp_path / "real")


def test_a_place_without_files_of_the_test_is_not_mapped(tmp_path: Path) -> None:
    with pytest.raises(MillpondError) as caught:
        Landing(tmp_path).over(LocalInputs()).path("/Volumes/c/s/v")
    assert caught.value.code is INPUT_NOT_MAPPED


def test_a_file_or_a_folder_can_be_copied(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("id\n1\n")
    landing = Landing(tmp_path / "files")

    whole = landing.add("/Volumes/c/s/v", tmp_path / "in", HERE)
    one = landing.add("/Volumes/c/s/v/b/c.csv", tmp_path / "in" / "a.csv", HERE)
    assert (whole / "a.csv").read_text() == one.read_text() == "id\n1\n"


@pytest.mark.parametrize("path", ["a.json", "/Volumes/c/s/v", "/Volumes/c/s/v/../../x.json", ""])
def test_what_is_no_file_in_a_place_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(MillpondError) as caught:
        Landing(tmp_path).add(path, "{}", HERE)
    assert caught.value.code is TEST_PATH_NOT_VALID
