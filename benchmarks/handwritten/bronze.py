"""Bronze by hand: files as they arrived, with what did not fit and the file of each row.

The columns of the files are known here, so Spark's own readers parse them. That is the fastest
way there is: a column that turns up one day is lost, which Auto Loader would rescue.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from handwritten.checks import Checks
from handwritten.lakehouse import Lakehouse
from rules import WARN, expectations
from rules.transactions import ARRIVAL_RULES

TRANSACTIONS = (
    "country STRING, customer_id STRING, loyalty_points BIGINT, product_id STRING,"
    " quantity BIGINT, transaction_date STRING, transaction_id STRING, unit_price DOUBLE"
)
EVENTS = (
    "amount DOUBLE, campaign STRING, event_id STRING, event_timestamp STRING,"
    " event_type STRING, page STRING, user_id STRING"
)
_STATE = (
    "STRUCT<customer_id: STRING, age_band: STRING, income_band: STRING,"
    " household_size: STRING, home_store: STRING>"
)
CHANGES = (
    f"after {_STATE}, before {_STATE}, operation STRING, primary_key STRING, table STRING,"
    " timestamp STRING"
)
PRODUCTS = ("product_id", "department", "brand", "product_category", "product_type", "package_size")
CUSTOMERS = (
    "customer_id",
    "age_band",
    "income_band",
    "home_ownership",
    "marital_status",
    "household_size",
    "household_composition",
    "kids_count",
)
STORES = ("store_id", "country", "country_name", "region", "currency")

_FILE = F.col("_metadata.file_path")
_RECORD = "_record"


def transactions(lakehouse: Lakehouse, landing: Path) -> dict[str, object]:
    """Every line of every new file of transactions."""
    frame = _json(lakehouse, landing / "transactions", TRANSACTIONS).select(
        "*",
        F.regexp_extract("source_file", r"/(\d{4}-\d{2}-\d{2})/[^/]+$", 1)
        .try_cast("date")
        .alias("landing_date"),
        F.current_timestamp().alias("ingestion_timestamp"),
        F.current_date().alias("processing_date"),
    )
    checks = Checks(warn=expectations(ARRIVAL_RULES, WARN))
    return lakehouse.append("bronze.bronze_transactions", frame, checks)


def events(lakehouse: Lakehouse, landing: Path) -> dict[str, object]:
    """Every line of every new file of clicks, views, purchases and sign-ups."""
    frame = _json(lakehouse, landing / "events", EVENTS).drop("file_modification_time")
    frame = frame.withColumn("ingestion_timestamp", F.current_timestamp())
    warn = {
        "readable": "_corrupt_record IS NULL",
        "of_the_expected_types": "_rescued_data IS NULL",
    }
    return lakehouse.append("bronze.bronze_events", frame, Checks(warn=warn))


def customer_changes(lakehouse: Lakehouse, landing: Path) -> dict[str, object]:
    """Every line of every new file of changes of customers."""
    frame = _json(lakehouse, landing / "customer_changes", CHANGES).drop("file_modification_time")
    frame = frame.withColumn("ingestion_timestamp", F.current_timestamp())
    warn = {
        "readable": "_corrupt_record IS NULL",
        "of_the_expected_types": "_rescued_data IS NULL",
    }
    return lakehouse.append("bronze.bronze_customer_changes", frame, Checks(warn=warn))


def products(lakehouse: Lakehouse, landing: Path) -> dict[str, object]:
    """Every row of every new file of products."""
    return _reference(lakehouse, landing, "products", PRODUCTS)


def customers(lakehouse: Lakehouse, landing: Path) -> dict[str, object]:
    """Every row of every new file of customers."""
    return _reference(lakehouse, landing, "customers", CUSTOMERS)


def stores(lakehouse: Lakehouse, landing: Path) -> dict[str, object]:
    """Every row of every new file of stores."""
    warn = {"key_present": "store_id IS NOT NULL", "country_present": "country IS NOT NULL"}
    frame = _csv(lakehouse, landing / "stores", STORES)
    return lakehouse.append("bronze.bronze_stores", frame, Checks(warn=warn))


def _reference(
    lakehouse: Lakehouse, landing: Path, feed: str, columns: Sequence[str]
) -> dict[str, object]:
    warn = {
        "key_present": f"{columns[0]} IS NOT NULL",
        "of_the_expected_columns": "_rescued_data IS NULL",
    }
    frame = _csv(lakehouse, landing / feed, columns)
    return lakehouse.append(f"bronze.bronze_{feed}", frame, Checks(warn=warn))


def _json(lakehouse: Lakehouse, folder: Path, columns: str) -> DataFrame:
    """Records; one that is no JSON in `_corrupt_record`, values of a wrong type rescued."""
    frame = (
        lakehouse.spark.readStream.format("json")
        .schema(f"{columns}, {_RECORD} STRING")
        .option("columnNameOfCorruptRecord", _RECORD)
        .option("recursiveFileLookup", "true")
        .load(str(folder))
    )
    # Spark gives the text of a record that does not fit; it is parsed again only for those.
    record, texts = F.col(_RECORD), F.from_json(_RECORD, "map<string,string>")
    malformed = record.isNotNull() & texts.isNull()
    unfit = [
        F.when(F.col(name).isNull(), texts[name]).alias(name)
        for name, type_ in frame.dtypes
        if type_ != "string"
    ]
    rescued = F.to_json(F.struct(*unfit, _FILE.alias("_file_path")))
    return frame.select(
        *[name for name in frame.columns if name != _RECORD],
        F.when(malformed, record).alias("_corrupt_record"),
        F.when(record.isNotNull() & ~malformed, rescued).alias("_rescued_data"),
        *_file_columns(),
    )


def _csv(lakehouse: Lakehouse, folder: Path, columns: Sequence[str]) -> DataFrame:
    """Rows as text; one with too many or too few values is rescued whole."""
    frame = (
        lakehouse.spark.readStream.format("csv")
        .schema(", ".join(f"{name} STRING" for name in (*columns, _RECORD)))
        .option("header", "true")
        .option("columnNameOfCorruptRecord", _RECORD)
        .option("recursiveFileLookup", "true")
        .load(str(folder))
    )
    record = F.col(_RECORD)
    rescued = F.to_json(F.struct(record.alias("_corrupt_record"), _FILE.alias("_file_path")))
    return frame.select(
        *columns,
        F.when(record.isNotNull(), rescued).alias("_rescued_data"),
        *_file_columns(),
        F.current_timestamp().alias("ingestion_timestamp"),
    )


def _file_columns() -> list[Column]:
    modified = F.col("_metadata.file_modification_time").alias("file_modification_time")
    return [_FILE.alias("source_file"), modified]
