"""Bronze: the reference feeds of products and customers, as they arrived."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

BRONZE = spark.conf.get("bronze_schema")
LANDING = spark.conf.get("landing_path")

KEYS = {"products": "product_id", "customers": "customer_id"}


def define_bronze(feed: str, key: str) -> None:
    """Define the bronze table of one feed of CSV files."""

    @dp.table(
        name=f"{BRONZE}.bronze_{feed}",
        comment=f"Rows of the {feed} feed as they arrived.",
        table_properties={"quality": "bronze"},
    )
    @dp.expect("key_present", f"{key} IS NOT NULL")
    @dp.expect("of_the_expected_columns", "_rescued_data IS NULL")
    def rows() -> DataFrame:
        return (
            spark.readStream.format("cloudFiles")
            .option("cloudFiles.format", "csv")
            .option("cloudFiles.schemaEvolutionMode", "rescue")
            .option("header", "true")
            .load(f"{LANDING}/{feed}")
            .select(
                "*",
                F.col("_metadata.file_path").alias("source_file"),
                F.col("_metadata.file_modification_time").alias("file_modification_time"),
                F.current_timestamp().alias("ingestion_timestamp"),
            )
        )


for feed, key in KEYS.items():
    define_bronze(feed, key)
