-- Gold: how recently, how often and for how much each customer bought, scored from 1 to 5.
-- A purchase is all that a customer bought at one time; "now" is the last day in the data.
CREATE OR REFRESH MATERIALIZED VIEW ${gold_schema}.gold_customer_rfm (
  CONSTRAINT scores_in_range EXPECT (
    recency_score BETWEEN 1 AND 5 AND frequency_score BETWEEN 1 AND 5 AND monetary_score BETWEEN 1 AND 5
  ) ON VIOLATION FAIL UPDATE,
  CONSTRAINT spent_something EXPECT (lifetime_value > 0)
)
COMMENT 'Recency, frequency and monetary value of each customer, with scores and a segment.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH customers AS (
  SELECT
    customer_id,
    max(transaction_timestamp) AS last_purchase_at,
    count(DISTINCT transaction_timestamp) AS frequency,
    sum(total_amount) AS lifetime_value
  FROM ${silver_schema}.silver_transactions
  GROUP BY customer_id
),
measured AS (
  SELECT
    *,
    datediff(
      (SELECT max(transaction_date) FROM ${silver_schema}.silver_transactions),
      to_date(last_purchase_at)
    ) AS recency_days
  FROM customers
),
scored AS (
  SELECT
    *,
    ntile(5) OVER (ORDER BY last_purchase_at, customer_id) AS recency_score,
    ntile(5) OVER (ORDER BY frequency, customer_id) AS frequency_score,
    ntile(5) OVER (ORDER BY lifetime_value, customer_id) AS monetary_score
  FROM measured
)
SELECT
  customer_id,
  last_purchase_at,
  recency_days,
  frequency,
  lifetime_value,
  recency_score,
  frequency_score,
  monetary_score,
  CASE
    WHEN recency_score >= 4 AND frequency_score >= 4 AND monetary_score >= 4 THEN 'champion'
    WHEN recency_score >= 3 AND frequency_score >= 4 THEN 'loyal'
    WHEN recency_score >= 4 AND frequency_score <= 2 THEN 'new'
    WHEN recency_score <= 2 AND frequency_score >= 3 THEN 'at risk'
    WHEN recency_score <= 2 AND frequency_score <= 2 THEN 'lapsed'
    ELSE 'regular'
  END AS segment
FROM scored;
