"""Which files of a bundle are deployed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.bundle import Bundle
from millpond.bundle.sync import synced_files

BUNDLE = "bundle: {name: b}\nsync: {%s}\n"
FILES = {
    ".gitignore": "*.log\nbuild/\n/local.yml\n",
    ".git/config": "",
    ".databricks/bundle/default/x.json": "{}",
    "src/a.py": "",
    "src/a.log": "",
    "src/keep/.gitignore": "!kept.log\n",
    "src/keep/kept.log": "",
    "build/b.py": "",
    "local.yml": "",
    "tests/t.py": "",
}
TEXTS = [".gitignore", "databricks.yml"]


def files(load: Callable[..., Bundle], sync: str = "") -> list[str]:
    found, _ = synced_files(load({**FILES, "databricks.yml": BUNDLE % sync}).sync)
    return [file for file in found if file not in TEXTS]


def test_what_git_ignores_stays_here(load: Callable[..., Bundle]) -> None:
    assert files(load) == ["src/a.py", "src/keep/.gitignore", "src/keep/kept.log", "tests/t.py"]


@pytest.mark.parametrize(
    ("sync", "changed"),
    [
        ("include: [build/**]", {"build/b.py"}),
        ("include: ['*.log']", {"src/a.log"}),
        ("exclude: [tests]", {"tests/t.py"}),
        ("exclude: [./tests/]", {"tests/t.py"}),
        ("include: [build/*.py], exclude: ['*.py', '!src/a.py']", {"tests/t.py"}),
    ],
)
def test_include_and_exclude(load: Callable[..., Bundle], sync: str, changed: set[str]) -> None:
    assert set(files(load)) ^ set(files(load, sync)) == changed


def test_paths_choose_folders(load: Callable[..., Bundle]) -> None:
    found, _ = synced_files(load({**FILES, "databricks.yml": BUNDLE % "paths: [tests]"}).sync)
    assert found == ["tests/t.py"]


def test_a_folder_beside_the_bundle(load: Callable[..., Bundle], tmp_path: Path) -> None:
    nested = {f"jobs/{name}": text for name, text in FILES.items() if "git" not in name}
    (tmp_path / "databricks.yml").unlink(missing_ok=True)
    nested["jobs/databricks.yml"] = BUNDLE % "paths: [src, ../shared]"
    nested["shared/lib.py"] = ""
    from millpond.bundle import User, load_bundle

    for name, text in nested.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    sync = load_bundle(tmp_path / "jobs", environ={}, user=User("ann")).sync
    found, _ = synced_files(sync)
    assert sync.root == tmp_path.resolve()
    assert "shared/lib.py" in found
    assert "jobs/src/a.py" in found
    assert "jobs/tests/t.py" not in found


def test_patterns_are_relative_to_their_file(load: Callable[..., Bundle]) -> None:
    more = {
        "databricks.yml": "bundle: {name: b}\ninclude: [tests/*.yml]\n",
        "tests/sync.yml": "sync: {exclude: [t.py, ../src/a.py]}\n",
    }
    found, _ = synced_files(load({**FILES, **more}).sync)
    assert not {"tests/t.py", "src/a.py"} & set(found)


def test_a_pattern_that_matches_nothing_is_a_warning(load: Callable[..., Bundle]) -> None:
    bundle = load({**FILES, "databricks.yml": BUNDLE % "exclude: [tests, tset/**]"})
    _, (warning,) = synced_files(bundle.sync)
    assert (warning.code.name, warning.params) == ("BUNDLE_PATTERN_EMPTY", {"pattern": "tset/**"})
    assert warning.at is not None
    assert (warning.at.line, warning.at.column) == (2, 25)


def test_a_bundle_without_files_is_a_warning(load: Callable[..., Bundle]) -> None:
    _, (warning,) = synced_files(load(BUNDLE % "exclude: ['*']").sync)
    assert warning.code.name == "BUNDLE_SYNC_EMPTY"
