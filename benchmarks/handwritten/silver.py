"""Silver by hand: reference data, transactions checked and split, duplicates removed, enriched."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from handwritten.checks import Checks
from handwritten.lakehouse import Lakehouse
from rules import (
    COMPLETENESS,
    CONSISTENCY,
    DROP,
    FAIL,
    VALIDITY,
    WARN,
    expectations,
    failed_rules,
    passed,
    reasons,
)
from rules.transactions import CHECKS, SILVER_RULES


def products(lakehouse: Lakehouse) -> dict[str, object]:
    """The latest version of each product."""
    columns = ["department", "brand", "product_category", "product_type", "package_size"]
    checks = Checks(
        warn={"category_present": "product_category IS NOT NULL"},
        drop={"product_id_present": "product_id IS NOT NULL"},
    )
    frame = _latest(lakehouse.read("bronze.bronze_products"), "product_id", columns)
    return lakehouse.overwrite("silver.silver_products", frame, checks)


def customers(lakehouse: Lakehouse) -> dict[str, object]:
    """The latest version of each customer."""
    columns = [
        "age_band",
        "income_band",
        "home_ownership",
        "marital_status",
        "household_size",
        "household_composition",
        "kids_count",
    ]
    checks = Checks(
        warn={"income_present": "income_band IS NOT NULL"},
        drop={"customer_id_present": "customer_id IS NOT NULL"},
    )
    frame = _latest(lakehouse.read("bronze.bronze_customers"), "customer_id", columns)
    return lakehouse.overwrite("silver.silver_customers", frame, checks)


def countries(lakehouse: Lakehouse) -> dict[str, object]:
    """The countries in which there are stores."""
    frame = (
        lakehouse.read("bronze.bronze_stores")
        .where("country IS NOT NULL")
        .groupBy(F.upper(F.trim("country")).alias("country"))
        .agg(
            F.max("country_name").alias("country_name"),
            F.max("region").alias("region"),
            F.max("currency").alias("currency"),
            F.countDistinct("store_id").alias("stores"),
        )
    )
    checks = Checks(fail={"country_has_a_name": "country_name IS NOT NULL"})
    return lakehouse.overwrite("silver.silver_countries", frame, checks)


def transactions_validated(lakehouse: Lakehouse) -> dict[str, object]:
    """The transactions that pass every check."""
    frame = _checked(lakehouse).drop("arrived", "failed_rules", "reasons")
    checks = Checks(drop=expectations(CHECKS, DROP))
    return lakehouse.append("silver.silver_transactions_validated", frame, checks)


def quarantine_transactions(lakehouse: Lakehouse) -> dict[str, object]:
    """The transactions that fail a check, as they arrived, with the reasons."""
    frame = (
        _checked(lakehouse)
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
    checks = Checks(fail={"has_a_reason": "size(reasons) > 0"})
    return lakehouse.append("silver.quarantine_transactions", frame, checks)


def transactions(lakehouse: Lakehouse) -> dict[str, object]:
    """Each transaction once, with what is known of its product, customer and country."""
    products = lakehouse.read("silver.silver_products").select(
        "product_id", "department", "brand", "product_category", "product_type"
    )
    customers = lakehouse.read("silver.silver_customers").select(
        "customer_id", "age_band", "income_band", "household_size"
    )
    countries = lakehouse.read("silver.silver_countries").drop("stores")
    frame = (
        lakehouse.stream("silver.silver_transactions_validated")
        .drop("is_readable")
        .withWatermark("transaction_timestamp", "2 days")
        .dropDuplicatesWithinWatermark(["transaction_id"])
        .join(F.broadcast(products), "product_id", "left")
        .join(F.broadcast(customers), "customer_id", "left")
        .join(F.broadcast(countries), "country", "left")
    )
    checks = Checks(
        warn=expectations(SILVER_RULES, WARN),
        fail=expectations(SILVER_RULES, FAIL),
    )
    return lakehouse.append("silver.silver_transactions", frame, checks)


def _checked(lakehouse: Lakehouse) -> DataFrame:
    """Every transaction, typed and standardised, with the rules it fails."""
    time = F.try_to_timestamp(F.col("transaction_date"))
    quantity = F.col("quantity").try_cast("int")
    unit_price = F.col("unit_price").try_cast("decimal(12,4)")
    standardised = lakehouse.stream("bronze.bronze_transactions").select(
        _code("transaction_id"),
        _code("customer_id"),
        _code("product_id"),
        quantity.alias("quantity"),
        unit_price.alias("unit_price"),
        F.round(quantity * unit_price, 2).cast("decimal(22,2)").alias("total_amount"),
        time.alias("transaction_timestamp"),
        F.to_date(time).alias("transaction_date"),
        _code("country"),
        F.col("_corrupt_record").isNull().alias("is_readable"),
        "landing_date",
        "ingestion_timestamp",
        F.struct("*").alias("arrived"),
    )
    return standardised.select(
        "*",
        passed(CHECKS, COMPLETENESS).alias("is_complete"),
        passed(CHECKS, VALIDITY).alias("is_valid"),
        passed(CHECKS, CONSISTENCY).alias("is_consistent"),
        passed(CHECKS).alias("quality_passed"),
        failed_rules(CHECKS).alias("failed_rules"),
        reasons(CHECKS).alias("reasons"),
    )


def _latest(frame: DataFrame, key: str, columns: list[str]) -> DataFrame:
    newest = [F.desc("file_modification_time"), F.desc("source_file")]
    age = F.row_number().over(Window.partitionBy(key).orderBy(*newest))
    standardised = frame.withColumn(key, _code(key))
    return standardised.withColumn("age", age).where("age = 1").select(key, *columns)


def _code(column: str) -> Column:
    return F.nullif(F.upper(F.trim(F.col(column))), F.lit("")).alias(column)
