"""Load databricks.yml as the Databricks CLI does: includes, variables, targets, paths."""
