"""Write all 1.47 million transactions as a landing folder, for benchmarks (ignored by git)."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from click_events import write_click_events
from customer_changes import write_customer_changes
from price_lists import write_price_lists
from retail_landing import (
    CUSTOMER_HEADER,
    PRODUCT_HEADER,
    STORE_HEADER,
    clear_feeds,
    country_of_stores,
    customer_rows,
    event_files,
    event_lines,
    load_source,
    product_rows,
    store_rows,
    write_csv,
    write_lines,
)

DEFAULT = Path(__file__).resolve().parent.parent / ".data" / "landing"

HOURS_PER_FILE = 12
"""Two files a day stay below the 1000 files that Auto Loader takes in one batch by default."""


DAYS_PER_PRICE_LIST = 28


def main() -> None:
    """Write the landing folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    write_landing(parser.parse_args().folder)


def write_landing(folder: Path) -> None:
    """Write the events and the reference tables below `folder`, with progress on stderr."""
    started = time.monotonic()
    clear_feeds(folder)
    source = load_source()
    countries = country_of_stores(source.transactions)
    done, month = 0, ""
    for path, rows in event_files(source.transactions, hours=HOURS_PER_FILE):
        if not path.startswith(month) or not month:
            month = path[:7]
            print(f"{month}: {done:,} of {len(source.transactions):,} written", file=sys.stderr)
        write_lines(folder / "transactions" / path, event_lines(rows, countries))
        done += len(rows)
    write_csv(folder / "products/products.csv", PRODUCT_HEADER, product_rows(source.products))
    customers = customer_rows(source.demographics)
    write_csv(folder / "customers/customers.csv", CUSTOMER_HEADER, customers)
    write_csv(folder / "stores/stores.csv", STORE_HEADER, store_rows(countries))
    write_click_events(folder / "events")
    write_customer_changes(folder / "customer_changes", source.transactions, source)
    write_price_lists(folder / "price_lists", source.transactions, source, DAYS_PER_PRICE_LIST)
    print(f"{done:,} transactions in {time.monotonic() - started:.0f} s: {folder}", file=sys.stderr)


if __name__ == "__main__":
    main()
