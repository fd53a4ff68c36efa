"""`millpond validate`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("project")


def test_the_json_is_the_resolved_configuration(cli: Callable[..., Any]) -> None:
    document = json.loads(cli("validate", "-o", "json", "--var", "layer=gold").assert_success().out)
    assert document["schema_version"] == 1
    assert document["variables"]["layer"]["value"] == "gold"
    assert document["workspace"]["file_path"].endswith("/.bundle/shop/dev/files")
    assert "pipelines" in document["resources"]


def test_warnings_do_not_fail_unless_told_so(cli: Callable[..., Any], project: Path) -> None:
    file = project / "databricks.yml"
    file.write_text(file.read_text() + "synk: {}\n")
    found = cli("validate").assert_success()
    assert "BUNDLE_FIELD_UNKNOWN" in found.err
    assert "1 warning" in found.out
    assert cli("validate", "--strict").status == 2
    document = json.loads(cli("validate", "-o", "json").out)
    assert [warning["code"] for warning in document["warnings"]] == ["BUNDLE_FIELD_UNKNOWN"]


def test_errors_end_with_status_2(cli: Callable[..., Any]) -> None:
    found = cli("validate", "-t", "nowhere", "-o", "json")
    assert found.status == 2
    assert [each["code"] for each in json.loads(found.out)["errors"]] == ["BUNDLE_TARGET_UNKNOWN"]


def test_source_without_a_bundle_has_none_to_validate(cli: Callable[..., Any]) -> None:
    found = cli("validate", "src")
    assert found.status == 2
    assert "BUNDLE_NOT_FOUND" in found.err
