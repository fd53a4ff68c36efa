"""The event log, in Databricks' shape, and what is read from it."""
