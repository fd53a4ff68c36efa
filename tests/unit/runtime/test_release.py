from pathlib import Path

import pytest

from millpond.runtime.release import feature_version, home_of, read_release, version_text


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("17.0.15", 17),
        ("21", 21),
        ("21.0.8", 21),
        ("1.8.0_392", 8),
        ("25-ea", 25),
        ("", 0),
        ("?", 0),
    ],
)
def test_the_feature_version(text: str, version: int) -> None:
    assert feature_version(text) == version


def test_the_release_file_is_read_without_its_quotes(tmp_path: Path) -> None:
    (tmp_path / "release").write_text('JAVA_VERSION="17.0.1"\nSOURCE=""\n\nnoise\n')
    assert read_release(tmp_path) == {"JAVA_VERSION": "17.0.1", "SOURCE": ""}


def test_a_home_without_a_release_file_has_an_empty_one(tmp_path: Path) -> None:
    assert read_release(tmp_path) == {}


def _command(folder: Path, script: str) -> Path:
    folder.mkdir(parents=True)
    command = folder / "java"
    command.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    command.chmod(0o755)
    return command


def test_without_a_release_file_the_command_is_asked(tmp_path: Path) -> None:
    _command(tmp_path / "bin", "echo 'openjdk version \"21.0.2\" 2024-01-16' >&2")
    assert version_text(tmp_path) == "21.0.2"


def test_a_command_that_does_not_run_has_no_version(tmp_path: Path) -> None:
    command = _command(tmp_path / "bin", "exit 1")
    assert version_text(tmp_path) == ""
    command.chmod(0o644)
    assert version_text(tmp_path) == ""


def test_a_link_is_followed_to_its_home(tmp_path: Path) -> None:
    command = _command(tmp_path / "jdk" / "bin", "exit 1")
    (tmp_path / "jdk" / "release").touch()
    (tmp_path / "java").symlink_to(command)
    assert home_of(tmp_path / "java") == tmp_path / "jdk"


def test_a_version_manager_s_script_is_asked_for_the_home(tmp_path: Path) -> None:
    shim = _command(tmp_path / "shims", "echo '    java.home = /opt/jdks/17' >&2")
    assert home_of(shim) == Path("/opt/jdks/17")


def test_a_stub_that_only_complains_has_no_home(tmp_path: Path) -> None:
    stub = _command(tmp_path / "stub", "echo 'Unable to locate a Java Runtime.' >&2; exit 1")
    assert home_of(stub) is None
