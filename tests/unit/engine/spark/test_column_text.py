"""Columns of Spark Connect as the SQL that a MERGE statement takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pyspark.sql.connect import functions as F
from pyspark.sql.connect.column import Column

from millpond.engine.spark.column_text import column_text


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (F.expr("s.a = 'x'") & F.col("t.b").isNull(), "((s.a = 'x') AND (t.b IS NULL))"),
        (
            F.col("t.`a b`").between(F.lit(1), F.lit(9)),
            "((t.`a b` >= CAST('1' AS int)) AND (t.`a b` <= CAST('9' AS int)))",
        ),
        (~F.col("x").eqNullSafe(F.lit("it's")), "(NOT (x <=> 'it\\'s'))"),
        (F.col("d") < F.lit(date(1970, 1, 3)), "(d < date_from_unix_date(2))"),
        (F.lit(Decimal("1.50")), "1.50BD"),
        (F.lit("2").cast("bigint"), "CAST('2' AS bigint)"),
        ("s.x", "s.x"),
    ],
)
def test_text(column: Column | str, text: str) -> None:
    assert column_text(column) == text
