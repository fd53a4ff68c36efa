"""Functions that Databricks has and open-source Spark does not, and what to do without them."""

from __future__ import annotations

from millpond.codes import DATABRICKS_ONLY_FUNCTION, FUNCTION_OF_CATALOG
from millpond.errors import MillpondError
from millpond.location import Span

_REGISTER = (
    "Register a function of that name in a Python file of the pipeline for local runs:"
    " spark.udf.register('{name}', ...)."
)
_REGISTER_TABLE = (
    "Register a table function of that name in a Python file of the pipeline for local runs:"
    " spark.udtf.register('{name}', ...)."
)
_GEOMETRIES = ("it computes with geometries", _REGISTER)
_ZSTD = ("it compresses with Zstandard", _REGISTER)
_PREFIXES = {
    "ai_": ("it calls a model that Databricks serves", _REGISTER),
    "h3_": ("it computes with H3 cells", _REGISTER),
    "st_": _GEOMETRIES,
}
_NAMES = {
    "ai_forecast": ("it calls a model that Databricks serves", _REGISTER_TABLE),
    "to_geography": _GEOMETRIES,
    "to_geojson": _GEOMETRIES,
    "to_geometry": _GEOMETRIES,
    "try_to_geography": _GEOMETRIES,
    "try_to_geometry": _GEOMETRIES,
    "zstd_compress": _ZSTD,
    "zstd_decompress": _ZSTD,
    "try_zstd_decompress": _ZSTD,
    "current_oauth_custom_identity_claim": ("it asks who runs the query", _REGISTER),
    "getargument": (
        "it reads a widget of a notebook",
        "Write ${{key}} in its place, and add the key to the pipeline's `configuration`.",
    ),
    "is_member": ("it asks the workspace for a user's groups", _REGISTER),
    "is_account_group_member": ("it asks the account for a user's groups", _REGISTER),
    "secret": (
        "it reads the workspace's secrets",
        "Read it in Python with dbutils.secrets.get; millpond.yml gives its values (`secrets`).",
    ),
    "try_secret": ("it reads the workspace's secrets", _REGISTER),
    "list_secrets": ("it lists the workspace's secrets", _REGISTER),
    "current_metastore": ("it asks Unity Catalog", _REGISTER),
    "current_recipient": ("it asks Delta Sharing", _REGISTER),
    "current_version": ("it asks the Databricks runtime", _REGISTER),
    "http_request": ("it calls through a connection of Unity Catalog", _REGISTER),
    "schema_of_json_agg": (
        "it infers a schema from all rows",
        "Give the schema, or use schema_of_json on one constant document.",
    ),
    "cloud_files_state": ("it reads Auto Loader's state", "Leave the query out of local runs."),
    "read_kinesis": (
        "it streams from Amazon Kinesis",
        "Map a table of sample rows in millpond.yml and read that instead.",
    ),
    "read_pubsub": (
        "it streams from Google Pub/Sub",
        "Map a table of sample rows in millpond.yml and read that instead.",
    ),
    "read_pulsar": (
        "it streams from Apache Pulsar",
        "Map a table of sample rows in millpond.yml and read that instead.",
    ),
    "read_statestore": (
        "it reads a stream's state",
        "Read the checkpoint with spark.read.format('statestore').",
    ),
    "remote_query": (
        "it runs a query on another database",
        "Map a table with its rows in millpond.yml and read that instead.",
    ),
    "vector_search": ("it asks a vector index", "Leave the query out of local runs."),
}


def databricks_only(name: str, at: Span) -> MillpondError | None:
    """The error for a function that Spark does not know, or None if Databricks has none either."""
    name = name.replace("`", "")
    if "." in name:
        return MillpondError(FUNCTION_OF_CATALOG, at=at, function=name)
    name = name.casefold()
    entry = _NAMES.get(name)
    if entry is None:
        entry = next((v for prefix, v in _PREFIXES.items() if name.startswith(prefix)), None)
    if entry is None:
        return None
    what, instead = entry
    return MillpondError(
        DATABRICKS_ONLY_FUNCTION,
        at=at,
        function=f"{name}()",
        what=what,
        instead=instead.format(name=name),
    )
