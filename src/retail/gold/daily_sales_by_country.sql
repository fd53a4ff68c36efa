-- Gold: sales of each day and country.
CREATE OR REFRESH MATERIALIZED VIEW ${gold_schema}.gold_daily_sales_by_country (
  CONSTRAINT country_known EXPECT (country_name IS NOT NULL),
  CONSTRAINT revenue_positive EXPECT (revenue > 0)
)
COMMENT 'Transactions, revenue and customers of each day and country.'
TBLPROPERTIES ('quality' = 'gold')
AS SELECT
  transaction_date,
  country,
  country_name,
  region,
  count(*) AS transactions,
  sum(total_amount) AS revenue,
  count(DISTINCT customer_id) AS unique_customers
FROM ${silver_schema}.silver_transactions
GROUP BY transaction_date, country, country_name, region;
