"""Price lists of products, each a whole snapshot: the real prices on the shelf, week by week.

A list has the products that were sold since the list before, each with the price on the shelf,
before any discount, of its last sale: products and prices come and go as they did in the shops.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from retail_landing import PRODUCT_HEADER, Source, product_rows, unit_prices, write_csv

_HEADER = (*PRODUCT_HEADER, "shelf_price")


def write_price_lists(folder: Path, sales: pd.DataFrame, source: Source, days: int) -> None:
    """Write a CSV file for every so many days of sales, named after the day it comes out."""
    for day, sold in _periods(sales, days):
        prices = _last_prices(sold)
        products = source.products[source.products["product_id"].isin(prices.keys())]
        rows = [(*row, prices[int(row[0][1:])]) for row in product_rows(products)]
        write_csv(folder / f"{day}.csv", _HEADER, rows)


def _periods(sales: pd.DataFrame, days: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """The sales of each period, with the day after it."""
    times = sales["transaction_timestamp"]
    first = times.min().normalize()
    number = (times - first).dt.days // days
    for index, sold in sales.groupby(number, sort=True):
        yield f"{first + pd.Timedelta(days=(int(index) + 1) * days):%Y-%m-%d}", sold


def _last_prices(sold: pd.DataFrame) -> dict[int, str]:
    """Of each product the shelf price of its last sale, as text."""
    last = sold[sold["quantity"] > 0].sort_values(
        ["transaction_timestamp", "basket_id"], kind="stable"
    )
    last = last.drop_duplicates("product_id", keep="last")
    paid = last["sales_value"] + last["retail_disc"] + last["coupon_match_disc"]
    cents = (paid * 100).round().astype("int64").to_numpy()
    texts = unit_prices(cents, last["quantity"].to_numpy())
    return dict(zip(last["product_id"].tolist(), texts, strict=True))
