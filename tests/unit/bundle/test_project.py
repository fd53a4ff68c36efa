"""What PATH means, and settings from the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.bundle import ProjectKind, find_project, override, spec_for_sources
from millpond.errors import MillpondError

TREE = {
    "app/databricks.yml": "",
    "app/src/a.py": "",
    "loose/b.sql": "",
    "loose/a.py": "",
    "loose/deep/c.py": "",
    "loose/look.ipynb": "",
    "loose/tests/test_a.py": "",
    "loose/__pycache__/a.py": "",
    "loose/.venv/x.py": "",
    "loose/notes.md": "",
    "loose/test_a.py": "import a",
    "loose/conftest.py": "",
    "loose/lib/__init__.py": "",
    "loose/lib/model.py": "import x\nfrom .other import y\n",
    "loose/lib/other.py": "",
    "loose/lib/tables.py": "from . import other\n@dlt.table\ndef t(): ...\n",
    "empty/x.md": "",
}


@pytest.mark.parametrize(
    ("path", "kind", "folder"),
    [
        ("app", ProjectKind.BUNDLE, "app"),
        ("app/databricks.yml", ProjectKind.BUNDLE, "app"),
        ("app/src", ProjectKind.SOURCE, "app/src"),
        ("app/src/a.py", ProjectKind.SOURCE, "app/src"),
        ("loose", ProjectKind.SOURCE, "loose"),
    ],
)
def test_a_path_is_a_bundle_or_source(
    write: Callable[..., Path], path: str, kind: ProjectKind, folder: str
) -> None:
    root = write(TREE).resolve()
    project = find_project(root / path)
    assert (project.kind, project.path, project.folder) == (kind, root / path, root / folder)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("nowhere", "PATH_NOT_FOUND"),
        ("loose/notes.md", "SOURCE_KIND_UNSUPPORTED"),
        ("empty", "LIBRARY_WITHOUT_SOURCE"),
        ("app/databricks.yml", "SOURCE_KIND_UNSUPPORTED"),
    ],
)
def test_a_path_that_is_neither(write: Callable[..., Path], path: str, code: str) -> None:
    with pytest.raises(MillpondError) as caught:
        spec_for_sources(write(TREE) / path)
    assert caught.value.code.name == code


def test_a_folder_of_source(write: Callable[..., Path]) -> None:
    root = write(TREE).resolve()
    spec = spec_for_sources(root / "loose", catalog="c", configuration={"k": "v"})
    assert [source.path.relative_to(root / "loose").as_posix() for source in spec.sources] == [
        "a.py",
        "b.sql",
        "deep/c.py",
        "lib/__init__.py",
        "lib/other.py",
        "lib/tables.py",
        "look.ipynb",
    ]
    assert (spec.key, spec.target, spec.catalog, spec.schema) == (
        "loose",
        "default",
        "c",
        "default",
    )
    assert (spec.project, spec.root_path) == (root / "loose", root / "loose")
    assert spec.configuration == {"k": "v"}


@pytest.mark.parametrize(("name", "key"), [("b.sql", "b"), ("look.ipynb", "look")])
def test_one_file_of_source(write: Callable[..., Path], name: str, key: str) -> None:
    root = write(TREE).resolve()
    spec = spec_for_sources(root / "loose" / name, schema="s")
    assert [source.path for source in spec.sources] == [root / "loose" / name]
    assert (spec.key, spec.schema, spec.project) == (key, "s", root / "loose")


def test_overrides_change_what_is_run_and_what_is_shown(write: Callable[..., Path]) -> None:
    spec = spec_for_sources(write(TREE) / "loose", configuration={"a": "1", "b": "1"})
    changed = override(spec, catalog="c", schema="s", configuration={"b": "2"})
    assert (changed.catalog, changed.schema) == ("c", "s")
    assert changed.configuration == {"a": "1", "b": "2"}
    assert changed.settings == {
        "catalog": "c",
        "schema": "s",
        "configuration": {"a": "1", "b": "2"},
    }
    assert override(spec) == spec
