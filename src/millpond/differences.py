"""Features that a local run treats otherwise than Databricks: the source of docs/differences.md.

A feature that is refused is an error, and so in `millpond.codes`; those here are accepted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feature:
    """Something of Databricks' that a local run accepts and treats otherwise.

    Attributes:
        name: the words the user wrote, such as `photon` or `WITH ROW FILTER`; unique.
        area: the heading it stands under: `SQL`, `Python`, `Notebooks`, `Settings`, `Sources`,
            `Updates`.
        databricks: what Databricks does, in one clause.
        here: what happens locally, in one clause.
    """

    name: str
    area: str
    databricks: str
    here: str = "no effect"


def all_features() -> tuple[Feature, ...]:
    """All features, by area and name."""
    found = (value for value in globals().values() if isinstance(value, Feature))
    return tuple(sorted(found, key=lambda feature: (feature.area, feature.name.casefold())))


# --- SQL clauses -----------------------------------------------------------------------------

EVENT_LOG_ID = Feature(
    "event_log('id')",
    "SQL",
    "reads the log of the pipeline with that id in the workspace",
    "reads the log of the local pipeline",
)
CLUSTER_BY_AUTO = Feature(
    "CLUSTER BY AUTO", "SQL", "chooses and changes the clustering columns by itself"
)
LOCATION = Feature(
    "LOCATION",
    "SQL",
    "stores the table at that path (Hive metastore), or refuses it (Unity Catalog)",
    "the table lives in the state folder",
)
ROW_FILTER = Feature(
    "WITH ROW FILTER", "SQL", "hides rows from users the function refuses", "every row is visible"
)
MASK = Feature("MASK", "SQL", "masks the column for users", "the column is readable as it is")
REFRESH_POLICY = Feature(
    "REFRESH POLICY",
    "SQL",
    "refreshes incrementally where it can, or fails where it must and cannot",
    "a changed materialized view is recomputed whole",
)
DEFAULT_COLLATION = Feature(
    "DEFAULT COLLATION", "SQL", "compares strings of the table by that collation"
)
SCHEDULE = Feature("SCHEDULE", "SQL", "refreshes the dataset on its own by that schedule")
TRIGGER = Feature("TRIGGER ON UPDATE", "SQL", "refreshes the dataset when its inputs change")
MANAGED_TABLE = Feature(
    "CREATE TABLE ... FLOW",
    "SQL",
    "makes a managed table, which other writers may change too",
    "it is stored as a streaming table is",
)
QUERY_OUTSIDE_CREATE = Feature(
    "a query outside CREATE", "SQL", "shows its result in the notebook", "it is not run"
)


# --- settings of the pipeline ----------------------------------------------------------------

PHOTON = Feature("photon", "Settings", "runs queries on the Photon engine", "Spark runs them")
SERVERLESS = Feature(
    "serverless",
    "Settings",
    "runs on serverless compute: no RDDs, no Spark settings but a few, no JVM access",
    "a classic Spark session on this machine",
)
CLUSTERS = Feature(
    "clusters",
    "Settings",
    "starts machines of that number, size, policy and tags",
    "this machine's cores; `spark_conf` of the clusters is not applied",
)
CHANNEL_PREVIEW = Feature(
    "channel: PREVIEW", "Settings", "runs the next runtime version", "there is one version"
)
EDITION = Feature(
    "edition", "Settings", "refuses CDC in CORE and expectations below ADVANCED", "all are allowed"
)
NOTIFICATIONS = Feature(
    "notifications", "Settings", "sends mail when the update or a flow fails", "nothing is sent"
)
RUN_AS = Feature(
    "run_as", "Settings", "runs with that identity's permissions", "you may read everything"
)
PERMISSIONS = Feature(
    "permissions", "Settings", "lets others view, run or manage the pipeline", "no effect"
)
PIPELINE_TRIGGER = Feature(
    "trigger", "Settings", "starts updates on a schedule", "`millpond run` starts them"
)
RESTART_WINDOW = Feature(
    "restart_window", "Settings", "restarts a continuous pipeline in that window"
)
ENVIRONMENT = Feature(
    "environment.dependencies",
    "Settings",
    "installs these packages for the pipeline",
    "what is installed beside Millpond is used",
)
LIBRARY_PACKAGES = Feature(
    "libraries: jar, maven, whl",
    "Settings",
    "installs these libraries on the compute",
    "what is installed beside Millpond is used",
)
STORAGE = Feature(
    "storage",
    "Settings",
    "keeps tables and checkpoints at that path",
    "the state folder keeps them",
)

# --- arguments of the Python API -------------------------------------------------------------

ROW_FILTER_ARGUMENT = Feature("row_filter", "Python", ROW_FILTER.databricks, ROW_FILTER.here)
PATH_ARGUMENT = Feature("path", "Python", LOCATION.databricks, LOCATION.here)
CLUSTER_BY_AUTO_ARGUMENT = Feature("cluster_by_auto", "Python", CLUSTER_BY_AUTO.databricks)
REFRESH_POLICY_ARGUMENT = Feature(
    "refresh_policy", "Python", REFRESH_POLICY.databricks, REFRESH_POLICY.here
)
FORMAT_ARGUMENT = Feature("format", "Python", "stores the table as that format", "it is Delta")
CLUSTER_SETTING = Feature(
    "a cluster's setting in spark_conf", "Python", "takes it from the cluster, not from a query"
)

CATALOG_COMMANDS = Feature(
    "CREATE SCHEMA, GRANT, COMMENT ON and their like in spark.sql",
    "Python",
    "changes the catalog, or who may use it",
    "no effect: a name needs nothing to be there before it",
)

# --- notebooks -------------------------------------------------------------------------------

_IGNORES = "ignores magics other than %pip in a pipeline, with a warning"
_NOT_RUN = "it is not run"

DISPLAY = Feature("display", "Notebooks", "shows nothing in a pipeline either", _NOT_RUN)
MOUNT = Feature(
    "dbutils.fs.mount", "Notebooks", "mounts cloud storage", "paths are those of millpond.yml"
)
RUN_MAGIC = Feature("%run", "Notebooks", _IGNORES, "the notebook is run in the same namespace")
SQL_CELL = Feature("%sql", "Notebooks", _IGNORES, "the cell's datasets are part of the pipeline")
PYTHON_CELL = Feature("%python", "Notebooks", _IGNORES, "the cell is run")
SHELL_CELL = Feature("%sh", "Notebooks", _IGNORES, _NOT_RUN)
FILES_CELL = Feature("%fs", "Notebooks", _IGNORES, _NOT_RUN)
SCALA_CELL = Feature("%scala", "Notebooks", _IGNORES, _NOT_RUN)
R_CELL = Feature("%r", "Notebooks", _IGNORES, _NOT_RUN)
OTHER_MAGIC = Feature("another magic or !command", "Notebooks", _IGNORES, _NOT_RUN)

CELLS = {
    "sql": SQL_CELL,
    "python": PYTHON_CELL,
    "sh": SHELL_CELL,
    "bash": SHELL_CELL,
    "fs": FILES_CELL,
    "scala": SCALA_CELL,
    "r": R_CELL,
}
"""What is told of a cell in another language than its notebook's, by its magic."""

# --- sources: Kafka and Auto Loader -----------------------------------------------------------

KAFKA_SECURITY = Feature(
    "kafka.security, kafka.sasl and kafka.ssl options",
    "Sources",
    "authenticates with the Kafka servers",
    "left out where millpond.yml maps the servers to local ones",
)
FILE_NOTIFICATIONS = Feature(
    "cloudFiles notification, queue and cloud access options",
    "Sources",
    "finds new files by events and queues of the cloud, with the credentials given",
    "folders are listed",
)
CLEAN_SOURCE = Feature(
    "cleanSource, cloudFiles.cleanSource",
    "Sources",
    "deletes or moves files once they have been processed",
    "local files are never touched",
)
BACKFILL = Feature(
    "cloudFiles.backfillInterval",
    "Sources",
    "lists the folder again at that interval for files it missed",
    "every update lists the folder, so none is missed",
)
SCHEMA_LOCATION = Feature(
    "cloudFiles.schemaLocation",
    "Sources",
    "keeps the inferred schema at that path",
    "the state folder keeps it; a full refresh infers it anew",
)
BAD_RECORDS = Feature(
    "badRecordsPath",
    "Sources",
    "leaves out records that cannot be parsed, and writes them to files at that path",
    "they are left out, and not written anywhere",
)
ALLOW_OVERWRITES = Feature(
    "cloudFiles.allowOverwrites",
    "Sources",
    "reads a file again after it was overwritten",
    "a file is read once, as it was then",
)
