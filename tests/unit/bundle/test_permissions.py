"""The bundle's permissions and `run_as`, in its resources."""

from collections.abc import Callable
from typing import Any

from millpond.bundle import Bundle

TEXT = """
bundle: {name: b}
variables: {robot: {default: 0000-1111}}
permissions:
  - {level: CAN_VIEW, group_name: analysts}
  - {level: CAN_RUN, group_name: operators}
run_as: {service_principal_name: "${var.robot}"}
resources:
  jobs:
    j: {tasks: [], permissions: [{level: IS_OWNER, group_name: operators}]}
  dashboards: {d: {display_name: x}}
  volumes: {v: {name: n, catalog_name: c, schema_name: s}}
"""


def resources(load: Callable[..., Bundle]) -> Any:
    return load(TEXT).configuration["resources"]


def test_levels_have_the_names_of_the_kind(load: Callable[..., Bundle]) -> None:
    assert resources(load)["dashboards"]["d"]["permissions"] == [
        {"level": "CAN_READ", "group_name": "analysts"},
        {"level": "CAN_RUN", "group_name": "operators"},
    ]


def test_what_a_resource_says_itself_goes_before(load: Callable[..., Bundle]) -> None:
    assert resources(load)["jobs"]["j"]["permissions"] == [
        {"level": "IS_OWNER", "group_name": "operators"},
        {"level": "CAN_VIEW", "group_name": "analysts"},
    ]


def test_what_takes_no_permissions_gets_none(load: Callable[..., Bundle]) -> None:
    assert "permissions" not in resources(load)["volumes"]["v"]


def test_jobs_run_as_the_bundle_says(load: Callable[..., Bundle]) -> None:
    found = resources(load)
    assert found["jobs"]["j"]["run_as"] == {"service_principal_name": "0000-1111"}
    assert "run_as" not in found["dashboards"]["d"]
