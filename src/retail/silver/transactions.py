"""Silver: the transactions that pass every check, those that do not, and the enriched result.

`transactions_checked` is split by its rules: a row is in `silver_transactions_validated` or in
`quarantine_transactions`, never in both or neither. Duplicates leave after the split, so that a
duplicate of a bad row is in quarantine as well.
"""

import dlt
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from rules import DROP, FAIL, WARN, expectations
from rules.transactions import CHECKS, SILVER_RULES

SILVER = spark.conf.get("silver_schema")

# A day more than the rule `not_late` lets through, which is on top of the day that a landing
# folder spans: no row that passed the checks is ever behind the watermark, so none is lost to it.
DEDUPLICATION_WATERMARK = "2 days"


@dlt.table(
    name=f"{SILVER}.silver_transactions_validated",
    comment="Transactions that pass every check, duplicates included.",
    table_properties={"quality": "silver"},
)
@dlt.expect_all_or_drop(expectations(CHECKS, DROP))
def silver_transactions_validated() -> DataFrame:
    """Let the expectations drop what the quarantine takes."""
    return spark.readStream.table("transactions_checked").drop("arrived", "failed_rules", "reasons")


@dlt.table(
    name=f"{SILVER}.quarantine_transactions",
    comment="Transactions that fail a check, as they arrived, with the reasons.",
    table_properties={"quality": "quarantine"},
)
@dlt.expect_or_fail("has_a_reason", "size(reasons) > 0")
def quarantine_transactions() -> DataFrame:
    """Keep what the expectations drop."""
    return (
        spark.readStream.table("transactions_checked")
        .where(~F.col("quality_passed"))
        .select(
            "arrived.*",
            "is_complete",
            "is_valid",
            "is_consistent",
            "failed_rules",
            "reasons",
            F.current_timestamp().alias("quarantined_at"),
        )
    )


@dlt.table(
    name=f"{SILVER}.silver_transactions",
    comment="Transactions, each once, with what is known of its product, customer and country.",
    table_properties={"quality": "silver"},
)
@dlt.expect_all(expectations(SILVER_RULES, WARN))
@dlt.expect_all_or_fail(expectations(SILVER_RULES, FAIL))
def silver_transactions() -> DataFrame:
    """Remove duplicates, then look up the reference data."""
    products = spark.read.table(f"{SILVER}.silver_products").select(
        "product_id", "department", "brand", "product_category", "product_type"
    )
    customers = spark.read.table(f"{SILVER}.silver_customers").select(
        "customer_id", "age_band", "income_band", "household_size"
    )
    countries = spark.read.table(f"{SILVER}.silver_countries").select(
        "country", "country_name", "region", "currency"
    )
    return (
        spark.readStream.table(f"{SILVER}.silver_transactions_validated")
        .drop("is_readable")
        .withWatermark("transaction_timestamp", DEDUPLICATION_WATERMARK)
        .dropDuplicatesWithinWatermark(["transaction_id"])
        .join(products, "product_id", "left")
        .join(customers, "customer_id", "left")
        .join(countries, "country", "left")
    )
