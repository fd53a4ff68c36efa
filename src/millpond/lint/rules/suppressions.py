"""Rules about the comments that silence rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from millpond.lint.finding import Finding, Severity
from millpond.lint.rule import Category, Rule, replacing
from millpond.lint.suppression import APPROVAL_NEEDED, Suppression, Suppressions
from millpond.location import Span


class SuppressionWithoutReason(Rule):
    """A critical rule is silenced only with a reason, ST-01 only with an approval.

    The next reader has to know why this place is an exception and who agreed.

    **Anti-pattern**

    ```sql
    -- millpond: ignore[ST-02]
    CREATE OR REFRESH STREAMING TABLE orders AS SELECT * FROM STREAM raw.orders;
    ```

    **Best practice**

    ```sql
    -- millpond: ignore[ST-02] a mirror of the source, checked in silver
    CREATE OR REFRESH STREAMING TABLE orders AS SELECT * FROM STREAM raw.orders;
    ```
    """

    code = "LN-01"
    severity = Severity.CRITICAL
    category = Category.SUPPRESSIONS
    hint = "Write the reason behind the brackets; for ST-01 also `approved by <name>`."


class UnusedSuppression(Rule):
    """A comment silences something.

    One that silences nothing any more hides the next finding of its kind. A comment that names no
    rule in brackets never silences anything.

    **Anti-pattern**

    ```python
    x = 1  # millpond: ignore[ST-03] kept for the migration
    ```

    **Best practice**

    ```python
    x = 1
    ```
    """

    code = "LN-02"
    severity = Severity.ADVICE
    category = Category.SUPPRESSIONS
    hint = "Remove the comment, or name the rule: # millpond: ignore[CODE] reason."
    fixable = True


def check_suppressions(found: Suppressions, rules: Iterable[Rule]) -> Iterator[Finding]:
    """Findings about comments, as far as the rules that they name were run."""
    run = {rule.code: rule for rule in rules}
    reasonless, unused = run.get(SuppressionWithoutReason.code), run.get(UnusedSuppression.code)
    if reasonless is not None:
        for comment, silenced in found.insufficient.values():
            lacks = "an approval" if silenced.rule in APPROVAL_NEEDED else "a reason"
            yield reasonless.found(comment.at, f"{silenced.rule} is silenced without {lacks}")
    if unused is not None:
        yield from _unused(unused, found, run)


def _unused(rule: Rule, found: Suppressions, run: Mapping[str, Rule]) -> Iterator[Finding]:
    from millpond.lint.registry import all_rules

    names, every = _names(run.values()), _names(all_rules())
    for comment in found.unused():
        unknown = next((code for code in comment.codes if code not in every), None)
        if unknown is not None:
            yield rule.found(comment.at, f"{unknown} is no rule")
        elif names.issuperset(comment.codes):
            fix = replacing(_whole(comment), "", "Remove the comment")
            yield rule.found(comment.at, "this comment silences nothing", fix=fix)


def _names(rules: Iterable[Rule]) -> set[str]:
    """What the rules are called in comments."""
    return {name for rule in rules for name in (rule.code, rule.name.upper())}


def _whole(comment: Suppression) -> Span:
    """A comment with the line it is alone on, or with the spaces before it."""
    at = comment.at
    if comment.alone:
        return Span(at.file, at.line, 1, at.line + 1, 1)
    line = at.source_line() or ""
    column = len(line[: at.column - 1].rstrip()) + 1
    return Span(at.file, at.line, column, at.line, at.end_column)
