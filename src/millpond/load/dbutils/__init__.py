"""`dbutils` as pipeline source sees it: what makes sense on one machine; the rest is refused."""

from millpond.load.dbutils.dbutils import DBUtils

__all__ = ["DBUtils"]
