import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.codes import JARS_UNAVAILABLE
from millpond.errors import MillpondError
from millpond.runtime import jars as jars_module
from millpond.runtime.jars import NEEDED, Jar, is_present, jars, path_of
from millpond.runtime.java import Java

# Stands for Java: brings what is in the folder `remote`, or complains as Ivy does.
_FAKE_JAVA = """\
#!/bin/sh
echo "$@" >> {log}
for word do case "$word" in spark.jars.ivy=*) ivy=${{word#*=}};; esac; done
mkdir -p "$ivy/jars"
cp {remote}/*.jar "$ivy/jars" 2>/dev/null || echo ':: UNRESOLVED DEPENDENCIES ::'
echo '        at org.apache.spark.deploy.SparkSubmit.main(SparkSubmit.scala)'
"""


def _jar_bytes(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("content", text)
    return buffer.getvalue()


@pytest.fixture
def remote(tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What can be fetched: two jars, which are also all that is needed."""
    folder = tmp_path / "remote"
    folder.mkdir()
    needed = []
    for name in ("one", "two"):
        data = _jar_bytes(name)
        jar = Jar(f"org.example:{name}:1.0", len(data), hashlib.sha256(data).hexdigest())
        (folder / jar.file_name).write_bytes(data)
        needed.append(jar)
    monkeypatch.setattr(jars_module, "NEEDED", tuple(needed))
    command = tmp_path / "jdk" / "bin" / "java"
    command.parent.mkdir(parents=True)
    command.write_text(_FAKE_JAVA.format(log=tmp_path / "log", remote=folder), encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setattr(jars_module, "find_java", lambda: Java(tmp_path / "jdk", 17, "test"))
    return folder


@pytest.fixture
def calls(remote: Path, tmp_path: Path) -> Callable[[], list[str]]:
    """The command lines that Java was started with."""

    def read() -> list[str]:
        log = tmp_path / "log"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    return read


def test_they_are_fetched_once(
    calls: Callable[[], list[str]], cache_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = jars()
    assert found == tuple(
        cache_folder / "jars" / f"org.example_{n}-1.0.jar" for n in ("one", "two")
    )
    assert all(file.exists() for file in found)
    assert "Fetching 2 jars" in capsys.readouterr().err
    assert jars() == found
    assert len(calls()) == 1
    assert capsys.readouterr().err == ""


def test_only_what_is_missing_is_fetched(calls: Callable[[], list[str]]) -> None:
    first, _ = jars()
    first.unlink()
    assert jars()[0] == first
    assert "org.example:two" in calls()[0]
    assert "org.example:two" not in calls()[1]


def test_nothing_of_the_fetching_stays_behind(remote: Path, cache_folder: Path) -> None:
    jars()
    assert {file.suffix for file in (cache_folder / "jars").iterdir()} == {".jar", ""}
    assert not list((cache_folder / "jars").glob("fetch-*"))


@pytest.mark.parametrize("damage", [b"", b"half of it"])
def test_a_damaged_jar_is_fetched_again(calls: Callable[[], list[str]], damage: bytes) -> None:
    first, _ = jars()
    good = first.read_bytes()
    first.write_bytes(damage)
    assert jars()[0].read_bytes() == good
    assert len(calls()) == 2


def test_a_jar_of_the_right_size_that_is_no_zip_is_not_whole(remote: Path) -> None:
    first, _ = jars()
    first.write_bytes(b"x" * first.stat().st_size)
    assert not is_present(jars_module.NEEDED[0])


def test_what_cannot_be_had_is_named_with_the_end_of_ivy_s_output(remote: Path) -> None:
    for file in remote.iterdir():
        file.unlink()
    with pytest.raises(MillpondError) as caught:
        jars()
    assert caught.value.code is JARS_UNAVAILABLE
    assert caught.value.params == {
        "jars": "org.example:one:1.0, org.example:two:1.0",
        "reason": ":: UNRESOLVED DEPENDENCIES ::",
    }
    assert "MILLPOND_IVY_SETTINGS" in caught.value.hint


def test_a_file_that_is_not_the_published_one_is_not_taken(
    remote: Path, cache_folder: Path
) -> None:
    (remote / "org.example_one-1.0.jar").write_bytes(_jar_bytes("forged"))
    with pytest.raises(MillpondError) as caught:
        jars()
    assert caught.value.code is JARS_UNAVAILABLE
    assert not (cache_folder / "jars" / "org.example_one-1.0.jar").exists()


def test_a_java_that_does_not_start_is_said(
    remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jars_module, "find_java", lambda: Java(tmp_path / "gone", 17, "test"))
    with pytest.raises(MillpondError) as caught:
        jars()
    assert caught.value.code is JARS_UNAVAILABLE


def test_the_needed_jars_are_pinned_to_one_version_of_delta() -> None:
    names = [path_of(jar).name for jar in NEEDED]
    assert names[:2] == [
        "io.delta_delta-spark_4.2_2.13-4.4.0.jar",
        "io.delta_delta-storage-4.4.0.jar",
    ]
    assert all(len(jar.sha256) == 64 for jar in NEEDED)
