"""`millpond deploy-check`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BUNDLE = """\
bundle:
  name: shop
resources:
  jobs:
    nightly:
      name: nightly
      tasks:
        - task_key: update
          pipeline_task:
            pipeline_id: ${resources.pipelines.orders.id}
  pipelines:
    orders:
      name: orders
      catalog: main
      schema: ${resources.schemas.shop.name}
      libraries:
        - file:
            path: orders.sql
  schemas:
    shop:
      catalog_name: main
      name: shop
"""

SERVERLESS_WITH_CLUSTERS = "      serverless: true\n      clusters: [{}]\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "orders.sql").write_text("CREATE MATERIALIZED VIEW a AS SELECT 1\n")
    (tmp_path / "databricks.yml").write_text(BUNDLE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def actions(document: Any) -> dict[str, str]:
    return {each["resource"]: each["action"] for each in document["resources"]}


def test_what_is_referred_to_comes_first(cli: Callable[..., Any], project: Path) -> None:
    document = json.loads(cli("deploy-check", "-o", "json").assert_success().out)
    assert list(actions(document).items()) == [
        ("schemas.shop", "create"),
        ("pipelines.orders", "create"),
        ("jobs.nightly", "create"),
    ]
    assert [each["path"] for each in document["files"]] == [
        "databricks.yml",
        "orders.sql",
    ]


def test_changes_are_told_against_what_was_recorded(cli: Callable[..., Any], project: Path) -> None:
    cli("deploy-check", "--record").assert_success()
    (project / "databricks.yml").write_text(BUNDLE.replace("name: nightly", "name: each_night"))
    (project / "more.sql").write_text("SELECT 1\n")
    document = json.loads(cli("deploy-check", "-o", "json").assert_success().out)
    assert actions(document)["pipelines.orders"] == "keep"
    (changed,) = (each for each in document["resources"] if each["action"] == "change")
    assert changed["changes"] == [{"path": "name", "before": "nightly", "after": "each_night"}]
    files = {each["path"]: each["action"] for each in document["files"]}
    assert (files["more.sql"], files["databricks.yml"]) == ("create", "change")
    text = cli("deploy-check").assert_success().out
    assert '      name: "nightly" -> "each_night"' in text.splitlines()


def test_what_a_workspace_refuses_is_an_error_at_the_resource(
    cli: Callable[..., Any], project: Path
) -> None:
    wrong = BUNDLE.replace(
        "      catalog: main\n", "      serverless: true\n      clusters: [{}]\n"
    )
    (project / "databricks.yml").write_text(wrong)
    found = cli("deploy-check", "-o", "json")
    assert found.status == 2
    (error,) = json.loads(found.out)["errors"]
    assert (error["code"], error["line"], error["column"]) == ("DEPLOY_REFUSED", 12, 5)


def test_kinds_that_are_not_checked_are_said_to_be(cli: Callable[..., Any], project: Path) -> None:
    more = BUNDLE + "  sql_warehouses:\n    w:\n      name: w\n"
    (project / "databricks.yml").write_text(more)
    document = json.loads(cli("deploy-check", "-o", "json").assert_success().out)
    assert [each["code"] for each in document["warnings"]] == ["DEPLOY_NOT_CHECKED"]


def test_a_mistake_in_the_bundle_comes_before_any_request(
    cli: Callable[..., Any], project: Path
) -> None:
    (project / "databricks.yml").write_text(BUNDLE.replace("orders.sql", "order.sql"))
    found = cli("deploy-check")
    assert found.status == 2
    assert "PATH_NOT_FOUND" in found.err
