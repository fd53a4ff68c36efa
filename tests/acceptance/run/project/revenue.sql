CREATE OR REFRESH MATERIALIZED VIEW revenue AS
SELECT customer, sum(amount) AS revenue
FROM orders
GROUP BY customer;
