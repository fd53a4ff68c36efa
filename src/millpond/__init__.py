"""Run Lakeflow (Databricks declarative) pipelines on a laptop, unmodified."""

__version__ = "0.1.0"
