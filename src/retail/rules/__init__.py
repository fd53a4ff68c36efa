"""Quality rules as data: what the expectations enforce and the quarantine explains."""

from rules.flags import expectations, failed_rules, passed, reasons
from rules.rule import COMPLETENESS, CONSISTENCY, DROP, FAIL, VALIDITY, WARN, Rule

__all__ = [
    "COMPLETENESS",
    "CONSISTENCY",
    "DROP",
    "FAIL",
    "VALIDITY",
    "WARN",
    "Rule",
    "expectations",
    "failed_rules",
    "passed",
    "reasons",
]
