-- Gold: sales of each hour.
CREATE OR REFRESH MATERIALIZED VIEW ${gold_schema}.gold_hourly_sales (
  CONSTRAINT revenue_positive EXPECT (revenue > 0)
)
COMMENT 'Transactions, units, revenue and customers of each hour.'
TBLPROPERTIES ('quality' = 'gold')
AS SELECT
  date_trunc('HOUR', transaction_timestamp) AS hour,
  count(*) AS transactions,
  sum(quantity) AS units,
  sum(total_amount) AS revenue,
  CAST(sum(total_amount) / count(*) AS DECIMAL(22, 2)) AS average_order_value,
  count(DISTINCT customer_id) AS unique_customers
FROM ${silver_schema}.silver_transactions
GROUP BY date_trunc('HOUR', transaction_timestamp);
