"""Rules turned into expectations and into columns, so that the two always agree."""

from collections.abc import Iterable
from functools import reduce
from operator import and_

from pyspark.sql import Column
from pyspark.sql import functions as F

from rules.rule import Rule


def expectations(rules: Iterable[Rule], action: str) -> dict[str, str]:
    """The constraints of the rules with this action, as `expect_all…` takes them."""
    return {rule.name: rule.constraint for rule in rules if rule.action == action}


def passed(rules: Iterable[Rule], dimension: str | None = None) -> Column:
    """Whether a row meets all rules, or all those of one dimension; never NULL."""
    chosen = [rule for rule in rules if dimension in (None, rule.dimension)]
    return reduce(and_, [_met(rule) for rule in chosen], F.lit(True))


def failed_rules(rules: Iterable[Rule]) -> Column:
    """The names of the rules that a row fails, in the order of the rules."""
    return F.array_compact(F.array(*[F.when(~_met(rule), F.lit(rule.name)) for rule in rules]))


def reasons(rules: Iterable[Rule]) -> Column:
    """The reasons that go with `failed_rules`, in the same order."""
    return F.array_compact(F.array(*[F.when(~_met(rule), F.lit(rule.reason)) for rule in rules]))


def _met(rule: Rule) -> Column:
    # An expectation fails on NULL; a bare negation would be NULL there and lose the row.
    return F.coalesce(F.expr(rule.constraint), F.lit(False))
