"""Silver: transactions typed and standardised, each checked once against every rule."""

import dlt
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from rules import COMPLETENESS, CONSISTENCY, VALIDITY, failed_rules, passed, reasons
from rules.transactions import CHECKS

BRONZE = spark.conf.get("bronze_schema")


def code(column: str) -> Column:
    """An identifier or code in upper case without spaces around it; NULL if nothing is left."""
    return F.nullif(F.upper(F.trim(F.col(column))), F.lit("")).alias(column)


@dlt.view(
    name="transactions_checked",
    comment="Every transaction, typed and standardised, with the rules it fails.",
)
def transactions_checked() -> DataFrame:
    """Standardise each row and say which rules it fails; the row as it arrived stays beside it."""
    time = F.try_to_timestamp(F.col("transaction_date"))
    quantity = F.col("quantity").try_cast("int")
    unit_price = F.col("unit_price").try_cast("decimal(12,4)")
    standardised = spark.readStream.table(f"{BRONZE}.bronze_transactions").select(
        code("transaction_id"),
        code("customer_id"),
        code("product_id"),
        quantity.alias("quantity"),
        unit_price.alias("unit_price"),
        F.round(quantity * unit_price, 2).cast("decimal(22,2)").alias("total_amount"),
        time.alias("transaction_timestamp"),
        F.to_date(time).alias("transaction_date"),
        code("country"),
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
