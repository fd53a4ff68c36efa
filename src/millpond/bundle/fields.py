"""The fields of a bundle around its resources, with their shapes.

Those of resources are in `resource_fields`: no package describes the rest.
"""

from __future__ import annotations

from millpond.bundle.resource_fields import Resources
from millpond.bundle.shapes import Boolean, Integer, ListOf, MapOf, Record, Shape, Text

ANYTHING = Shape()
TEXT = Text()
YES_NO = Boolean()
NUMBER = Integer()
TEXTS = ListOf(TEXT)
NAMED_TEXTS = MapOf(TEXT)

PRESETS = Record(
    {
        "name_prefix": TEXT,
        "tags": NAMED_TEXTS,
        "jobs_max_concurrent_runs": NUMBER,
        "trigger_pause_status": Text(("PAUSED", "UNPAUSED")),
        "pipelines_development": YES_NO,
        "source_linked_deployment": YES_NO,
        "artifacts_dynamic_version": YES_NO,
    },
    "presets",
)

WORKSPACE_TEXTS = (
    *("host", "profile", "auth_type", "client_id", "google_service_account", "account_id"),
    *("azure_client_id", "azure_environment", "azure_login_app_id", "azure_tenant_id"),
    *("azure_workspace_resource_id", "workspace_id"),
    *("root_path", "file_path", "artifact_path", "resource_path", "state_path"),
)

WORKSPACE = Record(
    {**dict.fromkeys(WORKSPACE_TEXTS, TEXT), "azure_use_msi": YES_NO, "current_user": MapOf()},
    "workspace",
)

LOOKUP = Record(
    dict.fromkeys(
        (
            *("alert", "cluster", "cluster_policy", "dashboard", "instance_pool", "job"),
            *("metastore", "notification_destination", "pipeline", "query"),
            *("service_principal", "warehouse"),
        ),
        TEXT,
    ),
    "a variable's lookup",
)

VARIABLE = Record(
    {
        "default": ANYTHING,
        "description": TEXT,
        "lookup": LOOKUP,
        "type": Text(("complex",)),
        "tags": ANYTHING,
    },
    "a variable",
)

BUNDLE = Record(
    {
        **dict.fromkeys(
            ("name", "cluster_id", "compute_id", "databricks_cli_version", "uuid", "engine"), TEXT
        ),
        "deployment": MapOf(),
        "git": Record({"branch": TEXT, "origin_url": TEXT}, "bundle.git"),
    },
    "bundle",
)

SYNC = Record({"include": TEXTS, "exclude": TEXTS, "paths": TEXTS}, "sync")

PRINCIPAL = dict.fromkeys(("user_name", "group_name", "service_principal_name"), TEXT)

PERMISSION = Record(
    {"level": Text(("CAN_MANAGE", "CAN_VIEW", "CAN_RUN")), **PRINCIPAL}, "a bundle's permission"
)

ARTIFACT = Record(
    {
        **dict.fromkeys(("build", "executable", "path"), TEXT),
        "type": Text(("whl", "jar")),
        "dynamic_version": YES_NO,
        "files": ListOf(Record({"source": TEXT, "dynamic_version": YES_NO}, "an artifact's file")),
    },
    "an artifact",
)

PYTHON = Record({"venv_path": TEXT, "resources": TEXTS, "mutators": TEXTS}, "python")

EXPERIMENTAL = Record(
    {
        **dict.fromkeys(
            (
                *("python_wheel_wrapper", "skip_artifact_cleanup"),
                *("skip_name_prefix_for_schema", "use_legacy_run_as"),
            ),
            YES_NO,
        ),
        **dict.fromkeys(("pydabs", "python"), PYTHON),
        "scripts": NAMED_TEXTS,
    },
    "experimental",
)

RESOURCES = Resources()

_SHARED = {
    "artifacts": MapOf(ARTIFACT),
    "bundle": BUNDLE,
    "permissions": ListOf(PERMISSION),
    "presets": PRESETS,
    "resources": RESOURCES,
    "run_as": Record(PRINCIPAL, "run_as"),
    "sync": SYNC,
    "workspace": WORKSPACE,
}

TARGET = Record(
    {
        **_SHARED,
        "cluster_id": TEXT,
        "compute_id": TEXT,
        "default": YES_NO,
        "git": MapOf(),
        "mode": Text(("development", "production")),
        "variables": MapOf(),
    },
    "a target",
)

ROOT = Record(
    {
        **_SHARED,
        "environments": MapOf(TARGET),
        "experimental": EXPERIMENTAL,
        "include": TEXTS,
        "python": PYTHON,
        "scripts": MapOf(Record({"content": TEXT}, "a script")),
        "targets": MapOf(TARGET),
        "variables": MapOf(VARIABLE),
    },
    "a bundle",
)
