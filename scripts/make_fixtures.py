"""Write `fixtures/landing`: a slice of real transactions, and small sets made up here."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from click_events import write_click_events
from customer_changes import write_customer_changes
from dirty_transactions import (
    DIRTY_DAY,
    good_lines,
    repeated_lines,
    unreadable_lines,
    wrong_lines,
)
from price_lists import write_price_lists
from retail_landing import (
    CUSTOMER_HEADER,
    PRODUCT_HEADER,
    STORE_HEADER,
    Source,
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

DEFAULT = Path(__file__).resolve().parent.parent / "fixtures" / "landing"
FIRST, END = pd.Timestamp("2017-01-02"), pd.Timestamp("2017-01-16")
ONE_HOUSEHOLD_IN = 3
"""Whole households are taken, so that a customer's history in the slice is complete."""

HOURS_PER_FILE = 6
DAYS_PER_PRICE_LIST = 7
LONG_AGO = "2017-01-03"


def main() -> None:
    """Replace the landing folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    write_fixtures(parser.parse_args().folder)


def write_fixtures(folder: Path) -> None:
    """Write all feeds below `folder`, in place of what was there; always the same bytes."""
    clear_feeds(folder)
    source = load_source()
    countries = country_of_stores(source.transactions)
    slice_ = _slice(source.transactions)
    real: dict[str, list[str]] = {}
    for path, rows in event_files(slice_, hours=HOURS_PER_FILE):
        lines = event_lines(rows, countries)
        write_lines(folder / "transactions" / path, lines)
        real.setdefault(path[:10], []).extend(lines)
    write_lines(folder / "transactions" / DIRTY_DAY / "transactions-dirty.json", _dirty(real))
    _write_reference(folder, source, slice_, countries)
    write_click_events(folder / "events")
    write_customer_changes(folder / "customer_changes", slice_, source)
    write_price_lists(folder / "price_lists", slice_, source, DAYS_PER_PRICE_LIST)
    print(f"{len(slice_):,} real transactions in {folder}")


def _slice(transactions: pd.DataFrame) -> pd.DataFrame:
    times = transactions["transaction_timestamp"]
    chosen = transactions["household_id"] % ONE_HOUSEHOLD_IN == 0
    return transactions[(times >= FIRST) & (times < END) & chosen]


def _dirty(real: dict[str, list[str]]) -> list[str]:
    repeated = repeated_lines(real[DIRTY_DAY][10:400:50], real[LONG_AGO][5:200:60])
    return [*wrong_lines(), *unreadable_lines(), *good_lines(), *repeated]


def _write_reference(
    folder: Path, source: Source, slice_: pd.DataFrame, countries: dict[int, str]
) -> None:
    """The reference tables; products are those of the slice and one in fifty of the others.

    Each file ends with rows made up to be untidy: one repeated, one without a key.
    """
    known = source.products["product_id"]
    products = product_rows(
        source.products[known.isin(slice_["product_id"]) | (known % 50 == 0)],
    )
    products += [
        (f" {products[0][0].lower()} ", *products[0][1:]),
        (None, "GROCERY", "National", None, None, None),
    ]
    write_csv(folder / "products/products.csv", PRODUCT_HEADER, products)
    customers = customer_rows(source.demographics)
    customers += [customers[0], (None, "65+", "Under 15K", None, None, "1", None, "0")]
    write_csv(folder / "customers/customers.csv", CUSTOMER_HEADER, customers)
    write_csv(folder / "stores/stores.csv", STORE_HEADER, store_rows(countries))


if __name__ == "__main__":
    main()
