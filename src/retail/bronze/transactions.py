"""Bronze: transactions exactly as they arrived."""

import dlt
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from rules import WARN, expectations
from rules.transactions import ARRIVAL_RULES

BRONZE = spark.conf.get("bronze_schema")
LANDING = spark.conf.get("landing_path")

# The identifiers and the time stay text, so that whatever was sent is kept as it was. A value that
# does not fit its type, and a column that turns up later, go to _rescued_data; a line that is not
# JSON goes to _corrupt_record.
SCHEMA_HINTS = (
    "transaction_id STRING, customer_id STRING, product_id STRING, "
    "quantity BIGINT, unit_price DOUBLE, transaction_date STRING, country STRING, "
    "_corrupt_record STRING"
)


@dlt.table(
    name=f"{BRONZE}.bronze_transactions",
    comment="Transactions as they arrived in the landing volume, with the file they came in.",
    table_properties={"quality": "bronze"},
)
@dlt.expect_all(expectations(ARRIVAL_RULES, WARN))
def bronze_transactions() -> DataFrame:
    """Read every line of every new file."""
    source_file = F.col("_metadata.file_path")
    return (
        spark.readStream.format("cloudFiles")
        .option("cloudFiles.format", "json")
        .option("cloudFiles.inferColumnTypes", "true")
        .option("cloudFiles.schemaHints", SCHEMA_HINTS)
        .option("cloudFiles.schemaEvolutionMode", "rescue")
        .load(f"{LANDING}/transactions")
        .select(
            "*",
            source_file.alias("source_file"),
            F.col("_metadata.file_modification_time").alias("file_modification_time"),
            # The feed puts its files in a folder for the day it delivers them.
            F.regexp_extract(source_file, r"/(\d{4}-\d{2}-\d{2})/[^/]+$", 1)
            .try_cast("date")
            .alias("landing_date"),
            F.current_timestamp().alias("ingestion_timestamp"),
            F.current_date().alias("processing_date"),
        )
    )
