"""The fields of a pipeline and of the bundle around it, with their shapes (reference 7.1, 7.2)."""

from __future__ import annotations

from millpond.bundle.shapes import Boolean, Integer, ListOf, MapOf, Record, Shape, Text

ANYTHING = Shape()
TEXT = Text()
YES_NO = Boolean()
NUMBER = Integer()
TEXTS = ListOf(TEXT)
NAMED_TEXTS = MapOf(TEXT)

_PATH = Record({"path": TEXT}, "a library's file or notebook")

LIBRARY = Record(
    {
        "glob": Record({"include": TEXT}, "a library's glob"),
        "file": _PATH,
        "notebook": _PATH,
        "jar": TEXT,
        "maven": Record(
            {"coordinates": TEXT, "repo": TEXT, "exclusions": TEXTS}, "a Maven library"
        ),
        "whl": TEXT,
    },
    "a library",
)

CLUSTER = Record(
    {
        "label": TEXT,
        "num_workers": NUMBER,
        "autoscale": Record(
            {
                "min_workers": NUMBER,
                "max_workers": NUMBER,
                "mode": Text(("ENHANCED", "LEGACY")),
            },
            "a cluster's autoscale",
        ),
        **dict.fromkeys(
            (
                "node_type_id",
                "driver_node_type_id",
                "instance_pool_id",
                "driver_instance_pool_id",
                "policy_id",
            ),
            TEXT,
        ),
        "apply_policy_default_values": YES_NO,
        "spark_conf": NAMED_TEXTS,
        "spark_env_vars": NAMED_TEXTS,
        "custom_tags": NAMED_TEXTS,
        "init_scripts": ListOf(),
        "cluster_log_conf": MapOf(),
        "ssh_public_keys": TEXTS,
        "enable_local_disk_encryption": YES_NO,
        "aws_attributes": MapOf(),
        "azure_attributes": MapOf(),
        "gcp_attributes": MapOf(),
    },
    "a pipeline's cluster",
)

ALERTS = ("on-update-success", "on-update-failure", "on-update-fatal-failure", "on-flow-failure")

PIPELINE = Record(
    {
        **dict.fromkeys(
            (
                "id",
                "name",
                "catalog",
                "schema",
                "target",
                "storage",
                "root_path",
                "budget_policy_id",
                "usage_policy_id",
                "serverless_compute_id",
                "parent_path",
            ),
            TEXT,
        ),
        **dict.fromkeys(
            (
                "allow_duplicate_names",
                "serverless",
                "photon",
                "continuous",
                "development",
                "dry_run",
                "cascade_on_destroy",
            ),
            YES_NO,
        ),
        "configuration": NAMED_TEXTS,
        "parameters": NAMED_TEXTS,
        "libraries": ListOf(LIBRARY),
        "filters": Record({"include": TEXTS, "exclude": TEXTS}, "a pipeline's filters"),
        "environment": Record(
            {"dependencies": TEXTS, "environment_version": TEXT}, "a pipeline's environment"
        ),
        "clusters": ListOf(CLUSTER),
        "channel": Text(("CURRENT", "PREVIEW", "PREVIOUS")),
        "edition": Text(("CORE", "PRO", "ADVANCED")),
        "event_log": Record(
            {"catalog": TEXT, "schema": TEXT, "name": TEXT}, "a pipeline's event_log"
        ),
        "notifications": ListOf(
            Record({"alerts": ListOf(Text(ALERTS)), "email_recipients": TEXTS}, "a notification")
        ),
        "tags": NAMED_TEXTS,
        "run_as": Record(
            dict.fromkeys(("user_name", "service_principal_name", "group_name"), TEXT), "run_as"
        ),
        "trigger": Record(
            {
                "cron": Record(
                    {"quartz_cron_schedule": TEXT, "quartz_cron_expression": TEXT}
                    | {"timezone_id": TEXT},
                    "a cron trigger",
                ),
                "manual": ANYTHING,
            },
            "a pipeline's trigger",
        ),
        "restart_window": Record(
            {"start_hour": NUMBER, "days_of_week": TEXTS, "time_zone_id": TEXT},
            "a pipeline's restart_window",
        ),
        "deployment": MapOf(),
        "gateway_definition": MapOf(),
        "ingestion_definition": MapOf(),
        "permissions": ListOf(MapOf()),
        "lifecycle": MapOf(),
    },
    "a pipeline",
)

RESOURCES = MapOf(MapOf(MapOf()))

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

VARIABLE = Record(
    {
        "default": ANYTHING,
        "description": TEXT,
        "lookup": MapOf(TEXT),
        "type": TEXT,
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

_SHARED = {
    "artifacts": MapOf(),
    "bundle": BUNDLE,
    "permissions": ListOf(MapOf()),
    "presets": PRESETS,
    "resources": RESOURCES,
    "run_as": MapOf(),
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
        "experimental": MapOf(),
        "include": TEXTS,
        "python": MapOf(),
        "scripts": MapOf(),
        "targets": MapOf(TARGET),
        "variables": MapOf(VARIABLE),
    },
    "a bundle",
)
