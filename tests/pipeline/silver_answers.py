"""Transactions checked: those validated, those in quarantine, and the enriched result."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from answer_model import Answers, Checks, Row
from answer_values import by_key, code, decimal, present, time_of

TRADED_IN = {"US", "CA", "GB", "DE", "FR"}

REASONS = {
    "readable": "the line is not JSON",
    "transaction_id_present": "there is no transaction_id",
    "customer_id_present": "there is no customer_id",
    "product_id_present": "there is no product_id",
    "transaction_date_valid": "transaction_date is missing or not a time",
    "quantity_positive": "quantity is missing, not a whole number or not above zero",
    "unit_price_positive": "unit_price is missing, not a number or not above zero",
    "country_known": "country is missing or not one we trade in",
    "not_late": "the transaction arrived too late to be counted",
    "not_from_the_future": "the transaction is dated after it arrived",
}
"""What each check tells the reader of the quarantine, in the order of the checks."""

COMPLETENESS = ("readable", "transaction_id_present", "customer_id_present", "product_id_present")
VALIDITY = ("transaction_date_valid", "quantity_positive", "unit_price_positive")
CONSISTENCY = ("country_known", "not_late", "not_from_the_future")

TRANSACTION_CHECKS: Checks = {
    "readable": lambda row: row["is_readable"],
    "transaction_id_present": lambda row: row["transaction_id"] is not None,
    "customer_id_present": lambda row: row["customer_id"] is not None,
    "product_id_present": lambda row: row["product_id"] is not None,
    "transaction_date_valid": lambda row: row["transaction_timestamp"] is not None,
    "quantity_positive": lambda row: (row["quantity"] or 0) > 0,
    "unit_price_positive": lambda row: (row["unit_price"] or 0) > 0,
    "country_known": lambda row: row["country"] in TRADED_IN,
    "not_late": lambda row: _days_after_landing(row) >= -1,
    "not_from_the_future": lambda row: _days_after_landing(row) <= 0,
}


def _days_after_landing(row: Row) -> int:
    """How many days after it landed a transaction is dated; 0 where that cannot be judged."""
    if row["transaction_date"] is None or row["landing_date"] is None:
        return 0
    return (row["transaction_date"] - row["landing_date"]).days


def answer_silver(answers: Answers) -> None:
    """Split the transactions by their checks, then enrich those that pass, each once."""
    validated: list[Row] = []
    quarantined: list[Row] = []
    checked = [(row, _checked(row)) for row in answers.rows["bronze_transactions"]]
    for arrived, row in checked:
        failed = [name for name, check in TRANSACTION_CHECKS.items() if not check(row)]
        flags = {
            "is_complete": not set(failed) & set(COMPLETENESS),
            "is_valid": not set(failed) & set(VALIDITY),
            "is_consistent": not set(failed) & set(CONSISTENCY),
        }
        if failed:
            why = {"failed_rules": failed, "reasons": [REASONS[name] for name in failed]}
            quarantined.append({**arrived, **flags, **why})
        else:
            validated.append({**row, **flags, "quality_passed": True})
    answers.rows["silver_transactions_validated"] = validated
    answers.rows["quarantine_transactions"] = quarantined
    answers.dropped["silver_transactions_validated"] = len(quarantined)
    answers.expect("silver_transactions_validated", [row for _, row in checked], TRANSACTION_CHECKS)
    answers.expect("quarantine_transactions", quarantined, {"has_a_reason": lambda _: True})
    _answer_enriched(answers, validated)


def _checked(arrived: Row) -> Row:
    time = time_of(arrived["transaction_date"])
    quantity = arrived["quantity"]
    price = decimal(arrived["unit_price"], "0.0001")
    total = None
    if quantity is not None and price is not None:
        total = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {
        "transaction_id": code(arrived["transaction_id"]),
        "customer_id": code(arrived["customer_id"]),
        "product_id": code(arrived["product_id"]),
        "quantity": quantity,
        "unit_price": price,
        "total_amount": total,
        "transaction_timestamp": time,
        "transaction_date": time.date() if time else None,
        "country": code(arrived["country"]),
        "is_readable": arrived["_corrupt_record"] is None,
        "landing_date": arrived["landing_date"],
    }


def _answer_enriched(answers: Answers, validated: list[Row]) -> None:
    once = {row["transaction_id"]: row for row in reversed(validated)}
    products = by_key(answers.rows["silver_products"], "product_id")
    customers = by_key(answers.rows["silver_customers"], "customer_id")
    countries = by_key(answers.rows["silver_countries"], "country")
    silver = []
    for transaction in once.values():
        row = {name: value for name, value in transaction.items() if name != "is_readable"}
        product = products.get(row["product_id"], {})
        customer = customers.get(row["customer_id"], {})
        country = countries.get(row["country"], {})
        for name in ("department", "brand", "product_category", "product_type"):
            row[name] = product.get(name)
        for name in ("age_band", "income_band", "household_size"):
            row[name] = customer.get(name)
        for name in ("country_name", "region", "currency"):
            row[name] = country.get(name)
        silver.append(row)
    answers.rows["silver_transactions"] = silver
    answers.expect(
        "silver_transactions",
        silver,
        {
            "product_known": present("department"),
            "customer_known": present("age_band"),
            "quantity_usual": lambda row: row["quantity"] <= 100,
            "every_check_passed": lambda _: True,
            "amount_adds_up": lambda _: True,
        },
    )
