CREATE OR REFRESH STREAMING TABLE bare -- !! ST-02
AS SELECT * FROM STREAM raw.bare;

CREATE OR REFRESH LIVE TABLE legacy -- !! SQ-02
AS SELECT * FROM LIVE.bare JOIN raw.shops USING (shop); -- !! SQ-01

CREATE OR REPLACE MATERIALIZED VIEW replaced -- !! SQ-03
AS SELECT shop, count(*) FROM raw.orders GROUP BY shop; -- !! SQ-09

CREATE OR REFRESH STREAMING TABLE batch (CONSTRAINT has_id EXPECT (id IS NOT NULL))
AS SELECT * FROM raw.orders; -- !! GR-03

CREATE OR REFRESH MATERIALIZED VIEW streamed
AS SELECT * FROM STREAM raw.orders; -- !! GR-05

CREATE OR REFRESH STREAMING TABLE grouped (CONSTRAINT has_n EXPECT (n > 0))
AS SELECT shop, count(*) AS n FROM STREAM raw.orders
GROUP BY shop; -- !! SS-02

CREATE OR REFRESH STREAMING TABLE unioned (CONSTRAINT has_id EXPECT (id IS NOT NULL))
AS SELECT DISTINCT id FROM STREAM raw.orders; -- !! SS-06

CREATE OR REFRESH STREAMING TABLE joined (CONSTRAINT has_id EXPECT (id IS NOT NULL))
AS SELECT o.id FROM STREAM raw.orders AS o
JOIN STREAM raw.payments AS p ON o.id = p.order_id; -- !! SS-09

CREATE OR REFRESH MATERIALIZED VIEW ordered
AS SELECT * FROM raw.orders
WHERE id NOT IN (SELECT id FROM raw.returned) -- !! SQ-12
  AND shop != NULL -- !! EX-08
ORDER BY at; -- !! SQ-06

CREATE OR REFRESH MATERIALIZED VIEW scheduled
SCHEDULE EVERY 1 HOUR -- !! SQ-07
AS SELECT *, current_date() AS day FROM raw.orders; -- !! SQ-13

CREATE OR REFRESH MATERIALIZED VIEW parts -- !! SQ-11
PARTITIONED BY (customer_id)
AS SELECT * FROM raw.orders;

CREATE OR REFRESH STREAMING TABLE kept (
  CONSTRAINT has_id EXPECT (id IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT positive EXPECT (amount > 0) ON VIOLATION DROP ROW
) AS SELECT * FROM STREAM raw.kept;

CREATE OR REFRESH STREAMING TABLE quarantine_kept
AS SELECT * FROM STREAM raw.kept
WHERE NOT (id IS NOT NULL AND amount > 0); -- !! EX-10

CREATE OR REFRESH STREAMING TABLE topic -- !! SR-12
(CONSTRAINT has_value EXPECT (value IS NOT NULL))
AS SELECT value FROM STREAM read_kafka(
  bootstrapServers => 'kafka:9092', subscribe => 'orders',
  failOnDataLoss => false, -- !! SR-01
  startingOffsets => 'latest'); -- !! SR-02

CREATE OR REFRESH STREAMING TABLE empty (CONSTRAINT has_id EXPECT (id IS NOT NULL)); -- !! GR-11

CREATE OR REFRESH STREAMING TABLE history (CONSTRAINT has_id EXPECT (id IS NOT NULL));
CREATE FLOW history_changes AS AUTO CDC INTO history
FROM raw.changes KEYS (id) -- !! CD-11
APPLY AS DELETE WHEN operation = 'DELETE' -- !! CD-08
SEQUENCE BY current_timestamp() -- !! CD-03
STORED AS SCD TYPE 2;
