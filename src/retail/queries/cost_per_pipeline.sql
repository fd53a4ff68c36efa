-- What each pipeline cost, month by month, at list prices.
WITH named AS (
  SELECT workspace_id, pipeline_id, max_by(name, change_time) AS pipeline
  FROM system.lakeflow.pipelines
  GROUP BY workspace_id, pipeline_id
)
SELECT
  date_trunc('MONTH', usage.usage_date) AS month,
  coalesce(named.pipeline, usage.usage_metadata.dlt_pipeline_id) AS pipeline,
  sum(usage.usage_quantity) AS dbus,
  round(sum(usage.usage_quantity * prices.pricing.effective_list.default), 2) AS cost,
  prices.currency_code
FROM system.billing.usage AS usage
JOIN system.billing.list_prices AS prices
  ON usage.sku_name = prices.sku_name
  AND usage.cloud = prices.cloud
  AND usage.usage_unit = prices.usage_unit
  AND usage.usage_end_time >= prices.price_start_time
  AND (prices.price_end_time IS NULL OR usage.usage_end_time < prices.price_end_time)
LEFT JOIN named
  ON usage.workspace_id = named.workspace_id
  AND usage.usage_metadata.dlt_pipeline_id = named.pipeline_id
WHERE usage.billing_origin_product = 'DLT' AND usage.usage_unit = 'DBU'
GROUP BY ALL
ORDER BY month DESC, cost DESC;
