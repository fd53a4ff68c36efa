import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.runtime import slim

MakeJava = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("cache_folder")


def _wrapped(monkeypatch: pytest.MonkeyPatch, inner: Path) -> Path:
    monkeypatch.setattr(slim, "runtime", lambda: inner)
    home = slim.wrapped_home()
    assert home is not None
    return home


def _heard(home: Path, *words: str) -> list[str]:
    """What the runtime behind the wrapper gets; the one of the tests prints its arguments."""
    done = subprocess.run([home / "bin" / "java", *words], capture_output=True, check=True)
    return done.stdout.decode().splitlines()


def test_only_the_module_it_lacks_is_dropped(
    make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _wrapped(monkeypatch, make_java("java-runtime", "21.0.8"))
    words = ["-cp", "a b:c", "--add-modules=jdk.incubator.vector", "-Dx=$HOME *", "", "Main"]
    assert _heard(home, *words) == ["-cp", "a b:c", "-Dx=$HOME *", "", "Main"]


def test_a_runtime_below_a_folder_with_spaces_and_quotes_is_run(
    make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _wrapped(monkeypatch, make_java("it's my/java runtime", "21.0.8"))
    assert _heard(home, "-version") == ["-version"]


def test_the_home_has_the_runtime_s_release_file(
    make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = make_java("java-runtime", "21.0.8")
    home = _wrapped(monkeypatch, inner)
    assert (home / "release").read_text() == (inner / "release").read_text()


def test_it_is_made_once_for_each_runtime(
    make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_java("one", "21.0.8"), make_java("two", "21.0.8")
    home = _wrapped(monkeypatch, first)
    written = (home / "bin" / "java").stat().st_mtime_ns
    assert _wrapped(monkeypatch, first) == home
    assert (home / "bin" / "java").stat().st_mtime_ns == written
    assert _wrapped(monkeypatch, second) != home


def test_without_the_wheel_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert slim.runtime() is None
    assert slim.wrapped_home() is None


def test_the_runtime_of_the_installed_wheel_is_found() -> None:
    runtime = slim.runtime()
    assert runtime is not None
    assert (runtime / "bin" / "java").exists()
