"""`%pip install` is checked against what is installed, and installs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes
from millpond.errors import MillpondError
from millpond.load.magics import Magic
from millpond.load.packages import PipStep, check_packages
from millpond.location import Span

AT = Span(Path("notebook.py"), 3)


def pip(arguments: str) -> Magic:
    return Magic("pip", arguments, AT)


@pytest.mark.parametrize(
    "arguments",
    [
        "install click",
        "install -q --upgrade click pytest",
        "install 'click>=1' pytest  # for tests",
        "install --index-url somewhere click",
        "install -r requirements.txt",
        "install databricks-dlt",
        "install /Volumes/main/default/wheels",
        "list",
        "uninstall -y nothing-like-this",
        "install 'nothing-like-this; python_version < \"3\"'",
    ],
)
def test_what_is_there_already(arguments) -> None:
    check_packages(pip(arguments), {})


@pytest.mark.parametrize(
    ("arguments", "package"),
    [
        ("install click nothing-like-this", "nothing-like-this"),
        ("install nothing-like-this==1.2", "nothing-like-this"),
        ("install /Volumes/a/b/c/nothing_like_this-1.0-py3-none-any.whl", "nothing-like-this"),
        ("install git+https://host/team/nothing-like-this.git@main", "nothing-like-this"),
    ],
)
def test_a_package_that_is_missing_is_named(arguments, package) -> None:
    with pytest.raises(MillpondError) as raised:
        check_packages(pip(arguments), {})
    assert raised.value.code is codes.PACKAGE_NOT_INSTALLED
    assert raised.value.params["package"] == package
    assert raised.value.at == AT


def test_another_version() -> None:
    with pytest.raises(MillpondError) as raised:
        check_packages(pip("install click==0.1"), {})
    assert raised.value.code is codes.PACKAGE_VERSION
    assert raised.value.params["requirement"] == "click==0.1"


def test_variables_wait_for_their_values() -> None:
    step = PipStep(pip("install $wheel"))
    assert step.has_variables
    assert not PipStep(pip("install wheel")).has_variables
    check_packages(step.magic, {"wheel": "click"})
    with pytest.raises(MillpondError) as raised:
        check_packages(step.magic, {"wheel": "nothing-like-this"})
    assert raised.value.code is codes.PACKAGE_NOT_INSTALLED


@pytest.mark.parametrize(
    "magic",
    [
        Magic("pip3", "install x", AT),
        Magic("python", "-m pip install x", AT),
        Magic("uv", "pip install x", AT),
    ],
)
def test_the_ways_to_call_pip(magic) -> None:
    assert magic.installs == "install x"
