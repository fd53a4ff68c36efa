CREATE OR REFRESH STREAMING TABLE changed (CONSTRAINT has_id EXPECT (id IS NOT NULL));
APPLY CHANGES INTO changed FROM STREAM raw.changes KEYS (id) SEQUENCE BY changed_at; -- !! SQ-04

CREATE OR REFRESH STREAMING TABLE files (CONSTRAINT has_id EXPECT (id IS NOT NULL))
AS SELECT * FROM cloud_files('/Volumes/dev/raw/landing/orders', 'json'); -- !! SQ-05 HC-03

CREATE OR REFRESH MATERIALIZED VIEW by_day -- !! SQ-10
PARTITIONED BY (day)
AS SELECT day, count(*) AS n FROM raw.orders GROUP BY day;

CREATE OR REFRESH MATERIALIZED VIEW years AS
SELECT * FROM raw.orders
PIVOT (sum(amount) FOR year IN (2025, 2026)); -- !! SQ-08

CREATE TEMPORARY VIEW unused AS SELECT * FROM raw.orders; -- !! GR-09
