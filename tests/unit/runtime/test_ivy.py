from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.runtime import ivy
from millpond.runtime.java import Java

MakeJava = Callable[..., Path]


def _command(tmp_path: Path, make_java: MakeJava) -> list[str]:
    """The arguments that Java got; the one of the tests prints them."""
    java = Java(make_java("jdk", "17.0.1"), 17, "test")
    with ivy.resolved(["a:b:1", "c:d:2"], java, tmp_path) as fetched:
        return fetched.output.splitlines()


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ivy, "getproxies", dict)
    monkeypatch.delenv("SPARK_SUBMIT_OPTS", raising=False)
    monkeypatch.delenv("MILLPOND_IVY_SETTINGS", raising=False)


def test_the_jars_are_asked_for_by_their_coordinates(tmp_path: Path, make_java: MakeJava) -> None:
    words = _command(tmp_path, make_java)
    assert "spark.jars.packages=a:b:1,c:d:2" in words
    assert not any(word.startswith("spark.jars.ivySettings") for word in words)


def test_a_settings_file_of_the_user_s_is_passed_on(
    tmp_path: Path, make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILLPOND_IVY_SETTINGS", "/etc/mirror.xml")
    assert "spark.jars.ivySettings=/etc/mirror.xml" in _command(tmp_path, make_java)


def test_options_that_users_of_spark_know_are_passed_on(
    tmp_path: Path, make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK_SUBMIT_OPTS", "-Da=1 '-Db=x y'")
    words = _command(tmp_path, make_java)
    assert "-Da=1" in words
    assert "-Db=x y" in words


def test_the_system_s_proxies_become_java_s(monkeypatch: pytest.MonkeyPatch) -> None:
    proxies = {"http": "http://proxy.example", "https": "http://user:pw@proxy.example:3128"}
    monkeypatch.setattr(ivy, "getproxies", lambda: proxies)
    assert ivy.proxy_options() == [
        "-Dhttp.proxyHost=proxy.example",
        "-Dhttp.proxyPort=80",
        "-Dhttps.proxyHost=proxy.example",
        "-Dhttps.proxyPort=3128",
    ]


def test_the_folder_goes_with_the_block(tmp_path: Path, make_java: MakeJava) -> None:
    java = Java(make_java("jdk", "17.0.1"), 17, "test")
    with ivy.resolved(["a:b:1"], java, tmp_path) as fetched:
        assert fetched.folder.parent.exists()
    assert not fetched.folder.parent.exists()


def test_an_authority_that_only_the_system_knows_is_tried_next(
    tmp_path: Path, make_java: MakeJava, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_java("jdk", "17.0.1")
    (home / "bin" / "java").write_text(
        '#!/bin/sh\ncase "$*" in *trustStore=*) echo fetched;;'
        " *) echo 'PKIX path building failed';; esac\n",
        encoding="utf-8",
    )
    java = Java(home, 17, "test")
    monkeypatch.setattr(ivy, "certificates", lambda: [b"a certificate"])
    with ivy.resolved(["a:b:1"], java, tmp_path) as fetched:
        assert fetched.output == "fetched\n"
    monkeypatch.setattr(ivy, "certificates", list)
    with ivy.resolved(["a:b:1"], java, tmp_path) as fetched:
        assert fetched.output == "PKIX path building failed\n"
