-- Statements in every age of the syntax. Above each: what reading it must give.
-- `reads` lists references in order; `~` marks a streaming one; functions and paths by their name.

-- case: kind=STREAMING_TABLE name=clicks_raw flow=APPEND reads=~read_files
CREATE OR REFRESH STREAMING TABLE clicks_raw
COMMENT "Clicks as they landed"
TBLPROPERTIES ("quality" = "bronze", delta.enableChangeDataFeed = true)
AS SELECT *, _metadata.file_path AS source_file, current_timestamp() AS loaded_at
FROM STREAM read_files(
  '/Volumes/main/landing/clicks/',
  format => 'json',
  schemaHints => 'user_id BIGINT, at TIMESTAMP',
  multiLine => true
);

-- case: kind=STREAMING_TABLE name=clicks flow=APPEND reads=~clicks_raw expectations=has_user:drop,sane_time:fail,known_page:warn
CREATE OR REFRESH STREAMING TABLE clicks (
  CONSTRAINT has_user EXPECT (user_id IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT sane_time EXPECT (at > '2020-01-01') ON VIOLATION FAIL UPDATE,
  CONSTRAINT known_page EXPECT (page IN ('home', 'cart', 'it''s; ok'))
)
CLUSTER BY (user_id, at)
AS SELECT user_id::BIGINT, at, lower(page) AS page FROM STREAM(clicks_raw);

-- case: kind=STREAMING_TABLE name=orders_bronze flow=APPEND reads=~cloud_files
CREATE INCREMENTAL LIVE TABLE orders_bronze
COMMENT 'the oldest spelling'
AS SELECT * FROM cloud_files('/mnt/raw/orders', 'csv', map('header', 'true', 'inferSchema', 'true'));

-- case: kind=STREAMING_TABLE name=orders_clean flow=APPEND reads=~LIVE.orders_bronze expectations=valid_total:drop
CREATE STREAMING LIVE TABLE orders_clean (
  CONSTRAINT valid_total EXPECT (total >= 0) ON VIOLATION DROP ROW
) PARTITIONED BY (order_date)
AS SELECT *, to_date(ordered_at) AS order_date FROM STREAM(LIVE.orders_bronze);

-- case: kind=STREAMING_TABLE name=orders_refreshed flow=APPEND reads=~live.orders_bronze
CREATE OR REFRESH STREAMING LIVE TABLE orders_refreshed AS SELECT * FROM stream(live.orders_bronze);

-- case: kind=MATERIALIZED_VIEW name=orders_by_day flow=MATERIALIZED_VIEW reads=LIVE.orders_clean
CREATE LIVE TABLE orders_by_day COMMENT "daily" AS
SELECT order_date, sum(total) AS total FROM LIVE.orders_clean GROUP BY order_date;

-- case: kind=MATERIALIZED_VIEW name=orders_by_week flow=MATERIALIZED_VIEW reads=LIVE.orders_clean
CREATE OR REFRESH LIVE TABLE orders_by_week TBLPROPERTIES ('quality' = 'gold') AS
SELECT date_trunc('week', order_date) AS week, sum(total) AS total FROM LIVE.orders_clean GROUP BY ALL;

-- case: kind=VIEW name=orders_flagged flow=VIEW reads=~LIVE.orders_bronze expectations=r1:warn
CREATE TEMPORARY STREAMING LIVE VIEW orders_flagged (CONSTRAINT r1 EXPECT (NOT is_bad)) AS
SELECT *, NOT (id IS NOT NULL AND total > 0) AS is_bad FROM STREAM(LIVE.orders_bronze);

-- case: kind=VIEW name=recent flow=VIEW reads=orders_clean
CREATE TEMPORARY LIVE VIEW recent AS SELECT * FROM orders_clean WHERE order_date > current_date() - 7;

-- case: kind=VIEW name=recent_too flow=VIEW reads=LIVE.orders_clean
CREATE LIVE VIEW recent_too AS SELECT * FROM LIVE.orders_clean;

-- case: kind=VIEW name=recent_stream flow=VIEW reads=~LIVE.orders_clean
CREATE STREAMING LIVE VIEW recent_stream AS SELECT * FROM STREAM(LIVE.orders_clean);

-- case: kind=VIEW name=by_customer flow=VIEW reads=orders_clean,customers
CREATE TEMPORARY VIEW by_customer (customer_id COMMENT 'who', orders COMMENT 'how many')
COMMENT 'not published'
AS SELECT c.id, count(*) FROM orders_clean o JOIN customers AS c ON o.customer_id = c.id GROUP BY c.id;

-- case: kind=VIEW name=replaced flow=VIEW reads=a
CREATE OR REPLACE TEMP VIEW replaced AS SELECT * FROM a;

-- case: kind=MATERIALIZED_VIEW name=main.gold.revenue flow=MATERIALIZED_VIEW reads=main.silver.orders,main.silver.stores
CREATE OR REPLACE MATERIALIZED VIEW main.gold.revenue
AS SELECT s.country, sum(o.amount) AS revenue
FROM main.silver.orders o LEFT OUTER JOIN main.silver.stores s USING (store_id) GROUP BY s.country;

-- case: kind=MATERIALIZED_VIEW name=gold.typed flow=MATERIALIZED_VIEW reads=silver.orders expectations=pos:warn
CREATE MATERIALIZED VIEW gold.typed (
  country STRING NOT NULL COMMENT 'ISO; two letters',
  revenue DECIMAL(18, 2) COMMENT "in 'euro'",
  tags ARRAY<STRUCT<k: STRING, v: MAP<STRING, ARRAY<INT>>>>,
  CONSTRAINT pos EXPECT (revenue > 0),
  CONSTRAINT pk PRIMARY KEY (country) NOT ENFORCED RELY
)
USING DELTA
CLUSTER BY AUTO
REFRESH POLICY INCREMENTAL
AS SELECT country, sum(amount), collect_list(tag) FROM silver.orders GROUP BY country;

-- case: kind=STREAMING_TABLE name=sensors flow= reads=
CREATE OR REFRESH STREAMING TABLE sensors;

-- case: kind=STREAMING_TABLE name=sensors_typed flow= reads= expectations=warm:drop
CREATE OR REFRESH STREAMING TABLE sensors_typed (
  id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1),
  measured TIMESTAMP NOT NULL,
  day DATE GENERATED ALWAYS AS (CAST(measured AS DATE)),
  celsius DOUBLE DEFAULT 0.0 COMMENT 'degrees',
  CONSTRAINT warm EXPECT (celsius BETWEEN -90 AND 60) ON VIOLATION DROP ROW
)
PARTITIONED BY (day)
LOCATION 's3://bucket/sensors'
COMMENT 'fed by flows';

-- case: kind=FLOW name=north target=sensors flow=APPEND reads=~north_sensors
CREATE FLOW north AS INSERT INTO sensors BY NAME SELECT * FROM STREAM north_sensors;

-- case: kind=FLOW name=backfill target=sensors flow=APPEND once=true reads=read_files
CREATE FLOW backfill COMMENT 'history' AS INSERT INTO ONCE sensors BY NAME
SELECT * FROM read_files('/Volumes/main/landing/history', format => 'parquet');

-- case: kind=FLOW name=backfill2 target=LIVE.sensors flow=APPEND once=true reads=old.sensors
CREATE FLOW backfill2 AS INSERT ONCE INTO LIVE.sensors BY NAME SELECT * FROM old.sensors;

-- case: kind=STREAMING_TABLE name=inline flow=APPEND reads=~src
CREATE OR REFRESH STREAMING TABLE inline (id INT) FLOW INSERT BY NAME SELECT id FROM STREAM src;

-- case: kind=STREAMING_TABLE name=inline_once flow=APPEND once=true reads=src
CREATE STREAMING TABLE inline_once FLOW INSERT ONCE BY NAME SELECT id FROM src;

-- case: kind=STREAMING_TABLE name=hidden private=true flow=APPEND reads=~x
CREATE OR REFRESH PRIVATE STREAMING TABLE hidden AS SELECT * FROM STREAM x;

-- case: kind=STREAMING_TABLE name=hidden_old private=true flow=APPEND reads=~x
CREATE TEMPORARY STREAMING TABLE hidden_old AS SELECT * FROM STREAM(x);

-- case: kind=MATERIALIZED_VIEW name=hidden_view private=true flow=MATERIALIZED_VIEW reads=x
CREATE PRIVATE MATERIALIZED VIEW hidden_view AS SELECT * FROM x;

-- case: kind=MATERIALIZED_VIEW name=hidden_live private=true flow=MATERIALIZED_VIEW reads=x
CREATE TEMPORARY LIVE TABLE hidden_live AS SELECT * FROM x;

-- case: kind=MATERIALIZED_VIEW name=no_as flow=MATERIALIZED_VIEW reads=x
CREATE MATERIALIZED VIEW no_as COMMENT 'AS was forgotten' SELECT * FROM x;

-- case: kind=MATERIALIZED_VIEW name=no_as_with flow=MATERIALIZED_VIEW reads=x
CREATE MATERIALIZED VIEW no_as_with WITH t AS (SELECT * FROM x) SELECT * FROM t;

-- case: kind=MATERIALIZED_VIEW name=scoped flow=MATERIALIZED_VIEW reads=orders,customers,regions
CREATE MATERIALIZED VIEW scoped AS
WITH orders AS (SELECT * FROM orders),          -- the table, not itself
     joined AS (SELECT * FROM orders JOIN customers USING (id)),
     outer_one AS (WITH regions AS (SELECT * FROM regions) SELECT * FROM regions)
SELECT * FROM joined, outer_one WHERE EXISTS (SELECT 1 FROM orders);

-- case: kind=MATERIALIZED_VIEW name=functions flow=MATERIALIZED_VIEW reads=t
CREATE MATERIALIZED VIEW functions AS
SELECT EXTRACT(YEAR FROM ts) AS y, TRIM(BOTH 'x' FROM s) AS s, SUBSTRING(s FROM 2 FOR 3) AS u,
  OVERLAY(s PLACING '_' FROM 6) AS o, a IS DISTINCT FROM b AS d, a IS NOT DISTINCT FROM b AS e
FROM t, LATERAL explode(xs) AS l(x), range(10) r;

-- case: kind=MATERIALIZED_VIEW name=lateral_views flow=MATERIALIZED_VIEW reads=t
CREATE MATERIALIZED VIEW lateral_views AS
SELECT id, k, v, n FROM t LATERAL VIEW explode(m) e AS k, v LATERAL VIEW OUTER posexplode(ns) AS p, n WHERE v > 1;

-- case: kind=MATERIALIZED_VIEW name=unions flow=MATERIALIZED_VIEW reads=a,b,c,d,e
CREATE MATERIALIZED VIEW unions AS
SELECT * FROM a UNION ALL SELECT * FROM b EXCEPT (SELECT * FROM c) INTERSECT TABLE d
UNION ALL BY NAME SELECT * EXCEPT (z) FROM e;

-- case: kind=MATERIALIZED_VIEW name=subqueries flow=MATERIALIZED_VIEW reads=a,b,c,d,e
CREATE MATERIALIZED VIEW subqueries AS
SELECT (SELECT max(x) FROM a) AS m, CASE WHEN id IN (SELECT id FROM b) THEN 1 END AS f
FROM (SELECT * FROM c) AS s JOIN (d CROSS JOIN e) ON s.id = d.id;

-- case: kind=MATERIALIZED_VIEW name=pathy flow=MATERIALIZED_VIEW reads=delta./mnt/gold/x,json.dbfs:/data/y.json
CREATE MATERIALIZED VIEW pathy AS SELECT * FROM delta.`/mnt/gold/x` UNION ALL SELECT * FROM json.`dbfs:/data/y.json`;

-- case: kind=STREAMING_TABLE name=windowed flow=APPEND reads=~clicks
CREATE OR REFRESH STREAMING TABLE windowed AS
SELECT window(at, '5 minutes').start AS since, count(*) AS n
FROM STREAM(clicks) WATERMARK at DELAY OF INTERVAL 10 MINUTES
GROUP BY window(at, '5 minutes');

-- case: kind=STREAMING_TABLE name=kafka_raw flow=APPEND reads=~read_kafka
CREATE OR REFRESH STREAMING TABLE kafka_raw AS
SELECT value::STRING:id::BIGINT AS id, * FROM STREAM read_kafka(
  bootstrapServers => 'broker:9092', subscribe => 'clicks', startingOffsets => 'earliest');

-- case: kind=STREAMING_TABLE name=options flow=APPEND reads=~main.raw.t
CREATE OR REFRESH STREAMING TABLE options AS
SELECT * FROM STREAM main.raw.t WITH (SKIPCHANGECOMMITS = TRUE, STARTINGVERSION = 3);

-- case: kind=MATERIALIZED_VIEW name=piped flow=MATERIALIZED_VIEW reads=t,u
CREATE MATERIALIZED VIEW piped AS FROM t |> WHERE x > 1 |> JOIN u USING (id) |> AGGREGATE count(*) AS n GROUP BY k;

-- case: kind=MATERIALIZED_VIEW name=ranked flow=MATERIALIZED_VIEW reads=t
CREATE MATERIALIZED VIEW ranked AS
SELECT * FROM t QUALIFY row_number() OVER (PARTITION BY id ORDER BY at DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) = 1;

-- case: kind=MATERIALIZED_VIEW name=with`tick flow=MATERIALIZED_VIEW reads=from,two words
CREATE MATERIALIZED VIEW `with``tick` AS SELECT `stream`, "FROM nowhere", 'FROM x' /* FROM y */ FROM `from` -- FROM z
JOIN `two words` ON true;

-- case: kind=MATERIALIZED_VIEW name=inlined flow=MATERIALIZED_VIEW reads=t
CREATE MATERIALIZED VIEW inlined AS SELECT * FROM VALUES (1, 'a'), (2, 'b') AS v(id, s), t;

-- case: kind=MATERIALIZED_VIEW name=travel flow=MATERIALIZED_VIEW reads=t,u
CREATE MATERIALIZED VIEW travel AS SELECT * FROM t VERSION AS OF 3 AS x, u TIMESTAMP AS OF '2024-01-01' TABLESAMPLE (10 PERCENT) y;

-- case: kind=STREAMING_TABLE name=masked flow=APPEND reads=~x
CREATE STREAMING TABLE masked (ssn STRING MASK main.gov.hide USING COLUMNS (region), region STRING)
WITH ROW FILTER main.gov.mine ON (region) AS SELECT * FROM STREAM x;

-- case: kind=STREAMING_TABLE name=scheduled flow=APPEND reads=~x
CREATE OR REFRESH STREAMING TABLE IF NOT EXISTS scheduled SCHEDULE REFRESH EVERY 1 HOUR AS SELECT * FROM STREAM x;

-- case: kind=FLOW name=cdc target=dim flow=CHANGE reads=~feed
CREATE FLOW cdc AS AUTO CDC INTO dim FROM STREAM(feed) KEYS (id) SEQUENCE BY ts STORED AS SCD TYPE 2;

-- case: kind=FLOW name=cdc_history target=main.silver.dim flow=CHANGE once=true reads=old.feed
CREATE FLOW cdc_history COMMENT 'what was there before' AS AUTO CDC ONCE INTO main.silver.dim
FROM old.feed KEYS (region, id) IGNORE NULL UPDATES ON * EXCEPT (note) SEQUENCE BY struct(ts, seq);

-- case: kind=FLOW name=LIVE.dim target=LIVE.dim flow=CHANGE reads=~LIVE.feed
APPLY CHANGES INTO LIVE.dim FROM STREAM(LIVE.feed) KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY ts COLUMNS * EXCEPT (op, ts) STORED AS SCD TYPE 1;

-- case: kind=FLOW name=dim target=dim flow=CHANGE reads=~raw.feed
APPLY CHANGES INTO dim
FROM (SELECT *, upper(op) AS kind FROM STREAM(raw.feed) WHERE id IS NOT NULL)
KEYS (id)
APPLY AS DELETE WHEN kind = 'DELETE'
APPLY AS TRUNCATE WHEN kind = 'TRUNCATE'
SEQUENCE BY ts
COLUMNS (id, name, address);

-- case: kind=STREAMING_TABLE name=dim flow=CHANGE reads=~feed
CREATE STREAMING TABLE dim FLOW AUTO CDC FROM STREAM feed KEYS (id) SEQUENCE BY ts;

-- case: kind=STREAMING_TABLE name=dim_history flow=CHANGE reads=~feed
CREATE OR REFRESH STREAMING TABLE dim_history (id BIGINT, city STRING, __START_AT BIGINT, __END_AT BIGINT)
COMMENT 'one row a change'
FLOW AUTO CDC FROM stream(feed) KEYS (id) IGNORE NULL UPDATES APPLY AS DELETE WHEN operation = 'DELETE'
SEQUENCE BY sequenceNum COLUMNS * EXCEPT (operation, sequenceNum) STORED AS SCD TYPE 2 TRACK HISTORY ON * EXCEPT (city);

-- case: kind=STREAMING_TABLE name=part flow=REPLACE_WHERE reads=x
CREATE STREAMING TABLE part FLOW REPLACE WHERE day = '2024-01-01' BY NAME SELECT * FROM x;

-- case: kind=FLOW name=day target=part flow=REPLACE_WHERE reads=x
CREATE FLOW day AS INSERT INTO part BY NAME REPLACE WHERE day >= date'2024-01-01' SELECT * FROM x;

-- case: kind=STREAMING_TABLE name=newest flow=REPLACE_USING reads=~x
CREATE STREAMING TABLE newest FLOW REPLACE USING (day, id) SEQUENCE BY ts BY NAME SELECT * FROM STREAM x;

-- case: kind=FLOW name=f target=t flow=REPLACE_USING reads=~x
CREATE FLOW f AS INSERT INTO t BY NAME REPLACE USING (day) SEQUENCE BY ts SELECT * FROM STREAM x;

-- case: kind=FLOW name=f target=once flow=APPEND reads=~x
CREATE FLOW f AS INSERT INTO once BY NAME SELECT * FROM STREAM x;

-- case: kind=VIEW name=gold.published flow=VIEW reads=x
CREATE VIEW gold.published (a COMMENT 'first') COMMENT 'for all' TBLPROPERTIES ('owner' = 'me') AS SELECT * FROM x;

-- case: kind=STREAMING_TABLE name=managed flow=APPEND once=true reads= expectations=has_id:warn
CREATE TABLE managed (id INT, CONSTRAINT has_id EXPECT (id IS NOT NULL)) CLUSTER BY (id) FLOW INSERT ONCE BY NAME SELECT 1 AS id;

-- case: kind=STREAMING_TABLE name=managed flow= reads=
CREATE TABLE managed (id INT);

-- case: kind=MATERIALIZED_VIEW name=gold.by name flow=MATERIALIZED_VIEW reads=raw.orders
CREATE OR REFRESH MATERIALIZED VIEW IDENTIFIER('gold' || '.`by name`') AS SELECT * FROM IDENTIFIER(concat('raw', '.orders'));

-- case: error=NOT_SUPPORTED_YET feature=USING ICEBERG
CREATE MATERIALIZED VIEW ice USING ICEBERG AS SELECT 1 AS one;

-- case: error=NOT_SUPPORTED_YET feature=CREATE FUNCTION
CREATE FUNCTION double(x INT) RETURNS INT RETURN x * 2;

