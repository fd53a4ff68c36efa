CREATE OR REFRESH MATERIALIZED VIEW gold_sales_by_country
COMMENT 'Orders and revenue by country'
AS SELECT country, count(*) AS orders, sum(amount) AS revenue
FROM silver_orders
GROUP BY country;
