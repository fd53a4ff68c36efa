CREATE TEMPORARY VIEW counted (kind COMMENT 'of event', n, CONSTRAINT some EXPECT (n > 0))
COMMENT 'a view' TBLPROPERTIES ('a' = 'b')
AS SELECT f.kind, count(*) FROM shop.bronze.fed f GROUP BY f.kind;

CREATE OR REPLACE MATERIALIZED VIEW IDENTIFIER('shop.gold.' || :report) AS
SELECT k.label, c.n, c.n::STRING AS text, 'x'?::INT AS nothing
FROM counted c JOIN shop.bronze.kinds k USING (kind);

CREATE VIEW shop.gold.shown (label, n COMMENT 'how many') COMMENT 'for all'
AS SELECT label, n FROM shop.gold.report WHERE n > 1;

CREATE OR REFRESH STREAMING TABLE shop.gold.windowed AS
SELECT window(ts, '1 day').start AS day, count(*) AS n
FROM STREAM(shop.bronze.events) WATERMARK ts DELAY OF INTERVAL 10 MINUTES
GROUP BY window(ts, '1 day');

CREATE MATERIALIZED VIEW shop.gold.`by * name` AS
SELECT * EXCEPT (body, n) FROM shop.bronze.events
|> WHERE id > 1 |> SELECT id, day, kind;
