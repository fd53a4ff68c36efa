"""What updates did to a table, by its versions; no Spark."""
