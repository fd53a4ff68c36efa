import os
from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.runtime import archive
from millpond.runtime.archive import ArchiveError
from millpond.runtime.java import Java

MakeJava = Callable[..., Path]
Machine = tuple[Java, list[Path]]


@pytest.fixture
def machine(
    cache_folder: Path, tmp_path: Path, make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> Machine:
    """A Java with an archive of its own, a pyspark of one jar, and one jar more."""
    home = make_java("jdk", "17.0.15")
    server = home / "lib" / "server"
    server.mkdir(parents=True)
    (server / "classes.jsa").touch()
    spark = tmp_path / "pyspark"
    (spark / "jars").mkdir(parents=True)
    (spark / "jars" / "spark.jar").write_text("spark", encoding="utf-8")
    monkeypatch.setattr(archive, "spark_home", lambda: spark)
    extra = tmp_path / "delta.jar"
    extra.write_text("delta", encoding="utf-8")
    java = Java(home, 17, "test")
    monkeypatch.setattr(archive, "find_java", lambda: java)
    monkeypatch.setattr(archive, "jars", lambda: (extra,))
    return java, [extra]


def _warm_up_that(code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let a script stand for Python running the warm-up; $4 is the JVM's options."""
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\n{code}\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(script))


_WRITES = (
    'for word in $4; do case "$word" in'
    ' -XX:ArchiveClassesAtExit=*) echo x > "${word#*=}";; esac; done'
)


def test_without_an_archive_there_are_no_options(machine: Machine) -> None:
    assert archive.java_options() == []


def test_the_options_name_the_archive_and_let_the_jvm_do_without(machine: Machine) -> None:
    made = archive.path(*machine)
    made.parent.mkdir(parents=True)
    made.touch()
    options = archive.java_options()
    assert options[:2] == [f"-XX:SharedArchiveFile={made}", "-Xshare:auto"]


def test_the_archive_is_kept_whole_and_nothing_else(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _warm_up_that(_WRITES, monkeypatch, tmp_path)
    made = archive.build(*machine)
    assert made == archive.path(*machine)
    assert [file.name for file in made.parent.iterdir()] == ["spark.jsa"]


def test_a_warm_up_that_fails_leaves_no_archive(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _warm_up_that(f"{_WRITES}; echo why; exit 1", monkeypatch, tmp_path)
    with pytest.raises(ArchiveError, match="why"):
        archive.build(*machine)
    assert not archive.path(*machine).exists()


def test_a_jvm_that_writes_nothing_is_a_failure(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _warm_up_that("exit 0", monkeypatch, tmp_path)
    with pytest.raises(ArchiveError, match="without writing"):
        archive.build(*machine)


def test_another_java_needs_another_archive(machine: Machine, make_java: MakeJava) -> None:
    java, class_path = machine
    other = Java(make_java("other", "17.0.15"), 17, "test")
    assert archive.path(other, class_path) != archive.path(java, class_path)


def test_an_updated_java_needs_another_archive(machine: Machine) -> None:
    java, _ = machine
    before = archive.path(*machine)
    (java.home / "release").write_text('JAVA_VERSION="17.0.16"\n', encoding="utf-8")
    assert archive.path(*machine) != before


def test_a_jar_that_was_installed_again_needs_another_archive(
    machine: Machine, tmp_path: Path
) -> None:
    before = archive.path(*machine)
    os.utime(tmp_path / "pyspark" / "jars" / "spark.jar", (1, 1))
    assert archive.path(*machine) != before


def test_only_the_newest_other_archives_are_kept(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = archive.path(*machine).parent.parent
    for age in range(5):
        (store / f"old{age}").mkdir(parents=True)
        os.utime(store / f"old{age}", (1000 - age, 1000 - age))
    _warm_up_that(_WRITES, monkeypatch, tmp_path)
    made = archive.build(*machine)
    kept = {folder.name for folder in store.iterdir()}
    assert kept == {made.parent.name, "old0", "old1", "old2"}


def test_a_runtime_without_an_archive_of_its_own_gets_one_to_build_on(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java, class_path = machine
    (java.home / "lib" / "server" / "classes.jsa").unlink()
    base = archive.path(*machine).with_name("base.jsa")
    heard = tmp_path / "heard"
    (java.home / "bin" / "java").write_text(f'#!/bin/sh\necho "$@" > {heard}\n', encoding="utf-8")
    _warm_up_that(f'{_WRITES}; case "$4" in *{base}*) ;; *) exit 3;; esac', monkeypatch, tmp_path)
    archive.build(java, class_path)
    assert f"-Xshare:dump -XX:SharedArchiveFile={base}" in heard.read_text(encoding="utf-8")
