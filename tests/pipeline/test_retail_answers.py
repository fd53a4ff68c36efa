# ruff: noqa: E501 - an event is a line
"""The independent answers, on a landing folder small enough to work out by hand."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from retail_answers import Answers, Counts, answers_for

MONDAY = """\
{"transaction_id":"t1","customer_id":" a ","product_id":"P1","quantity":2,"unit_price":1.50,"transaction_date":"2024-01-01T09:01:00Z","country":"us"}
{"transaction_id":"T1","customer_id":"A","product_id":"P1","quantity":2,"unit_price":1.50,"transaction_date":"2024-01-01T09:01:00Z","country":"US"}
{"transaction_id":"T2","customer_id":"B","product_id":"P2","quantity":1,"unit_price":4.00,"transaction_date":"2024-01-01T09:04:59Z","country":"US"}
{"transaction_id":"T3","customer_id":"B","product_id":"P9","quantity":3,"unit_price":0.335,"transaction_date":"2024-01-01T09:05:00Z","country":"GB"}
"""
TUESDAY = """\
{"transaction_id":"T4","customer_id":"A","product_id":"P2","quantity":1,"unit_price":5.00,"transaction_date":"2024-01-02T10:00:00Z","country":"US"}
{"transaction_id":"T5","customer_id":"A","product_id":"P2","quantity":1,"unit_price":5.00,"transaction_date":"2023-12-31T23:59:59Z","country":"US"}
{"transaction_id":"T6","customer_id":"A","product_id":"P2","quantity":"two","unit_price":"1,99","transaction_date":"2024-01-02T10:00:00Z","country":"XX","voucher":"V"}
{"customer_id":"A","quantity":0,"transaction_date":"2024-01-03T00:00:00Z","country":"US"}
{"transaction_id":"T7"
"""
EVENTS = """\
{"event_id":"e1","event_type":"VIEW","user_id":"u1","event_timestamp":"2024-01-01T09:10:00Z","page":"/"}
{"event_id":"e2","event_type":"purchase","user_id":"u1","event_timestamp":"2024-01-01T09:50:00Z","amount":3.5}
{"event_id":"e3","event_type":"purchase","user_id":"u2","event_timestamp":"noon"}
{"event_type":"hover"}
"""


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    files = {
        "transactions/2024-01-01/a.json": MONDAY,
        "transactions/2024-01-02/a.json": TUESDAY,
        "events/2024-01-01/a.json": EVENTS,
        "products/a.csv": "product_id,department,brand,product_category,product_type\n"
        "p1 ,BAKERY,Own,BREAD,RYE\nP2,DAIRY,Own,,\n,DAIRY,Own,MILK,\n",
        "customers/a.csv": "customer_id,age_band,income_band,household_size\nA,19-24,35-49K,1\n",
        "stores/a.csv": "store_id,country,country_name,region,currency\n"
        "S1,US,United States,North America,USD\nS2,US,United States,North America,USD\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return answers_for(tmp_path)


def values(answers: Answers, dataset: str, *names: str) -> list[tuple[object, ...]]:
    return sorted(tuple(row[name] for name in names) for row in answers.rows[dataset])


def test_bronze_keeps_every_line(answers: Answers) -> None:
    rows = answers.rows["bronze_transactions"]
    assert len(rows) == 9
    assert [row["_corrupt_record"] for row in rows if row["_corrupt_record"]] == [
        '{"transaction_id":"T7"'
    ]
    (wrong,) = [row for row in rows if row["rescued"]]
    assert wrong["rescued"] == {"quantity": "two", "unit_price": "1,99"}
    assert (wrong["quantity"], wrong["unit_price"], wrong["voucher"]) == (None, None, "V")
    assert rows[0]["voucher"] is None
    assert rows[0]["landing_date"] == date(2024, 1, 1)
    assert answers.expectations["bronze_transactions"] == {
        "readable": Counts(8, 1),
        "of_the_expected_types": Counts(8, 1),
    }


def test_a_row_is_validated_or_in_quarantine(answers: Answers) -> None:
    validated = values(answers, "silver_transactions_validated", "transaction_id")
    assert validated == [("T1",), ("T1",), ("T2",), ("T3",), ("T4",)]
    assert answers.dropped["silver_transactions_validated"] == 4
    failed = [row["failed_rules"] for row in answers.rows["quarantine_transactions"]]
    assert failed == [
        ["not_late"],
        ["quantity_positive", "unit_price_positive", "country_known"],
        [
            "transaction_id_present",
            "product_id_present",
            "quantity_positive",
            "unit_price_positive",
            "not_from_the_future",
        ],
        [
            "readable",
            "transaction_id_present",
            "customer_id_present",
            "product_id_present",
            "transaction_date_valid",
            "quantity_positive",
            "unit_price_positive",
            "country_known",
        ],
    ]
    late, _, _, unreadable = answers.rows["quarantine_transactions"]
    assert late["reasons"] == ["the transaction arrived too late to be counted"]
    assert (late["is_complete"], late["is_valid"], late["is_consistent"]) == (True, True, False)
    assert (unreadable["is_complete"], unreadable["is_valid"]) == (False, False)


def test_each_check_is_counted_over_every_row(answers: Answers) -> None:
    counts = answers.expectations["silver_transactions_validated"]
    assert counts["quantity_positive"] == Counts(6, 3)
    assert counts["not_late"] == Counts(8, 1)
    assert counts["not_from_the_future"] == Counts(8, 1)
    assert {count.passed + count.failed for count in counts.values()} == {9}


def test_silver_has_each_transaction_once_enriched(answers: Answers) -> None:
    names = ("transaction_id", "customer_id", "total_amount", "age_band", "department", "currency")
    assert values(answers, "silver_transactions", *names) == [
        ("T1", "A", Decimal("3.00"), "19-24", "BAKERY", "USD"),
        ("T2", "B", Decimal("4.00"), None, "DAIRY", "USD"),
        ("T3", "B", Decimal("1.01"), None, None, None),
        ("T4", "A", Decimal("5.00"), "19-24", "DAIRY", "USD"),
    ]
    assert answers.expectations["silver_transactions"]["customer_known"] == Counts(2, 2)
    assert answers.expectations["silver_transactions"]["product_known"] == Counts(3, 1)


def test_reference_tables_have_each_key_once(answers: Answers) -> None:
    assert values(answers, "silver_products", "product_id") == [("P1",), ("P2",)]
    assert answers.dropped["silver_products"] == 1
    assert answers.expectations["silver_products"]["category_present"] == Counts(2, 1)
    assert values(answers, "silver_countries", "country", "stores") == [("US", 2)]


def test_only_closed_windows_are_written(answers: Answers) -> None:
    names = ("window_start", "country", "transactions", "revenue", "average_order_value")
    assert values(answers, "gold_sales_by_window", *names, "unique_customers") == [
        (datetime(2024, 1, 1, 9, 0), "US", 2, Decimal("7.00"), Decimal("3.50"), 2),
        (datetime(2024, 1, 1, 9, 5), "GB", 1, Decimal("1.01"), Decimal("1.01"), 1),
    ]


def test_customers_are_scored(answers: Answers) -> None:
    names = ("customer_id", "recency_days", "frequency", "lifetime_value")
    scores = ("recency_score", "frequency_score", "monetary_score", "segment")
    assert values(answers, "gold_customer_rfm", *names, *scores) == [
        ("A", 0, 2, Decimal("8.00"), 2, 1, 2, "lapsed"),
        ("B", 1, 2, Decimal("5.01"), 1, 2, 1, "lapsed"),
    ]


def test_products_are_ranked_in_their_department(answers: Answers) -> None:
    names = ("product_id", "units", "revenue", "customers", "average_price", "department_rank")
    assert values(answers, "gold_product_performance", *names) == [
        ("P1", 2, Decimal("3.00"), 1, Decimal("1.5000"), 1),
        ("P2", 2, Decimal("9.00"), 2, Decimal("4.5000"), 1),
        ("P9", 3, Decimal("1.01"), 1, Decimal("0.3367"), 1),
    ]


def test_hours_and_days_add_up(answers: Answers) -> None:
    hours = ("hour", "transactions", "units", "revenue", "average_order_value")
    assert values(answers, "gold_hourly_sales", *hours, "unique_customers") == [
        (datetime(2024, 1, 1, 9), 3, 6, Decimal("8.01"), Decimal("2.67"), 2),
        (datetime(2024, 1, 2, 10), 1, 1, Decimal("5.00"), Decimal("5.00"), 1),
    ]
    days = ("transaction_date", "country", "transactions", "revenue", "unique_customers")
    assert values(answers, "gold_daily_sales_by_country", *days) == [
        (date(2024, 1, 1), "GB", 1, Decimal("1.01"), 1),
        (date(2024, 1, 1), "US", 2, Decimal("7.00"), 2),
        (date(2024, 1, 2), "US", 1, Decimal("5.00"), 1),
    ]


def test_events_are_split_and_counted(answers: Answers) -> None:
    assert values(answers, "silver_events", "event_id", "event_type", "amount") == [
        ("E1", "view", None),
        ("E2", "purchase", Decimal("3.50")),
    ]
    assert [row["failed_rules"] for row in answers.rows["quarantine_events"]] == [
        ["event_timestamp_valid", "purchase_has_amount"],
        ["event_id_present", "user_id_present", "event_timestamp_valid", "event_type_known"],
    ]
    assert answers.expectations["silver_events"]["page_present"] == Counts(1, 3)
    nine = datetime(2024, 1, 1, 9)
    names = ("hour", "event_type", "events", "unique_users", "amount")
    assert values(answers, "gold_hourly_events", *names) == [
        (nine, "purchase", 1, 1, Decimal("3.50")),
        (nine, "view", 1, 1, None),
    ]
