from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from millpond.bundle import Bundle, User
from millpond.bundle.workspace import local_user


@pytest.mark.parametrize(
    ("name", "short"), [("Ann.Lee@example.com", "ann_lee"), ("root", "root"), ("é-x", "é_x")]
)
def test_the_short_name(name: str, short: str) -> None:
    assert User(name).short_name == short


def test_there_is_always_a_local_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise KeyError("uid")

    monkeypatch.setattr("getpass.getuser", fail)
    assert local_user() == User("local")


def test_paths_are_the_users_and_files_are_local(
    load: Callable[..., Bundle], tmp_path: Path
) -> None:
    configuration: Any = load("bundle: {name: b}\ntargets: {dev: {}}\n").configuration
    workspace = configuration["workspace"]
    assert workspace["root_path"] == "/Workspace/Users/ann@example.com/.bundle/b/dev"
    assert workspace["artifact_path"] == workspace["root_path"] + "/artifacts"
    assert workspace["state_path"] == workspace["root_path"] + "/state"
    assert workspace["file_path"] == str(tmp_path.resolve())
    assert workspace["current_user"]["userName"] == "ann@example.com"


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("~/x/${bundle.target}", "/Workspace/Users/ann@example.com/x/dev"),
        ("/Users/me/${bundle.name}", "/Workspace/Users/me/b"),
        ("/Volumes/a/b", "/Volumes/a/b"),
    ],
)
def test_root_path_is_expanded(load: Callable[..., Bundle], written: str, path: str) -> None:
    text = f"bundle: {{name: b}}\ntargets: {{dev: {{workspace: {{root_path: '{written}'}}}}}}\n"
    configuration: Any = load(text).configuration
    assert configuration["workspace"]["root_path"] == path


def test_fields_that_nothing_sets_are_empty_text(load: Callable[..., Bundle]) -> None:
    text = """
    bundle: {name: b}
    workspace: {host: }
    variables: {v: {default: "[${workspace.host}${bundle.git.branch}]"}}
    """
    configuration: Any = load(text).configuration
    assert configuration["variables"]["v"]["value"] == "[]"
