"""Sales by window, hour and day; customers scored; products ranked."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from answer_model import Answers, Checks, Row
from answer_values import grouped, hour_of, present


def answer_gold(answers: Answers) -> None:
    """Answer every dataset of gold that is made from transactions."""
    _answer_windows(answers)
    _answer_rfm(answers)
    _answer_products(answers)
    _answer_periods(answers)


def _answer_windows(answers: Answers) -> None:
    """Windows that the watermark has closed; in one update no transaction comes too late."""
    silver = answers.rows["silver_transactions"]
    watermark = max(row["transaction_timestamp"] for row in silver) - timedelta(minutes=10)
    rows = []
    for (start, country), group in grouped(silver, lambda row: (_window(row), row["country"])):
        end = start + timedelta(minutes=5)
        if end <= watermark:
            rows.append(
                {
                    "window_start": start,
                    "window_end": end,
                    "country": country,
                    **_sales(group, "average_order_value"),
                }
            )
    answers.rows["gold_sales_by_window"] = rows
    checks: Checks = {
        "window_not_empty": lambda _: True,
        "revenue_positive": lambda row: row["revenue"] > 0,
    }
    answers.expect("gold_sales_by_window", rows, checks)


def _window(row: Row) -> datetime:
    time: datetime = row["transaction_timestamp"]
    return time.replace(minute=time.minute // 5 * 5, second=0, microsecond=0)


def _answer_rfm(answers: Answers) -> None:
    silver = answers.rows["silver_transactions"]
    today = max(row["transaction_date"] for row in silver)
    rows = []
    for customer, group in grouped(silver, lambda row: row["customer_id"]):
        last = max(row["transaction_timestamp"] for row in group)
        rows.append(
            {
                "customer_id": customer,
                "last_purchase_at": last,
                "recency_days": (today - last.date()).days,
                "frequency": len({row["transaction_timestamp"] for row in group}),
                "lifetime_value": sum(row["total_amount"] for row in group),
            }
        )
    for measure, score in (
        ("last_purchase_at", "recency_score"),
        ("frequency", "frequency_score"),
        ("lifetime_value", "monetary_score"),
    ):
        ordered = sorted(rows, key=lambda row: (row[measure], row["customer_id"]))
        for row, fifth in zip(ordered, _fifths(len(ordered)), strict=True):
            row[score] = fifth
    for row in rows:
        row["segment"] = _segment(
            row["recency_score"], row["frequency_score"], row["monetary_score"]
        )
    answers.rows["gold_customer_rfm"] = rows
    checks: Checks = {
        "scores_in_range": lambda _: True,
        "spent_something": lambda row: row["lifetime_value"] > 0,
    }
    answers.expect("gold_customer_rfm", rows, checks)


def _fifths(count: int) -> list[int]:
    """Fifths as even as possible, the first ones larger where the count does not divide."""
    size, larger = divmod(count, 5)
    return [fifth for fifth in range(1, 6) for _ in range(size + (fifth <= larger))]


def _segment(recency: int, frequency: int, monetary: int) -> str:
    if min(recency, frequency, monetary) >= 4:
        return "champion"
    if recency >= 3 and frequency >= 4:
        return "loyal"
    if recency >= 4 and frequency <= 2:
        return "new"
    if recency <= 2:
        return "at risk" if frequency >= 3 else "lapsed"
    return "regular"


def _answer_products(answers: Answers) -> None:
    rows = []
    for product, group in grouped(
        answers.rows["silver_transactions"], lambda row: row["product_id"]
    ):
        units = sum(row["quantity"] for row in group)
        revenue = sum(row["total_amount"] for row in group)
        rows.append(
            {
                "product_id": product,
                "department": group[0]["department"],
                "product_category": group[0]["product_category"],
                "brand": group[0]["brand"],
                "transactions": len(group),
                "units": units,
                "revenue": revenue,
                "customers": len({row["customer_id"] for row in group}),
                "average_price": (revenue / units).quantize(Decimal("0.0001"), ROUND_HALF_UP),
            }
        )
    for _, group in grouped(rows, lambda row: row["department"]):
        revenues = Counter(row["revenue"] for row in group)
        rank, ranks = 1, {}
        for revenue in sorted(revenues, reverse=True):
            ranks[revenue] = rank
            rank += revenues[revenue]
        for row in group:
            row["department_rank"] = ranks[row["revenue"]]
    answers.rows["gold_product_performance"] = rows
    checks: Checks = {"units_positive": lambda _: True, "product_known": present("department")}
    answers.expect("gold_product_performance", rows, checks)


def _answer_periods(answers: Answers) -> None:
    silver = answers.rows["silver_transactions"]
    hours = [
        {
            "hour": hour,
            **_sales(group, "average_order_value"),
            "units": sum(row["quantity"] for row in group),
        }
        for hour, group in grouped(silver, lambda row: hour_of(row["transaction_timestamp"]))
    ]
    answers.rows["gold_hourly_sales"] = hours
    positive = {"revenue_positive": lambda row: row["revenue"] > 0}
    answers.expect("gold_hourly_sales", hours, positive)
    by_day = ("transaction_date", "country", "country_name", "region")
    days = [
        {**dict(zip(by_day, key, strict=True)), **_sales(group)}
        for key, group in grouped(silver, lambda row: tuple(row[name] for name in by_day))
    ]
    answers.rows["gold_daily_sales_by_country"] = days
    checks = {"country_known": present("country_name"), **positive}
    answers.expect("gold_daily_sales_by_country", days, checks)


def _sales(group: list[Row], average: str | None = None) -> Row:
    revenue = sum(row["total_amount"] for row in group)
    sales: Row = {
        "transactions": len(group),
        "revenue": revenue,
        "unique_customers": len({row["customer_id"] for row in group}),
    }
    if average:
        sales[average] = (revenue / len(group)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return sales
