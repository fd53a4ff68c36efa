CREATE OR REFRESH MATERIALIZED VIEW orders AS
SELECT 1 AS order_id, 12.5 AS amount;

-- Revenue of each order.
CREATE OR REFRESH MATERIALIZED VIEW revenue AS
SELECT
  order_id,
  sum(amuont) AS revenue
FROM orders
GROUP BY order_id;
