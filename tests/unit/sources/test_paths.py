"""Paths of Databricks, by component."""

from __future__ import annotations

import pytest

from millpond.sources.paths import (
    PathPattern,
    Rest,
    components,
    has_scheme,
    is_databricks_path,
    suggested_prefix,
)


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/Volumes/a//b/", ("/", "Volumes", "a", "b")),
        ("dbfs:/mnt/x", ("/", "mnt", "x")),
        ("dbfs:///mnt/x", ("/", "mnt", "x")),
        ("/dbfs/mnt/x", ("/", "mnt", "x")),
        ("S3A://bucket/x", ("s3://", "bucket", "x")),
        ("file:/dbfs/mnt/x", ("/", "mnt", "x")),
        ("file:///Workspace/x", ("/", "Workspace", "x")),
        ("file:/home/x", ("file://", "home", "x")),
        ("data/x", ("data", "x")),
    ],
)
def test_components(path, parts):
    assert components(path) == parts


@pytest.mark.parametrize(
    ("pattern", "path", "rest"),
    [
        ("/a/b", "/a/b/c/d", Rest(("c", "d"), "")),
        ("/a/b", "/a/b/c/", Rest(("c",), "/")),
        ("/a/b/", "/a/b", Rest((), "")),
        ("/a/*/c", "/a/x/c/d", Rest(("d",), "")),
        ("/a/*/c", "/a/x/y/c", None),
        ("/a/b", "/a", None),
        ("/a/b", "/a/bc", None),
        ("a/b", "/a/b", None),
    ],
)
def test_what_a_pattern_leaves(pattern, path, rest):
    assert PathPattern(pattern).rest(path) == rest


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/Volumes/x", True),
        ("file:/Workspace/x", True),
        ("file:///dbfs/x", True),
        ("file:/mnt/x", False),
        ("dbfs:/x", True),
        ("/dbfs/x", True),
        ("/databricks-datasets/x", True),
        ("wasbs://c@a/x", True),
        ("/", False),
        ("/nowhere/at/all", False),
        ("x/y", False),
        ("file:/x", False),
    ],
)
def test_places_on_databricks(path, expected):
    assert is_databricks_path(path) is expected
    assert has_scheme(path) is (":" in path and not path.startswith("file:"))


def test_a_path_is_mapped_up_to_its_first_pattern():
    assert suggested_prefix("/Volumes/a/b/2024-*/x") == "/Volumes/a/b"
    assert suggested_prefix("s3://b/x/{a,b}") == "s3://b/x"
