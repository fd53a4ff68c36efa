CREATE OR REFRESH MATERIALIZED VIEW orders (
  id INT,
  card STRING MASK gov.hide_card,
  mail STRING MASK gov.hide_mail
)
CLUSTER BY AUTO
WITH ROW FILTER gov.own_region ON (id)
AS SELECT 1 AS id, '4111' AS card, 'a@example.com' AS mail;

CREATE OR REFRESH MATERIALIZED VIEW totals
CLUSTER BY AUTO
AS SELECT count(*) AS orders FROM orders;
