"""The reference tables in silver: one row a product, customer and country."""

from __future__ import annotations

from collections import defaultdict

from answer_model import Answers, Row
from answer_values import code, present


def answer_reference(answers: Answers) -> None:
    """Answer the tables that transactions are enriched from."""
    for feed, key, hoped_for, check in (
        ("products", "product_id", "product_category", "category_present"),
        ("customers", "customer_id", "income_band", "income_present"),
    ):
        latest = {
            code(row[key]): {**row, key: code(row[key])} for row in answers.rows[f"bronze_{feed}"]
        }
        kept = [row for row in latest.values() if row[key] is not None]
        answers.rows[f"silver_{feed}"] = kept
        answers.dropped[f"silver_{feed}"] = len(latest) - len(kept)
        checks = {f"{key}_present": present(key), check: present(hoped_for)}
        answers.expect(f"silver_{feed}", list(latest.values()), checks)
    stores: dict[str, list[Row]] = defaultdict(list)
    for store in answers.rows["bronze_stores"]:
        if store["country"] is not None:
            stores[store["country"].strip().upper()].append(store)
    countries = [
        {
            "country": code,
            "country_name": max(store["country_name"] for store in group),
            "region": max(store["region"] for store in group),
            "currency": max(store["currency"] for store in group),
            "stores": len({store["store_id"] for store in group}),
        }
        for code, group in stores.items()
    ]
    answers.rows["silver_countries"] = countries
    answers.expect("silver_countries", countries, {"country_has_a_name": lambda _: True})
