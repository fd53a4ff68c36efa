"""Silver: products over time, from the price lists, each of which is a whole snapshot.

A product that is not on a list is not sold any more; one whose price is another has a new row.
"""

from datetime import date

from pyspark import pipelines as dp
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

SILVER = spark.conf.get("silver_schema")
PRICE_LISTS = f"{spark.conf.get('landing_path')}/price_lists"

COLUMNS = (
    "product_id STRING, department STRING, brand STRING, product_category STRING,"
    " product_type STRING, package_size STRING, shelf_price DECIMAL(12,4)"
)


def next_price_list(latest: date | None) -> tuple[DataFrame, date] | None:
    """The first price list after the one that was applied last, with its day; None if none."""
    days = (
        date.fromisoformat(file.name.removesuffix(".csv")) for file in dbutils.fs.ls(PRICE_LISTS)
    )
    day = min((day for day in days if latest is None or day > latest), default=None)
    if day is None:
        return None
    lists = spark.read.schema(COLUMNS).option("header", "true").csv(PRICE_LISTS)
    return lists.where(F.col("_metadata.file_name") == f"{day}.csv"), day


# Expectations are not supported on a target of snapshots. A row without a key, or two rows with the
# same key, end the flow before anything of the list is applied.
dp.create_streaming_table(
    name=f"{SILVER}.dim_products_history",
    comment="Products and their prices on the shelf, from when to when.",
    table_properties={"quality": "silver"},
)
dp.create_auto_cdc_from_snapshot_flow(
    target=f"{SILVER}.dim_products_history",
    source=next_price_list,
    keys=["product_id"],
    stored_as_scd_type=2,
)
