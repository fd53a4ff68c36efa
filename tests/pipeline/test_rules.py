"""The retail pipeline's rules: well formed, and in step with the data they are about."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest
import sqlglot

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _source_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "src" / "retail")


def test_names_are_unique_and_constraints_are_sql() -> None:
    from rules import transactions

    for rules in (transactions.ARRIVAL_RULES, transactions.CHECKS, transactions.SILVER_RULES):
        assert len({rule.name for rule in rules}) == len(rules)
        for rule in rules:
            assert sqlglot.parse_one(rule.constraint, read="databricks")
            assert not _calls(rule.constraint, ("current_", "rand", "uuid", "now("))


def test_every_check_sends_to_quarantine() -> None:
    from rules import DROP, expectations, transactions

    assert len(expectations(transactions.CHECKS, DROP)) == len(transactions.CHECKS)


def test_the_countries_are_those_with_stores() -> None:
    from rules.transactions import COUNTRIES

    with (ROOT / "fixtures/landing/stores/stores.csv").open(newline="") as file:
        assert {row["country"] for row in csv.DictReader(file)} == set(COUNTRIES)


def _calls(constraint: str, functions: Iterable[str]) -> bool:
    return any(function in constraint.lower() for function in functions)
