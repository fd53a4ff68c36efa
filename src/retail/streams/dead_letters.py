"""Send quarantined transactions to a Kafka topic, as they are quarantined.

An approved exception to keeping every stream in the pipeline: its readers are outside of the
lakehouse, so the sink is no table. Kafka gets a row at least once, with the transaction as its key.
"""

import argparse

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

TRIGGER = "1 minute"


def dead_letters(quarantined: DataFrame) -> DataFrame:
    """A key and a value for each row: what is wrong with it, since when, and the row itself."""
    return quarantined.select(
        F.col("transaction_id").alias("key"),
        F.to_json(
            F.struct(
                F.element_at("failed_rules", 1).alias("error_type"),
                F.array_join("reasons", "; ").alias("error_message"),
                F.col("quarantined_at").alias("failed_at"),
                F.to_json(F.struct("*")).alias("sample"),
            )
        ).alias("value"),
    )


def main() -> None:
    """Run until the job is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("table", "servers", "topic", "checkpoint"):
        parser.add_argument(f"--{option}", required=True)
    given = parser.parse_args()
    spark = SparkSession.builder.getOrCreate()
    (
        dead_letters(spark.readStream.table(given.table))
        .writeStream.format("kafka")
        .option("kafka.bootstrap.servers", given.servers)
        .option("topic", given.topic)
        .option("checkpointLocation", given.checkpoint)
        .trigger(processingTime=TRIGGER)
        .queryName("dead_letters")
        .start()  # millpond: ignore[ST-01] approved by retail-data: its readers take it from Kafka
        .awaitTermination()
    )


if __name__ == "__main__":
    main()
