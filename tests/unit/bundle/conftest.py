"""Bundles written for a test, and a way to say where an error points."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.bundle import Bundle, User, load_bundle
from millpond.errors import Failures, MillpondError

Place = tuple[str, str, int, int]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files below the test's folder: `write({"databricks.yml": "..."})`."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def load(write: Callable[..., Path]) -> Callable[..., Bundle]:
    """Write a bundle and load it as the user ann@example.com with an empty environment."""

    def load(files: dict[str, str] | str, **options: object) -> Bundle:
        folder = write({"databricks.yml": files} if isinstance(files, str) else files)
        given = {"environ": {}, "user": User("ann@example.com"), **options}
        return load_bundle(folder, **given)  # type: ignore[arg-type]

    return load


@pytest.fixture
def places(load: Callable[..., Bundle], tmp_path: Path) -> Callable[..., list[Place]]:
    """Load a bundle that is wrong: the code, file, line and column of each of its errors."""

    def places(files: dict[str, str] | str, **options: object) -> list[Place]:
        with pytest.raises((Failures, MillpondError)) as caught:
            load(files, **options)
        raised = caught.value
        errors = raised.errors if isinstance(raised, Failures) else (raised,)
        return [place_of(error, tmp_path) for error in errors]

    return places


@pytest.fixture
def errors(load: Callable[..., Bundle]) -> Callable[..., tuple[MillpondError, ...]]:
    """Load a bundle that is wrong: its errors."""

    def errors(files: dict[str, str] | str, **options: object) -> tuple[MillpondError, ...]:
        with pytest.raises((Failures, MillpondError)) as caught:
            load(files, **options)
        raised = caught.value
        return raised.errors if isinstance(raised, Failures) else (raised,)

    return errors


def place_of(error: MillpondError, folder: Path) -> Place:
    assert error.at is not None, error
    file = error.at.file.relative_to(folder.resolve()).as_posix()
    return error.code.name, file, error.at.line, error.at.column
