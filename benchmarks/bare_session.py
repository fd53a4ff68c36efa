"""Start Spark with Millpond's settings, write one row to Delta, and end.

python benchmarks/bare_session.py TABLE LOGS
"""

from __future__ import annotations

import sys
from pathlib import Path

from millpond.engine.spark.session import start_session


def main(table: Path, logs: Path) -> int:
    """Write the row; the exit status."""
    spark = start_session(logs)
    spark.sql("SELECT 1 AS id").write.format("delta").mode("overwrite").save(str(table))
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
