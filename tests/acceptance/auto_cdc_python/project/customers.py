import dlt

dlt.create_streaming_table("customers")

dlt.apply_changes(
    target="customers",
    source="customer_changes",
    keys=["customer_id"],
    sequence_by="changed_at",
)
