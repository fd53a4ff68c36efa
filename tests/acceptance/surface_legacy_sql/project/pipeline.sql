-- Databricks notebook source
-- MAGIC %md
-- MAGIC # Orders, as written in 2021

-- COMMAND ----------

SET my.status = shipped;

-- COMMAND ----------

CREATE INCREMENTAL LIVE TABLE orders_raw
COMMENT "Orders as they landed"
TBLPROPERTIES ("quality" = "bronze", "pipelines.reset.allowed" = "false")
AS SELECT *, _metadata.file_name AS file
FROM cloud_files("${landing}/orders", "json", map("cloudFiles.inferColumnTypes", "true"))

-- COMMAND ----------

CREATE TEMPORARY STREAMING LIVE VIEW orders_flagged (
  CONSTRAINT known_status EXPECT (status IN ('${my.status}', "open"))
) AS SELECT *, NOT (amount > 0 AND customer IS NOT NULL) AS is_quarantined
FROM STREAM(LIVE.orders_raw)

-- COMMAND ----------

CREATE OR REFRESH STREAMING LIVE TABLE orders_clean (
  id BIGINT COMMENT "the key",
  customer STRING,
  amount DOUBLE NOT NULL,
  status STRING,
  CONSTRAINT positive EXPECT (amount > 0) ON VIOLATION DROP ROW,
  CONSTRAINT has_id EXPECT (id IS NOT NULL) ON VIOLATION FAIL UPDATE
)
PARTITIONED BY (status)
AS SELECT id, upper(customer) AS customer, amount, status FROM STREAM(LIVE.orders_flagged)
WHERE NOT is_quarantined;

CREATE OR REFRESH STREAMING LIVE TABLE orders_quarantine AS
SELECT id, customer, amount FROM STREAM(LIVE.orders_flagged) WHERE is_quarantined;

-- COMMAND ----------

-- a cell that only looks
SELECT * FROM LIVE.orders_clean

-- COMMAND ----------

CREATE LIVE VIEW by_customer AS SELECT customer, sum(amount) AS total, count(*) AS n
FROM LIVE.orders_clean GROUP BY customer;

CREATE OR REPLACE LIVE TABLE best_customers
COMMENT 'the best one'
AS SELECT customer, total FROM LIVE.by_customer
QUALIFY row_number() OVER (ORDER BY total DESC) = 1;

CREATE LIVE TABLE wide_awake AS SELECT count(*) AS quarantined, AVG(amount) AS mean, "text" AS label
FROM LIVE.orders_quarantine
