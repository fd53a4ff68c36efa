CREATE OR REFRESH MATERIALIZED VIEW raw_orders AS
SELECT 1 AS order_id, 12.5 AS amount;

CREATE OR REFRESH MATERIALIZED VIEW orders AS
SELECT order_id, amount
FROM raw_oders
WHERE amount > 0;
