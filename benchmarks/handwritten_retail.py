"""The retail pipeline as a competent engineer writes it without a pipeline engine.

    python benchmarks/handwritten_retail.py LANDING OUTPUT

Structured Streaming into Delta with the same session settings as Millpond's, one query a table
as in the bundle, queries side by side where they do not depend on each other. Only the rules
are taken from the bundle; they are data. OUTPUT gets `tables/<schema>/<table>`, `checkpoints` and
`logs`; standard output, what was counted, as JSON by table.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.engine.spark.session import start_session

if TYPE_CHECKING:
    from handwritten.lakehouse import Lakehouse

sys.path.insert(0, str(Path(__file__).parents[1] / "src" / "retail"))

AFTER = {
    "silver.silver_products": ["bronze.bronze_products"],
    "silver.silver_customers": ["bronze.bronze_customers"],
    "silver.silver_countries": ["bronze.bronze_stores"],
    "silver.silver_transactions_validated": ["bronze.bronze_transactions"],
    "silver.quarantine_transactions": ["bronze.bronze_transactions"],
    "silver.silver_transactions": [
        "silver.silver_transactions_validated",
        "silver.silver_products",
        "silver.silver_customers",
        "silver.silver_countries",
    ],
    "gold.gold_sales_by_window": ["silver.silver_transactions"],
    "gold.gold_daily_sales_by_country": ["silver.silver_transactions"],
    "gold.gold_hourly_sales": ["silver.silver_transactions"],
    "gold.gold_product_performance": ["silver.silver_transactions"],
    "gold.gold_customer_rfm": ["silver.silver_transactions"],
    "silver.silver_events": ["bronze.bronze_events"],
    "silver.quarantine_events": ["bronze.bronze_events"],
    "gold.gold_hourly_events": ["silver.silver_events"],
    "silver.quarantine_customer_changes": ["bronze.bronze_customer_changes"],
    "silver.dim_customers": ["bronze.bronze_customer_changes"],
    "silver.dim_customers_history": ["bronze.bronze_customer_changes"],
}
"""The tables that each table reads."""

AT_ONCE = max(4, os.cpu_count() or 1)

Write = Callable[[], dict[str, object]]


def main(landing: Path, output: Path) -> int:
    """Write all tables; the exit status."""
    spark = start_session(output / "logs")
    from handwritten.lakehouse import Lakehouse

    counts = run(writes(Lakehouse(spark, output), landing))
    print(json.dumps(counts))
    spark.stop()
    return 0


def writes(lakehouse: Lakehouse, landing: Path) -> dict[str, Write]:
    """What writes each table, by its name."""
    from handwritten import bronze, customers, events, gold, silver

    from_files = {
        "bronze.bronze_transactions": bronze.transactions,
        "bronze.bronze_products": bronze.products,
        "bronze.bronze_customers": bronze.customers,
        "bronze.bronze_stores": bronze.stores,
        "bronze.bronze_events": bronze.events,
        "bronze.bronze_customer_changes": bronze.customer_changes,
        "silver.dim_products_history": customers.prices,
    }
    from_tables = {
        "silver.silver_products": silver.products,
        "silver.silver_customers": silver.customers,
        "silver.silver_countries": silver.countries,
        "silver.silver_transactions_validated": silver.transactions_validated,
        "silver.quarantine_transactions": silver.quarantine_transactions,
        "silver.silver_transactions": silver.transactions,
        "gold.gold_sales_by_window": gold.sales_by_window,
        "gold.gold_daily_sales_by_country": gold.daily_sales_by_country,
        "gold.gold_hourly_sales": gold.hourly_sales,
        "gold.gold_product_performance": gold.product_performance,
        "gold.gold_customer_rfm": gold.customer_rfm,
        "silver.silver_events": events.silver,
        "silver.quarantine_events": events.quarantine,
        "gold.gold_hourly_events": events.hourly,
        "silver.quarantine_customer_changes": customers.quarantine,
        "silver.dim_customers": customers.current,
        "silver.dim_customers_history": customers.history,
    }
    return {
        **{table: partial(write, lakehouse, landing) for table, write in from_files.items()},
        **{table: partial(write, lakehouse) for table, write in from_tables.items()},
    }


def run(work: dict[str, Write]) -> dict[str, object]:
    """Write each table once those it reads are written; what was counted, by table."""
    order = TopologicalSorter({table: AFTER.get(table, ()) for table in work})
    order.prepare()
    counts: dict[str, object] = {}
    running: dict[Future[dict[str, object]], str] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while order.is_active():
            for table in order.get_ready():
                running[pool.submit(work[table])] = table
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                table = running.pop(future)
                counts[table] = future.result()
                order.done(table)
    return counts


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
