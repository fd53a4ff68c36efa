CREATE OR REFRESH MATERIALIZED VIEW revenue AS
SELECT * FROM VALUES ('ann', 12.5), ('bob', 3.0), (NULL, -4.0) AS t(customer, revenue);
