"""A rule's docstring, read: its summary, its explanation, and its two examples."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from millpond.lint.rule import Rule

_FENCE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
_FILES = {"python": "src/pipeline.py", "sql": "src/pipeline.sql", "yaml": "databricks.yml"}
ANTI_PATTERN, BEST_PRACTICE = "**Anti-pattern**", "**Best practice**"


@dataclass(frozen=True, slots=True)
class Documentation:
    """What a rule says of itself.

    Attributes:
        anti_pattern, best_practice: as Markdown.
    """

    summary: str
    explanation: str
    anti_pattern: str
    best_practice: str


def documentation(rule: Rule) -> Documentation:
    """The parts of a rule's docstring.

    Raises:
        ValueError: one of the two blocks is missing.
    """
    text = inspect.cleandoc(type(rule).__doc__ or "")
    head, found, rest = text.partition(ANTI_PATTERN)
    bad, also, good = rest.partition(BEST_PRACTICE)
    if not found or not also:
        raise ValueError(f"{rule.code} has no {ANTI_PATTERN} or no {BEST_PRACTICE}")
    summary, _, explanation = head.strip().partition("\n\n")
    return Documentation(summary, explanation.strip(), bad.strip(), good.strip())


def example_files(block: str) -> dict[str, str]:
    """The files of an example by their names in a project.

    YAML stands in databricks.yml, which gets a `bundle` if it has none; Python and SQL in
    a file of the folder `src`.
    """
    files = {_FILES[language]: text for language, text in _FENCE.findall(block)}
    settings = files.get("databricks.yml")
    if settings is not None and not re.search(r"^bundle:", settings, re.MULTILINE):
        files["databricks.yml"] = f"{settings}bundle:\n  name: example\n"
    return files
