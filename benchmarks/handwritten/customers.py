"""Customers and products over time by hand: each feed is applied whole, which a late one is not.

A stream that gets its changes in one batch can order them by a window; what comes in a later
update would need what AUTO CDC remembers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from delta.tables import DeltaTable
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from handwritten.checks import Checks
from handwritten.lakehouse import Lakehouse

RULES = {
    "readable": "_corrupt_record IS NULL",
    "customer_id_present": "customer_id IS NOT NULL",
    "about_customers": "source_table = 'customers'",
    "operation_known": "operation IN ('INSERT', 'UPDATE', 'DELETE')",
    "changed_at_valid": "changed_at IS NOT NULL",
    "state_present": "operation = 'DELETE' OR after IS NOT NULL",
}
STATE = ("customer_id", "age_band", "income_band", "household_size", "home_store")
CHECKS = {
    "customer_id_present": "customer_id IS NOT NULL",
    "home_store_present": "home_store IS NOT NULL",
}
PRICES = (
    "product_id STRING, department STRING, brand STRING, product_category STRING,"
    " product_type STRING, package_size STRING, shelf_price DECIMAL(12,4)"
)


def quarantine(lakehouse: Lakehouse) -> dict[str, object]:
    """The changes that fail a rule, with the names of the rules."""
    frame = _checked(lakehouse).where("size(failed_rules) > 0")
    frame = frame.withColumn("quarantined_at", F.current_timestamp())
    checks = Checks(fail={"has_a_reason": "size(failed_rules) > 0"})
    return lakehouse.append("silver.quarantine_customer_changes", frame, checks)


def current(lakehouse: Lakehouse) -> dict[str, object]:
    """Customers as they are now."""
    newest = (F.col("next").isNull(), *map(F.col, STATE))
    return _apply(lakehouse, "silver.dim_customers", newest)


def history(lakehouse: Lakehouse) -> dict[str, object]:
    """Customers as they were, from when to when."""
    begun, ended = F.col("changed_at").alias("__START_AT"), F.col("next").alias("__END_AT")
    columns = (F.lit(True), *map(F.col, STATE), begun, ended)
    return _apply(lakehouse, "silver.dim_customers_history", columns)


def prices(lakehouse: Lakehouse, landing: Path) -> dict[str, object]:
    """Products over time, list by list."""
    path = lakehouse.path("silver.dim_products_history")
    reader = lakehouse.spark.read.schema(PRICES).option("header", "true")
    for file in sorted((landing / "price_lists").glob("*.csv")):
        day = F.lit(file.stem).cast("date")
        listed = reader.csv(str(file))
        if not DeltaTable.isDeltaTable(lakehouse.spark, path):
            _begun(listed, day).write.format("delta").save(path)
            continue
        names = listed.columns
        now = lakehouse.read("silver.dim_products_history").filter("__END_AT IS NULL")
        gone = now.select(*names).exceptAll(listed).select(*names, F.lit(True).alias("gone"))
        new = listed.exceptAll(now.select(*names)).select(*names, F.lit(False).alias("gone"))
        (
            DeltaTable.forPath(lakehouse.spark, path)
            .alias("t")
            .merge(
                _begun(gone.unionByName(new), day).alias("s"),
                "t.product_id = s.product_id AND s.gone AND t.__END_AT IS NULL",
            )
            .whenMatchedUpdate(set={"__END_AT": day})
            .whenNotMatchedInsert(
                "NOT s.gone", {name: f"s.{name}" for name in (*names, "__START_AT", "__END_AT")}
            )
            .execute()
        )
    return {"rows_written": 0, "expectations": {}}


def _begun(rows: DataFrame, day: Column) -> DataFrame:
    return rows.withColumns({"__START_AT": day, "__END_AT": F.lit(None).cast("date")})


def _apply(lakehouse: Lakehouse, table: str, shown: Sequence[Column]) -> dict[str, object]:
    """Write what the changes of one batch come to: the first of the columns says which rows.

    As in Databricks' event log, rows that are merged are not counted as written.
    """
    passed, *columns = shown

    def write(batch: DataFrame, _: int) -> None:
        order = Window.partitionBy("customer_id").orderBy("changed_at")
        once = batch.dropDuplicates(["customer_id", "changed_at"])
        rows = once.withColumn("next", F.lead("changed_at").over(order))
        rows = rows.filter("operation <> 'DELETE'").filter(passed).select(*columns)
        rows.write.format("delta").mode("append").save(lakehouse.path(table))

    good = _checked(lakehouse).where("size(failed_rules) = 0")
    state = [F.col(f"after.{name}") for name in STATE[1:]]
    upsert = F.col("operation") != "DELETE"
    counts = lakehouse.for_each_batch(
        table,
        good.select("customer_id", *state, "operation", "changed_at").observe(
            table,
            F.count_if(upsert).alias("rows"),
            *[F.count_if(upsert & F.expr(sql)).alias(name) for name, sql in CHECKS.items()],
        ),
        write,
    )
    rows = counts["rows"]
    passed_by_name = {name: counts[name] for name in CHECKS}
    return {
        "rows_written": 0,
        "expectations": {name: [n, rows - n] for name, n in passed_by_name.items()},
    }


def _checked(lakehouse: Lakehouse) -> DataFrame:
    """Every change, standardised, with the names of the rules it fails."""
    failed = [
        F.when(F.expr(rule), F.lit(None)).otherwise(F.lit(name)) for name, rule in RULES.items()
    ]
    return (
        lakehouse.stream("bronze.bronze_customer_changes")
        .select(
            F.expr("nullif(upper(trim(primary_key)), '')").alias("customer_id"),
            F.expr("nullif(upper(trim(operation)), '')").alias("operation"),
            F.col("table").alias("source_table"),
            F.try_to_timestamp(F.col("timestamp")).alias("changed_at"),
            "before",
            "after",
            "ingestion_timestamp",
            "source_file",
            "_corrupt_record",
            "_rescued_data",
        )
        .withColumn("failed_rules", F.array_compact(F.array(*failed)))
    )
