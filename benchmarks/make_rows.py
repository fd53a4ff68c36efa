"""Write a Delta table of made-up sales.

python benchmarks/make_rows.py TABLE ROWS LOGS
"""

from __future__ import annotations

import sys
from pathlib import Path

from millpond.engine.spark.session import start_session


def main(table: Path, rows: int, logs: Path) -> int:
    """Write the table; the exit status."""
    spark = start_session(logs)
    spark.range(rows).selectExpr(
        "id",
        "concat('C', id % 5000) AS customer_id",
        "concat('P', id % 997) AS product_id",
        "CAST(1 + id % 12 AS INT) AS quantity",
        "CAST(0.5 + (id % 3000) / 100 AS DECIMAL(12, 2)) AS unit_price",
        "timestamp_seconds(1483228800 + id * 7) AS sold_at",
        "element_at(array('CA', 'DE', 'FR', 'GB', 'US'), CAST(1 + id % 5 AS INT)) AS country",
        "CASE WHEN id % 100 = 0 THEN NULL ELSE concat('note ', id) END AS note",
    ).write.format("delta").save(str(table))
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), int(sys.argv[2]), Path(sys.argv[3]).resolve()))
