"""Machines for the tests of the runtime: a cache of their own, and Javas made of two files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.runtime import java as java_module

MakeJava = Callable[..., Path]


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("MILLPOND_CACHE", str(folder))
    return folder


@pytest.fixture
def no_java(cache_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with no Java: nothing in JAVA_HOME, on PATH, in the usual places, or from PyPI."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(empty))
    monkeypatch.setattr(java_module, "_KNOWN_PLACES", ())
    monkeypatch.setattr("millpond.runtime.slim.runtime", lambda: None)


@pytest.fixture
def make_java(tmp_path: Path) -> MakeJava:
    """Make a Java home: `make_java("jdk17", "17.0.15")`."""

    def make(
        name: str, version: str | None, *, modules: str = "java.base jdk.incubator.vector"
    ) -> Path:
        home = tmp_path / name
        command = home / "bin" / "java"
        command.parent.mkdir(parents=True)
        command.write_text('#!/bin/sh\nfor word; do echo "$word"; done\n', encoding="utf-8")
        command.chmod(0o755)
        if version is not None:
            release = f'JAVA_VERSION="{version}"\nMODULES="{modules}"\n'
            (home / "release").write_text(release, encoding="utf-8")
        return home

    return make
