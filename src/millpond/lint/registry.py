"""All rules, found in the modules of `millpond.lint.rules`."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from millpond.lint.rule import Category, Rule
from millpond.lint.rules import MODULES


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """One of each rule, by category and code."""
    found: list[Rule] = []
    for module in MODULES:
        values = vars(import_module(f"millpond.lint.rules.{module}")).values()
        classes = (each for each in values if isinstance(each, type) and issubclass(each, Rule))
        found += [each() for each in classes if "code" in vars(each)]
    order = list(Category)
    return tuple(sorted(found, key=lambda rule: (order.index(rule.category), rule.code)))


def find_rule(text: str) -> Rule | None:
    """The rule with this code or name, in any case; None if there is none."""
    wanted = text.strip().casefold()
    return next((rule for rule in all_rules() if wanted in (rule.code.casefold(), rule.name)), None)


def selected(rule: Rule, patterns: tuple[str, ...]) -> bool:
    """Whether a rule is meant by its code, its name, the letters its code starts with, or ALL."""
    area = rule.code.split("-", maxsplit=1)[0]
    names = {rule.code.casefold(), rule.name, area.casefold(), rule.severity.value, "all"}
    return any(pattern.casefold() in names for pattern in patterns)
