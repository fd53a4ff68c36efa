"""Gold by hand: sales by window as a stream, the other tables computed anew."""

from __future__ import annotations

from pyspark.sql import Window
from pyspark.sql import functions as F

from handwritten.checks import Checks
from handwritten.lakehouse import Lakehouse

_SILVER = "silver.silver_transactions"
_REVENUE = F.sum("total_amount").alias("revenue")
_TRANSACTIONS = F.count("*").alias("transactions")


def sales_by_window(lakehouse: Lakehouse) -> dict[str, object]:
    """Sales of each five minutes and country, once the window is closed."""
    revenue = F.sum("total_amount")
    frame = (
        lakehouse.stream(_SILVER)
        .withWatermark("transaction_timestamp", "10 minutes")
        .groupBy(F.window("transaction_timestamp", "5 minutes"), "country")
        .agg(
            _TRANSACTIONS,
            _REVENUE,
            (revenue / F.count("*")).cast("decimal(22,2)").alias("average_order_value"),
            F.size(F.collect_set("customer_id")).alias("unique_customers"),
        )
        .select(
            F.col("window.start").alias("window_start"),
            F.col("window.end").alias("window_end"),
            "country",
            "transactions",
            "revenue",
            "average_order_value",
            "unique_customers",
        )
    )
    checks = Checks(
        warn={"revenue_positive": "revenue > 0"},
        fail={"window_not_empty": "transactions > 0 AND unique_customers > 0"},
    )
    return lakehouse.append("gold.gold_sales_by_window", frame, checks)


def daily_sales_by_country(lakehouse: Lakehouse) -> dict[str, object]:
    """Sales of each day and country."""
    frame = (
        lakehouse.read(_SILVER)
        .groupBy("transaction_date", "country", "country_name", "region")
        .agg(
            _TRANSACTIONS,
            _REVENUE,
            F.countDistinct("customer_id").alias("unique_customers"),
        )
    )
    warn = {"country_known": "country_name IS NOT NULL", "revenue_positive": "revenue > 0"}
    return lakehouse.overwrite("gold.gold_daily_sales_by_country", frame, Checks(warn=warn))


def hourly_sales(lakehouse: Lakehouse) -> dict[str, object]:
    """Sales of each hour."""
    average = (F.sum("total_amount") / F.count("*")).cast("decimal(22,2)")
    frame = (
        lakehouse.read(_SILVER)
        .groupBy(F.date_trunc("HOUR", "transaction_timestamp").alias("hour"))
        .agg(
            _TRANSACTIONS,
            F.sum("quantity").alias("units"),
            _REVENUE,
            average.alias("average_order_value"),
            F.countDistinct("customer_id").alias("unique_customers"),
        )
    )
    checks = Checks(warn={"revenue_positive": "revenue > 0"})
    return lakehouse.overwrite("gold.gold_hourly_sales", frame, checks)


def product_performance(lakehouse: Lakehouse) -> dict[str, object]:
    """What each product sells, and its place in its department."""
    rank = F.rank().over(Window.partitionBy("department").orderBy(F.desc("revenue")))
    frame = (
        lakehouse.read(_SILVER)
        .groupBy("product_id", "department", "product_category", "brand")
        .agg(
            _TRANSACTIONS,
            F.sum("quantity").alias("units"),
            _REVENUE,
            F.countDistinct("customer_id").alias("customers"),
        )
        .select(
            "*",
            (F.col("revenue") / F.col("units")).cast("decimal(22,4)").alias("average_price"),
            rank.alias("department_rank"),
        )
    )
    checks = Checks(
        warn={"product_known": "department IS NOT NULL"},
        fail={"units_positive": "units > 0"},
    )
    return lakehouse.overwrite("gold.gold_product_performance", frame, checks)


def customer_rfm(lakehouse: Lakehouse) -> dict[str, object]:
    """How recently, how often and for how much each customer bought."""
    scores = ("recency_score", "frequency_score", "monetary_score")
    frame = lakehouse.spark.sql(_RFM.format(silver=f"delta.`{lakehouse.path(_SILVER)}`"))
    checks = Checks(
        warn={"spent_something": "lifetime_value > 0"},
        fail={"scores_in_range": " AND ".join(f"{score} BETWEEN 1 AND 5" for score in scores)},
    )
    return lakehouse.overwrite("gold.gold_customer_rfm", frame, checks)


_RFM = """
WITH customers AS (
  SELECT
    customer_id,
    max(transaction_timestamp) AS last_purchase_at,
    count(DISTINCT transaction_timestamp) AS frequency,
    sum(total_amount) AS lifetime_value
  FROM {silver}
  GROUP BY customer_id
),
scored AS (
  SELECT
    *,
    datediff(
      (SELECT max(transaction_date) FROM {silver}), to_date(last_purchase_at)
    ) AS recency_days,
    ntile(5) OVER (ORDER BY last_purchase_at, customer_id) AS recency_score,
    ntile(5) OVER (ORDER BY frequency, customer_id) AS frequency_score,
    ntile(5) OVER (ORDER BY lifetime_value, customer_id) AS monetary_score
  FROM customers
)
SELECT
  customer_id, last_purchase_at, recency_days, frequency, lifetime_value,
  recency_score, frequency_score, monetary_score,
  CASE
    WHEN recency_score >= 4 AND frequency_score >= 4 AND monetary_score >= 4 THEN 'champion'
    WHEN recency_score >= 3 AND frequency_score >= 4 THEN 'loyal'
    WHEN recency_score >= 4 AND frequency_score <= 2 THEN 'new'
    WHEN recency_score <= 2 AND frequency_score >= 3 THEN 'at risk'
    WHEN recency_score <= 2 AND frequency_score <= 2 THEN 'lapsed'
    ELSE 'regular'
  END AS segment
FROM scored
"""
