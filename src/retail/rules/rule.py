"""A rule: a condition on one row, what happens to a row that fails it, and why it matters."""

from dataclasses import dataclass

WARN, DROP, FAIL = "warn", "drop", "fail"
COMPLETENESS, VALIDITY, CONSISTENCY = "completeness", "validity", "consistency"


@dataclass(frozen=True)
class Rule:
    """A condition that every row should meet.

    Attributes:
        name: the name of the expectation, and of the rule in quarantine.
        constraint: a deterministic SQL condition on the columns of one row; NULL counts as failed.
        dimension: completeness, validity or consistency.
        action: warn (keep the row), drop (to quarantine) or fail (stop the update).
        reason: what is wrong with a row that fails, for whoever reads the quarantine.
    """

    name: str
    constraint: str
    dimension: str
    action: str
    reason: str
