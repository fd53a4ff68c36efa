"""Which files a listing finds."""

from __future__ import annotations

import pytest

from millpond.errors import MillpondError
from millpond.sources.auto_loader import AutoLoaderRequest
from millpond.sources.auto_loader.listing import (
    DataFile,
    expand_braces,
    list_files,
    partitions_of,
)
from millpond.sources.auto_loader.options import read_options


@pytest.fixture
def folder(tmp_path):
    for name in (
        "a.json",
        "deep/er/b.json",
        "_c.json",
        ".d.json",
        "e.json._COPYING_",
        "_delta_log/f.json",
        "_day=1/g.json",
        "deep/.hidden/h.json",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    return tmp_path


def names(folder, path="", **options):
    options = {"cloudFiles.format": "json", **options}
    request = AutoLoaderRequest(path=str(folder) + path, options=options)
    found = list_files(request.path, read_options(request), None)
    return [file.path.removeprefix(f"{folder}/") for file in found]


def test_hidden_files_and_folders_are_left_out(folder):
    assert names(folder) == ["_day=1/g.json", "a.json", "deep/er/b.json"]
    assert names(folder, "/*") == ["_day=1/g.json", "a.json", "deep/er/b.json"]


def test_globs_and_names(folder):
    assert names(folder, "/{deep,other}/*") == ["deep/er/b.json"]
    assert names(folder, "/[^d]*.json") == ["a.json"]
    assert names(folder, "/none-*") == []
    assert names(folder, pathGlobFilter="[^a].json") == ["_day=1/g.json", "deep/er/b.json"]


def test_a_path_that_does_not_exist_is_an_error(folder):
    with pytest.raises(MillpondError):
        names(folder, "/none")


def test_braces_nest_in_sequence():
    assert expand_braces("a{b,c}{d,e}") == ["abd", "abe", "acd", "ace"]
    assert expand_braces("plain") == ["plain"]


def test_partitions_are_those_of_all_files():
    def of(*paths):
        return partitions_of(paths)

    assert of("/x/a=1/b=2/f", "/x/a=3/b=2/f") == {"a": {"1", "3"}, "b": {"2"}}
    assert of("/x/a=1/f", "/x/f") == {}
    assert of("/x/a=1/f", "/x/b=1/f") == {}
    assert of("/x/a=1.json") == {}
    assert of() == {}


@pytest.mark.parametrize(
    ("path", "uri"), [("/a b/é+%.json", "/a%20b/é+%25.json"), ("/a=1/[x]#?", "/a=1/%5Bx%5D%23%3F")]
)
def test_paths_as_spark_spells_them(path, uri):
    assert DataFile(path, 0, 0).uri_path == uri
