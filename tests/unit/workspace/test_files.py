"""Files of the workspace and of volumes, through the SDK."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from databricks.sdk.errors import BadRequest, NotFound, ResourceAlreadyExists
from databricks.sdk.service.workspace import ImportFormat, Language

from millpond.workspace import FakeWorkspace

HOME = "/Workspace/Users/user@example.com"


def test_a_file_comes_back_as_it_was(client: Any) -> None:
    client.workspace.mkdirs(f"{HOME}/a/b")
    client.workspace.upload(f"{HOME}/a/b/c.txt", b"hello", format=ImportFormat.AUTO)
    with client.workspace.download(f"{HOME}/a/b/c.txt") as file:
        assert file.read() == b"hello"
    assert client.workspace.get_status(f"{HOME}/a/b/c.txt").object_type.value == "FILE"


def test_a_notebook_has_its_language_beside_it(client: Any, workspace: FakeWorkspace) -> None:
    text = b"# Databricks notebook source\nx = 1\n"
    client.workspace.upload(f"{HOME}/etl.py", text, format=ImportFormat.AUTO)
    found = client.workspace.get_status(f"{HOME}/etl")
    assert (found.object_type.value, found.language) == ("NOTEBOOK", Language.PYTHON)
    assert workspace.files.below(HOME) == {f"{HOME}/etl.py": text}


def test_both_spellings_of_a_path_are_one(client: Any) -> None:
    client.workspace.mkdirs("/Users/user@example.com/x")
    assert [each.path for each in client.workspace.list(HOME)] == [f"{HOME}/x"]


def test_a_file_is_not_written_twice_unless_told(client: Any) -> None:
    client.workspace.upload(f"{HOME}/a.txt", b"1", format=ImportFormat.AUTO)
    with pytest.raises((ResourceAlreadyExists, BadRequest)):
        client.workspace.upload(f"{HOME}/a.txt", b"2", format=ImportFormat.AUTO)
    client.workspace.upload(f"{HOME}/a.txt", b"2", format=ImportFormat.AUTO, overwrite=True)


def test_a_folder_must_be_there_and_is_deleted_whole(client: Any) -> None:
    with pytest.raises(NotFound):
        client.workspace.upload(f"{HOME}/no/a.txt", b"", format=ImportFormat.AUTO)
    client.workspace.mkdirs(f"{HOME}/no")
    client.workspace.upload(f"{HOME}/no/a.txt", b"", format=ImportFormat.AUTO)
    with pytest.raises(BadRequest):
        client.workspace.delete(f"{HOME}/no")
    client.workspace.delete(f"{HOME}/no", recursive=True)
    with pytest.raises(NotFound):
        client.workspace.get_status(f"{HOME}/no/a.txt")


def test_files_of_a_volume_are_on_disk(
    client: Any, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    client.files.upload("/Volumes/main/raw/landing/1.json", io.BytesIO(b"{}"))
    assert (workspace.files.volumes / "main/raw/landing/1.json").read_bytes() == b"{}"
    contents = client.files.download("/Volumes/main/raw/landing/1.json").contents
    with contents:
        assert contents.read() == b"{}"


@pytest.mark.parametrize(
    "path", ["/Volumes/main/raw/v/../../../../x", "/Volumes/a/b", "/etc/x/y/z"]
)
def test_no_path_leads_out_of_a_volume(client: Any, path: str) -> None:
    with pytest.raises(BadRequest):
        client.files.upload(path, io.BytesIO(b""))
