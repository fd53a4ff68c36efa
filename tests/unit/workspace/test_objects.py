"""Schemas, volumes, grants, dashboards, alerts, permissions and lookups, through the SDK."""

from __future__ import annotations

import json
from typing import Any

import pytest
from databricks.sdk.errors import BadRequest, NotFound
from databricks.sdk.service.catalog import PermissionsChange, Privilege, VolumeType
from databricks.sdk.service.dashboards import Dashboard
from databricks.sdk.service.iam import AccessControlRequest, PermissionLevel
from databricks.sdk.service.sql import (
    AlertV2,
    AlertV2Evaluation,
    AlertV2OperandColumn,
    ComparisonOperator,
    CronSchedule,
)

from millpond.workspace import FakeWorkspace


def test_a_volume_needs_its_schema(client: Any) -> None:
    volume = ("main", "raw", "landing", VolumeType.MANAGED)
    with pytest.raises(NotFound):
        client.volumes.create(*volume)
    client.schemas.create("raw", "main", comment="as it came")
    client.volumes.create(*volume)
    assert client.schemas.get("main.raw").comment == "as it came"
    assert [each.full_name for each in client.volumes.list("main", "raw")] == ["main.raw.landing"]
    client.volumes.delete("main.raw.landing")
    with pytest.raises(NotFound):
        client.volumes.read("main.raw.landing")


def test_grants_add_up(client: Any) -> None:
    client.schemas.create("raw", "main")
    both = [Privilege.SELECT, Privilege.USE_SCHEMA]
    client.grants.update(
        "schema", "main.raw", changes=[PermissionsChange(add=both, principal="analysts")]
    )
    change = PermissionsChange(remove=[Privilege.SELECT], principal="analysts")
    client.grants.update("schema", "main.raw", changes=[change])
    (found,) = client.grants.get("schema", "main.raw").privilege_assignments
    assert (found.principal, found.privileges) == ("analysts", [Privilege.USE_SCHEMA])


def test_a_dashboard_is_drafted_and_published(client: Any) -> None:
    page = {"layout": [{"widget": {"queries": [{"query": {"datasetName": "d"}}]}}]}
    text = json.dumps({"datasets": [{"name": "d"}], "pages": [page]})
    made = client.lakeview.create(Dashboard(display_name="Sales", serialized_dashboard=text))
    client.lakeview.publish(made.dashboard_id)
    assert client.lakeview.get(made.dashboard_id).serialized_dashboard == text
    assert client.lakeview.get_published(made.dashboard_id).display_name == "Sales"
    broken = json.dumps({"datasets": [], "pages": [page]})
    with pytest.raises(BadRequest):
        client.lakeview.create(Dashboard(display_name="Sales", serialized_dashboard=broken))


def test_an_alert_needs_what_it_evaluates(client: Any) -> None:
    evaluation = AlertV2Evaluation(
        source=AlertV2OperandColumn(name="n"),
        comparison_operator=ComparisonOperator.GREATER_THAN,
    )
    alert = AlertV2(
        display_name="a",
        query_text="SELECT 1 AS n",
        warehouse_id="w",
        schedule=CronSchedule("0 0 * * * ?", "UTC"),
        evaluation=evaluation,
    )
    made = client.alerts_v2.create_alert(alert)
    assert client.alerts_v2.get_alert(made.id).query_text == "SELECT 1 AS n"
    with pytest.raises(BadRequest):
        client.alerts_v2.create_alert(
            AlertV2("b", "SELECT 1", "", CronSchedule("x", "UTC"), evaluation)
        )


def test_a_pipeline_has_one_owner(client: Any) -> None:
    pipeline = client.pipelines.create(name="p", catalog="c").pipeline_id
    reader = AccessControlRequest(group_name="readers", permission_level=PermissionLevel.CAN_VIEW)
    with pytest.raises(BadRequest):
        client.permissions.set("pipelines", pipeline, access_control_list=[reader])
    client.permissions.update("pipelines", pipeline, access_control_list=[reader])
    found = client.permissions.get("pipelines", pipeline).access_control_list
    assert [each.group_name or each.user_name for each in found] == ["user@example.com", "readers"]


def test_what_variables_look_up(client: Any, workspace: FakeWorkspace) -> None:
    identity = workspace.named.add("warehouse", "Shared Warehouse")
    assert [each.id for each in client.warehouses.list()] == [identity]
    application = workspace.named.add("service_principal", "robot")
    assert [e.application_id for e in client.service_principals.list()][:1] == [application]
