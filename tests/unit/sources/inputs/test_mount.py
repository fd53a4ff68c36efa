"""Which URI a mapped path is read under, and what tells Hadoop so."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.location import Span
from millpond.sources.inputs import LocalInputs
from millpond.sources.inputs.mappings import PathMapping
from millpond.sources.paths import PathPattern

LOCAL = Path("/here/data")
TABLE = "fs.viewfs.mounttable."


def inputs(*patterns):
    mappings = [PathMapping(PathPattern(p), "data", LOCAL, Span(Path("m"), 1, 1)) for p in patterns]
    return LocalInputs(paths=tuple(mappings))


def link(mount):
    """Where the mount is linked to, and the end of the key that says so."""
    ((key, target),) = (pair for pair in mount.settings.items() if pair[0].startswith(TABLE))
    return key.removeprefix(TABLE), target


@pytest.mark.parametrize(
    ("pattern", "path", "uri", "shown"),
    [
        ("/Volumes/a", "/Volumes/a/x", "dbfs:/Volumes/a/x", "/Volumes/a/f"),
        ("/Volumes/a", "dbfs:/Volumes/a/x/*.json", "dbfs:/Volumes/a/x/*.json", "/Volumes/a/f"),
        ("dbfs:/mnt", "/dbfs/mnt/x", "dbfs:/mnt/x", "/mnt/f"),
        ("/Workspace", "file:/Workspace/x", "dbfs:/Workspace/x", "/Workspace/f"),
        ("/Volumes/*/raw", "/Volumes/dev/raw/x", "dbfs:/Volumes/dev/raw/x", "/Volumes/dev/raw/f"),
        ("dbfs:/", "/x y", "dbfs:/x y", "/f"),
        ("s3://b/in", "s3a://b/in/x", "s3a://b/in/x", "/in/f"),
        ("s3://b", "s3://b", "s3://b/", "/f"),
        ("abfss://c@a.dfs/x", "abfss://c@a.dfs/x/y", "abfss://c@a.dfs/x/y", "/x/f"),
    ],
)
def test_a_mapped_path_keeps_its_uri(pattern, path, uri, shown):
    mount = inputs(pattern).mount(path)

    assert mount is not None
    assert (mount.uri(path), mount.shown(f"{LOCAL}/f")) == (uri, shown)
    assert mount.uri_of(f"{LOCAL}/f").endswith(shown)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/Volumes/a", "/Volumes/b/x"),
        ("landing", "landing/x"),
        ("file:/tmp", "file:/tmp/x"),
        ("/Volumes/*/raw", "/Volumes/*/raw/x"),
        ("s3://*/raw", "s3://b[12]/raw"),
    ],
)
def test_a_path_without_a_uri_of_its_own_is_read_where_it_is(pattern, path):
    assert inputs(pattern).mount(path) is None


def test_a_mapping_of_all_buckets_mounts_each():
    mount = inputs("gs://").mount("gs://b/x")

    assert (mount.authority, mount.folder, mount.local) == ("b", "/", LOCAL / "b")


@pytest.mark.parametrize(
    ("patterns", "path", "key"),
    [
        (["/Volumes/a"], "/Volumes/a/x", r"default.linkRegex.^/Volumes/a(?=/|$)"),
        (["s3://b"], "s3://b/x", "b.linkFallback"),
        (["s3://b/in.v1"], "s3://b/in.v1/x", r"b.linkRegex.^/in\.v1(?=/|$)"),
        (
            ["/Volumes/a", "/Volumes/a/*/x.y", "/Volumes/b/c"],
            "/Volumes/a/f",
            r"default.linkRegex.^/Volumes/a(?=/|$)(?!/[^/]*/x\.y(?:/|$))",
        ),
    ],
)
def test_the_link_leaves_out_what_is_mapped_elsewhere(patterns, path, key):
    assert link(inputs(*patterns).mount(path)) == (key, "file:///here/data")
