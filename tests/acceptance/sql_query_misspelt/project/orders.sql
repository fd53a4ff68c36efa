CREATE OR REFRESH MATERIALIZED VIEW orders AS
SELECT 1 AS order_id, 12.5 AS amount;

CREATE OR REFRESH MATERIALIZED VIEW revenue AS
SELECT order_id, sum(amount) AS revenue
FROM orders
GRUOP BY order_id;
