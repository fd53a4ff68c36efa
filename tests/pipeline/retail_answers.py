"""The rows and counts the retail pipeline must produce, worked out in plain Python from its files.

Written from what the pipeline promises, not from its code: no Spark, no pandas, and no rule, query
or constant of `src/retail`. The answers are those of one update over all files of a landing folder.

Values are str, bool, int, Decimal, date, datetime (naive, UTC), list of str, or None; the float is
bronze's `unit_price`. Columns that depend on the clock or on the machine are left out.
"""

from __future__ import annotations

from pathlib import Path

from answer_model import Answers, Counts, Row
from bronze_answers import answer_bronze
from customer_answers import answer_customers, answer_products_over_time
from event_answers import answer_events
from gold_answers import answer_gold
from reference_answers import answer_reference
from silver_answers import answer_silver

__all__ = ["Answers", "Counts", "Row", "answers_for"]


def answers_for(landing: Path) -> Answers:
    """The answers for one update over a landing folder."""
    answers = Answers()
    answer_bronze(answers, landing)
    answer_reference(answers)
    answer_silver(answers)
    answer_gold(answers)
    answer_events(answers)
    answer_customers(answers)
    answer_products_over_time(answers, landing)
    return answers
