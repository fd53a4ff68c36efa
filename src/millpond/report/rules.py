"""Rules of `millpond lint` as text and as the page docs/rules.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from millpond.lint.documentation import documentation
from millpond.lint.rule import Rule
from millpond.report.text import table


def render_rules(rules: Sequence[Rule]) -> str:
    """A line for each rule, under the names of their categories."""
    lines: list[str] = []
    for category, group in groupby(rules, key=lambda rule: rule.category.value):
        rows = [
            [
                rule.code,
                rule.severity.value,
                ", ".join(rule.applies_to),
                documentation(rule).summary,
            ]
            for rule in group
        ]
        lines += ["", category, *(f"  {line}" for line in table(rows, "<<<<"))]
    return "\n".join(lines[1:])


def render_rule(rule: Rule) -> str:
    """All that is known of a rule."""
    text = documentation(rule)
    fix = "\n--fix mends it." if rule.fixable else ""
    return (
        f"{rule.code} {rule.name} ({rule.severity.value}, {', '.join(rule.applies_to)})\n\n"
        f"{text.summary}\n\n{text.explanation}\n\n"
        f"What to do: {rule.hint}{fix}\n\n"
        f"Anti-pattern\n\n{text.anti_pattern}\n\nBest practice\n\n{text.best_practice}"
    )


def rules_page(rules: Sequence[Rule]) -> str:
    """The rules as Markdown, from their docstrings."""
    return "".join(_page(rules))


def _page(rules: Sequence[Rule]) -> Iterator[str]:
    yield (
        "# Rules of `millpond lint`\n\n"
        f"{len(rules)} rules, from their docstrings in `src/millpond/lint/rules/`; written by "
        "`make docs`.\nHow to use them is in [lint.md](lint.md); which rule answers which line of "
        "the review checklist,\nin [checklist.md](checklist.md).\n"
    )
    for category, group in groupby(rules, key=lambda rule: rule.category.value):
        yield f"\n## {category}\n"
        for rule in group:
            text = documentation(rule)
            facts = [rule.severity.value, ", ".join(rule.applies_to)]
            facts += ["`--fix` mends it"] if rule.fixable else []
            yield f"\n### {rule.code} {rule.name}\n\n*{' · '.join(filter(None, facts))}*\n\n"
            yield f"{text.summary}\n\n{text.explanation}\n\n**Anti-pattern**\n\n"
            yield f"{text.anti_pattern}\n\n**Best practice**\n\n{text.best_practice}\n"
