CREATE MATERIALIZED VIEW shop.silver.orders AS
SELECT * FROM VALUES (1, 'DE', 10.0), (2, 'DE', 5.5), (3, 'FR', 1.0) AS orders (id, country, amount);
