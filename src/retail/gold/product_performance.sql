-- Gold: what each product sells, and its place in its department.
CREATE OR REFRESH MATERIALIZED VIEW ${gold_schema}.gold_product_performance (
  CONSTRAINT units_positive EXPECT (units > 0) ON VIOLATION FAIL UPDATE,
  CONSTRAINT product_known EXPECT (department IS NOT NULL)
)
COMMENT 'Units, revenue and customers of each product, ranked by revenue in its department.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH products AS (
  SELECT
    product_id,
    department,
    product_category,
    brand,
    count(*) AS transactions,
    sum(quantity) AS units,
    sum(total_amount) AS revenue,
    count(DISTINCT customer_id) AS customers
  FROM ${silver_schema}.silver_transactions
  GROUP BY product_id, department, product_category, brand
)
SELECT
  *,
  CAST(revenue / units AS DECIMAL(22, 4)) AS average_price,
  rank() OVER (PARTITION BY department ORDER BY revenue DESC) AS department_rank
FROM products;
