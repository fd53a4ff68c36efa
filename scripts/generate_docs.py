"""Write the pages under docs/ that are made from the code: errors, differences, lint rules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from millpond.codes import Code, all_codes
from millpond.differences import all_features
from millpond.lint import all_rules
from millpond.lint.checklist import CHECKLIST, FURTHER, GOLDEN_RULES, Line
from millpond.report.rules import rules_page

DOCS = Path(__file__).resolve().parent.parent / "docs"

_HEAD = """\
# Error codes

Every error that Millpond reports, from `src/millpond/codes/`; written by `make docs`.
A word in braces stands for a value of the case. Exit: 1 the pipeline failed, 2 the input is
wrong, 3 a bug of Millpond.

| code | message | what to do | exit |
|---|---|---|---|
"""


_DIFFERENCES = """\
# What a local run does otherwise than Databricks

What Millpond accepts and treats otherwise, from `src/millpond/differences.py`; written by
`make docs`. A run ends with those that your pipeline uses, each with its line. What cannot be had
locally at all is refused with an error: see [errors.md](errors.md).
"""


_CHECKLIST = """\
# The review checklist as lint rules

Which rule answers which line of the checklist, in a Lakeflow pipeline and in a raw stream; from
`src/millpond/lint/checklist.py`, written by `make docs`. A dash: the line has no meaning there.
"""


def pages() -> dict[str, str]:
    """The generated pages: file name under docs/ to content."""
    return {
        "errors.md": _HEAD + "".join(_row(code) for code in all_codes()),
        "differences.md": _DIFFERENCES + "".join(_areas()),
        "rules.md": rules_page(all_rules()),
        "checklist.md": _CHECKLIST + "".join(_checklist()),
    }


def _areas() -> Iterator[str]:
    for area, features in groupby(all_features(), key=lambda feature: feature.area):
        yield f"\n## {area}\n\n| what | on Databricks | here |\n|---|---|---|\n"
        for each in features:
            yield f"| `{each.name}` | {_cell(each.databricks)} | {_cell(each.here)} |\n"


def _checklist() -> Iterator[str]:
    names = {rule.code: rule.name for rule in all_rules()}

    def rules(codes: tuple[str, ...]) -> str:
        return ", ".join(f"[{c}](rules.md#{c.lower()}-{names[c]})" for c in codes) or "-"

    def section(title: str, lines: tuple[Line, ...]) -> Iterator[str]:
        yield f"\n## {title}\n\n| line | pipelines | raw streams |\n|---|---|---|\n"
        for each in lines:
            cells = (each.text, rules(each.pipelines), rules(each.raw_streams))
            yield f"| {' | '.join(cells)} |\n"

    yield from section("Golden rules", GOLDEN_RULES)
    yield from section("Checklist", CHECKLIST)
    yield from section("What else hurts people", FURTHER)


def _row(code: Code) -> str:
    cells = (f"`{code.name}`", _cell(code.message), _cell(code.hint), str(int(code.exit)))
    return f"| {' | '.join(cells)} |\n"


def _cell(template: str) -> str:
    """A template as Markdown: one line, bars escaped, angle brackets not taken for HTML."""
    text = template.replace("{{", "{").replace("}}", "}")
    for plain, shown in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("\n", "<br>")):
        text = text.replace(plain, shown)
    # `{name!r}` is how Python is told to quote; a reader wants the name.
    return text.replace("!r}", "}")


def main() -> int:
    """Write the pages that are not as they should be, and name them."""
    for name, text in pages().items():
        file = DOCS / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            print(f"wrote docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
