from pyspark import pipelines as dp
from pyspark.sql.functions import expr

for table in ("customers", "accounts", "orders"):

    @dp.temporary_view(name=f"{table}_changes")
    def changes(table=table):
        stream = spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
        return stream.schema("id INT, name STRING, op STRING, at INT").load(f"landing/{table}")

    dp.create_streaming_table(table)
    dp.create_auto_cdc_flow(
        target=table,
        source=f"{table}_changes",
        keys=["id"],
        sequence_by="at",
        apply_as_deletes=expr("op = 'D'"),
        except_column_list=["op"],
        stored_as_scd_type=2,
    )
