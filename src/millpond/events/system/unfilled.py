"""System tables that have no rows on a laptop, with the columns that are documented (6.8, 6.9)."""

from __future__ import annotations

UNFILLED = {
    "system.lakeflow.job_run_timeline": """
        account_id STRING, workspace_id STRING, job_id STRING, run_id STRING,
        period_start_time TIMESTAMP, period_end_time TIMESTAMP, trigger_type STRING,
        result_state STRING, run_type STRING, run_name STRING, compute_ids ARRAY<STRING>,
        termination_code STRING, job_parameters MAP<STRING, MAP<STRING, STRING>>,
        source_task_run_id STRING, root_task_run_id STRING,
        compute ARRAY<STRUCT<type: STRING, cluster_id: STRING, warehouse_id: STRING>>,
        termination_type STRING, setup_duration_seconds BIGINT, queue_duration_seconds BIGINT,
        run_duration_seconds BIGINT, cleanup_duration_seconds BIGINT,
        execution_duration_seconds BIGINT
    """,
    "system.lakeflow.job_task_run_timeline": """
        account_id STRING, workspace_id STRING, job_id STRING, run_id STRING, job_run_id STRING,
        parent_run_id STRING, period_start_time TIMESTAMP, period_end_time TIMESTAMP,
        task_key STRING, compute_ids ARRAY<STRING>, result_state STRING, termination_code STRING
    """,
    "system.billing.usage": """
        record_id STRING, account_id STRING, workspace_id STRING, sku_name STRING, cloud STRING,
        usage_start_time TIMESTAMP, usage_end_time TIMESTAMP, usage_date DATE,
        custom_tags MAP<STRING, STRING>, usage_unit STRING, usage_quantity DECIMAL(38, 18),
        usage_metadata STRUCT<dlt_pipeline_id: STRING, dlt_update_id: STRING,
          dlt_maintenance_id: STRING, job_id: STRING, job_run_id: STRING, job_name: STRING,
          run_name: STRING, notebook_id: STRING, notebook_path: STRING, cluster_id: STRING,
          warehouse_id: STRING, node_type: STRING, instance_pool_id: STRING,
          budget_policy_id: STRING>,
        identity_metadata STRUCT<run_as: STRING, created_by: STRING, owned_by: STRING,
          run_by: STRING>,
        record_type STRING, ingestion_date DATE, billing_origin_product STRING,
        product_features STRUCT<jobs_tier: STRING, sql_tier: STRING, dlt_tier: STRING,
          is_serverless: BOOLEAN, is_photon: BOOLEAN, serving_type: STRING,
          networking: STRUCT<connectivity_type: STRING>, performance_target: STRING>,
        usage_type STRING
    """,
    "system.billing.list_prices": """
        account_id STRING, price_start_time TIMESTAMP, price_end_time TIMESTAMP,
        sku_name STRING, cloud STRING, currency_code STRING, usage_unit STRING,
        pricing STRUCT<default: DECIMAL(38, 18),
          promotional: STRUCT<default: DECIMAL(38, 18)>,
          effective_list: STRUCT<default: DECIMAL(38, 18)>>
    """,
}
"""Columns of the tables that have no rows on a laptop, as DDL."""
