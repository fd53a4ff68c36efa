"""Names of columns as Spark reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from millpond.definitions import quoted

if TYPE_CHECKING:
    from pyspark.sql import Column


def column(name: str) -> Column:
    """The column of a name without parts."""
    from pyspark.sql import functions as F

    return F.col(quoted(name))


def columns(names: Iterable[str]) -> list[Column]:
    """The columns of several names."""
    return [column(name) for name in names]
