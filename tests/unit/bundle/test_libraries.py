"""Which files a pipeline's libraries name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from millpond.bundle import Bundle
from millpond.definitions import SourceKind

TEXT = """
bundle: {name: b}
resources:
  pipelines:
    p:
      libraries:
"""
TREE = {
    "src/b.sql": "",
    "src/a.py": "",
    "src/nested/c.py": "",
    "src/n.ipynb": '{"metadata": {"language_info": {"name": "sql"}}}',
    "src/.hidden.py": "",
    "src/.git/x.py": "",
    "src/__pycache__/a.py": "",
    "src/venv/pyvenv.cfg": "",
    "src/venv/x.py": "",
    "src/README.md": "",
    "src/rules.json": "{}",
}


def files(*libraries: str) -> dict[str, str]:
    lines = "".join(f"        - {library}\n" for library in libraries)
    return {"databricks.yml": TEXT.lstrip("\n") + lines, **TREE}


def names(bundle: Bundle, folder: Path) -> list[str]:
    sources = bundle.pipelines["p"].sources
    return [source.path.relative_to(folder.resolve()).as_posix() for source in sources]


@pytest.mark.parametrize(
    ("libraries", "found"),
    [
        (
            ["glob: {include: src/**}"],
            ["src/a.py", "src/b.sql", "src/n.ipynb", "src/nested/c.py"],
        ),
        (["glob: {include: ./src/nested/**}"], ["src/nested/c.py"]),
        (["glob: {include: src/a.py}"], ["src/a.py"]),
        (["glob: {include: src/n}"], ["src/n.ipynb"]),
        (
            ["glob: {include: src/nested/**}", "glob: {include: src/**}"],
            ["src/nested/c.py", "src/a.py", "src/b.sql", "src/n.ipynb"],
        ),
        (["file: {path: src/b.sql}", "file: {path: src/a.py}"], ["src/b.sql", "src/a.py"]),
        (["file: {path: src/a.py}", "file: {path: ./src/../src/a.py}"], ["src/a.py"]),
        (["notebook: {path: src/a}"], ["src/a.py"]),
        (["notebook: {path: src/b}"], ["src/b.sql"]),
        (["file: {path: src/*.py}"], ["src/.hidden.py", "src/a.py"]),
        (["notebook: {path: '*/nested/*.py'}"], ["src/nested/c.py"]),
        (["file: {path: '${workspace.file_path}/src/a.py'}"], ["src/a.py"]),
    ],
)
def test_libraries_name_files(
    load: Callable[..., Bundle], tmp_path: Path, libraries: list[str], found: list[str]
) -> None:
    assert names(load(files(*libraries)), tmp_path) == found


def test_kinds_are_told_by_name_and_for_notebooks_by_content(load: Callable[..., Bundle]) -> None:
    sources = load(files("glob: {include: src/**}")).pipelines["p"].sources
    sql = {source.path.name for source in sources if source.kind is SourceKind.SQL}
    assert sql == {"b.sql", "n.ipynb"}


@pytest.mark.parametrize("content", ["", "[]", '{"metadata": 1}', '{"metadata": {}}'])
def test_a_notebook_that_says_no_language_is_python(
    load: Callable[..., Bundle], content: str
) -> None:
    bundle = load({**files("file: {path: src/n.ipynb}"), "src/n.ipynb": content})
    assert bundle.pipelines["p"].sources[0].kind is SourceKind.PYTHON


@pytest.mark.parametrize(
    ("library", "code", "column"),
    [
        ("glob: {include: missing/**}", "PATH_NOT_FOUND", 27),
        ("glob: {include: src/.git/**}", None, 0),
        ("glob: {include: src/*.py}", "LIBRARY_GLOB_INVALID", 27),
        ("glob: {include: src/**/x.py}", "LIBRARY_GLOB_INVALID", 27),
        ("glob: {include: 's*c/**'}", "LIBRARY_GLOB_INVALID", 27),
        ("glob: {include: ../x/**}", "PATH_OUTSIDE_BUNDLE", 27),
        ("file: {path: src/missing.py}", "PATH_NOT_FOUND", 24),
        ("file: {path: src/README.md}", "SOURCE_KIND_UNSUPPORTED", 24),
        ("file: {path: src}", "SOURCE_KIND_UNSUPPORTED", 24),
        ("file: {path: src/*.txt}", "LIBRARY_WITHOUT_SOURCE", 24),
        ("file: {path: src/../../x.py}", "PATH_OUTSIDE_BUNDLE", 24),
        ("file: {path: '*/../../*.py'}", "LIBRARY_WITHOUT_SOURCE", 24),
        ("notebook: {path: /Workspace/Shared/x}", "PATH_NOT_LOCAL", 28),
        ("notebook: {path: 'dbfs:/x.py'}", "PATH_NOT_LOCAL", 28),
    ],
)
def test_a_library_that_names_nothing_is_an_error_at_its_path(
    load: Callable[..., Bundle],
    places: Callable[..., object],
    library: str,
    code: str | None,
    column: int,
) -> None:
    if code is None:
        # A hidden folder that is named is read; only those found below another are left out.
        assert len(load(files(library)).pipelines["p"].sources) == 1
    else:
        assert places(files(library)) == [(code, "databricks.yml", 6, column)]


def test_a_folder_without_source(places: Callable[..., object]) -> None:
    tree = {**files("glob: {include: docs/**}"), "docs/a.md": ""}
    assert places(tree) == [("LIBRARY_WITHOUT_SOURCE", "databricks.yml", 6, 27)]


def test_the_closest_file_is_suggested(errors: Callable[..., Any]) -> None:
    (error,) = errors(files("file: {path: src/b.sq}"))
    assert "b.sql" in error.hint
    assert error.params["looked_for"] == "src/b.sq"


def test_globs_stand_alone(places: Callable[..., object]) -> None:
    libraries = files("glob: {include: src/**}", "file: {path: src/a.py}")
    assert places(libraries) == [("BUNDLE_SETTINGS_CONFLICT", "databricks.yml", 6, 11)]


def test_packages_are_warned_about(load: Callable[..., Bundle]) -> None:
    bundle = load(files("file: {path: src/a.py}", "whl: ./x.whl", "maven: {coordinates: c}"))
    assert [warning.params["kind"] for warning in bundle.warnings] == ["whl", "maven"]


def test_sync_paths_widen_what_is_deployed(load: Callable[..., Bundle], tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "x.py").write_text("")
    text = (
        TEXT.lstrip("\n")
        + "        - file: {path: ../shared/x.py}\nsync: {paths: [../shared, .]}\n"
    )
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "databricks.yml").write_text(text)
    from millpond.bundle import load_bundle

    spec = load_bundle(tmp_path / "app", environ={}).pipelines["p"]
    assert [source.path.name for source in spec.sources] == ["x.py"]
