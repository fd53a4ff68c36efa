from pathlib import Path

import pytest

from millpond.codes import CACHE_NOT_WRITABLE
from millpond.errors import MillpondError
from millpond.runtime import cache


def test_the_variable_of_ours_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILLPOND_CACHE", "/somewhere/ours")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere/xdg")
    assert cache.folder() == Path("/somewhere/ours")


def test_then_the_desktop_s_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MILLPOND_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere/xdg")
    assert cache.folder() == Path("/somewhere/xdg/millpond")


@pytest.mark.parametrize("xdg", [None, "", "relative/folder"])
def test_then_the_home_folder(monkeypatch: pytest.MonkeyPatch, xdg: str | None) -> None:
    monkeypatch.delenv("MILLPOND_CACHE", raising=False)
    monkeypatch.setenv("HOME", "/home/ann")
    if xdg is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    assert cache.folder() == Path("/home/ann/.cache/millpond")


def test_asking_for_the_folder_does_not_make_it(cache_folder: Path) -> None:
    assert cache.folder() == cache_folder
    assert not cache_folder.exists()


def test_a_subfolder_is_made_with_its_parents(cache_folder: Path) -> None:
    assert cache.subfolder("java", "bin").is_dir()
    assert (cache_folder / "java" / "bin").is_dir()


def test_a_cache_that_cannot_be_made_is_an_error_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("MILLPOND_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(MillpondError) as caught:
        cache.subfolder("jars")
    assert caught.value.code is CACHE_NOT_WRITABLE
    assert caught.value.params["folder"] == tmp_path / "file" / "cache" / "jars"
