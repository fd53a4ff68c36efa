"""`system.access.table_lineage`: what each update's flows read and wrote (reference 6.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond.events.system.pipelines import created

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame


_PIPELINE = (
    "named_struct('dlt_pipeline_info', named_struct('dlt_pipeline_id', pipeline_id,"
    " 'dlt_update_id', update_id)) AS entity_metadata"
)


def table_lineage(events: DataFrame) -> DataFrame:
    """`system.access.table_lineage`: what each update's flows read and wrote."""
    from pyspark.sql import functions as F

    flow = "STRUCT<flow_definition: STRUCT<output_dataset: STRING, input_datasets: ARRAY<STRING>>>"
    made = (
        "STRUCT<dataset_definition: STRUCT<dataset_type: STRING>>",
        "details.dataset_definition.dataset_type",
    )
    kinds = (
        events.where("event_type = 'dataset_definition'")
        .withColumn("details", F.from_json("details", made[0]))
        .selectExpr("origin.update_id", "origin.dataset_name AS dataset", f"{made[1]} AS kind")
    )
    ran = created(events).where("NOT validate_only").selectExpr("update_id", "run_as")
    edges = (
        events.where("event_type = 'flow_definition'")
        .withColumn("details", F.from_json("details", flow))
        .selectExpr(
            "id AS event_id",
            "timestamp AS event_time",
            "origin.pipeline_id",
            "origin.update_id",
            "details.flow_definition.output_dataset AS target",
            "explode_outer(details.flow_definition.input_datasets) AS source",
        )
        .join(ran, "update_id")
    )
    for side in ("source", "target"):
        known = kinds.selectExpr("update_id", f"dataset AS {side}", f"kind AS {side}_kind")
        edges = edges.join(known, ["update_id", side], "left")
    return edges.select(*_lineage_columns())


def _lineage_columns() -> list[Column]:
    from pyspark.sql import functions as F

    return [
        F.expr(column)
        for column in (
            "'local' AS account_id",
            "'local' AS metastore_id",
            "'local' AS workspace_id",
            "'PIPELINE' AS entity_type",
            "pipeline_id AS entity_id",
            "update_id AS entity_run_id",
            *_lineage_side("source"),
            *_lineage_side("target"),
            "run_as AS created_by",
            "event_time",
            "CAST(event_time AS DATE) AS event_date",
            "concat_ws(':', event_id, source) AS record_id",
            "event_id",
            "true AS direct_access",
            _PIPELINE,
        )
    ]


def _lineage_side(side: str) -> tuple[str, ...]:
    """Columns of a full name; its parts are told apart at the dots, from the right."""
    return (
        f"{side} AS {side}_table_full_name",
        f"regexp_extract({side}, '^(.*)[.][^.]*[.][^.]*$', 1) AS {side}_table_catalog",
        f"regexp_extract({side}, '([^.]*)[.][^.]*$', 1) AS {side}_table_schema",
        f"regexp_extract({side}, '([^.]*)$', 1) AS {side}_table_name",
        f"CAST(NULL AS STRING) AS {side}_path",
        f"CASE WHEN {side} IS NOT NULL THEN coalesce({side}_kind, 'TABLE') END AS {side}_type",
    )
