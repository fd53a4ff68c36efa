from pathlib import Path

import pytest

from millpond.codes import JAVA_NOT_FOUND
from millpond.errors import MillpondError
from millpond.runtime import archive, prepare
from millpond.runtime.java import Java

JAVA = Java(Path("/jdk"), 17, "PATH")


@pytest.fixture
def target(cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine where all but the archive is there; the place of the archive."""
    file = cache_folder / "archive" / "key" / "spark.jsa"
    monkeypatch.setattr(prepare, "find_java", lambda: JAVA)
    monkeypatch.setattr(prepare, "jars", lambda: (Path("/c/one.jar"),))
    monkeypatch.setattr(archive, "path", lambda java, jars: file)
    return file


@pytest.fixture
def builds(target: Path, monkeypatch: pytest.MonkeyPatch) -> list[Java]:
    """The builds that took place, each of which made the archive."""
    done: list[Java] = []

    def build(java: Java, jars: tuple[Path, ...]) -> Path:
        done.append(java)
        target.parent.mkdir(parents=True)
        target.touch()
        return target

    monkeypatch.setattr(archive, "build", build)
    return done


def test_what_is_there_is_not_made_again(
    target: Path, builds: list[Java], capsys: pytest.CaptureFixture[str]
) -> None:
    first = prepare.prepare()
    assert first == prepare.Prepared(JAVA, (Path("/c/one.jar"),), target)
    assert "class-data archive" in capsys.readouterr().err
    assert prepare.prepare() == first
    assert builds == [JAVA]
    assert capsys.readouterr().err == ""


def test_an_archive_that_cannot_be_made_is_only_a_warning(
    target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(java: Java, jars: tuple[Path, ...]) -> Path:
        raise archive.ArchiveError("no room")

    monkeypatch.setattr(archive, "build", build)
    assert prepare.prepare().archive is None
    assert "no room" in capsys.readouterr().err


def test_the_command_says_which_java(
    builds: list[Java], capsys: pytest.CaptureFixture[str]
) -> None:
    assert prepare.main() == 0
    assert "Java 17 (PATH: /jdk)" in capsys.readouterr().err


def test_the_command_ends_with_the_error_s_exit_status(
    target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_java() -> Java:
        raise MillpondError(JAVA_NOT_FOUND, passed_over="none is installed", python="/venv")

    monkeypatch.setattr(prepare, "find_java", no_java)
    assert prepare.main() == 2
    assert "hint: Install one" in capsys.readouterr().err
