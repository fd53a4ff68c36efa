CREATE OR REFRESH STREAMING TABLE customers;

CREATE FLOW customers_cdc AS AUTO CDC INTO customers
FROM STREAM customer_changes
KEYS (customer_id)
SEQUENCE BY changed_at;
