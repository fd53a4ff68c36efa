"""Write the pages under docs/ that are made from the code: errors, differences, lint rules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from millpond.codes import Code, all_codes
from millpond.differences import all_features
from millpond.lint import all_rules
from millpond.report.rules import rules_page

DOCS = Path(__file__).resolve().parent.parent / "docs"

_HEAD = """\
# Error codes

Every error that Millpond reports, from `src/millpond/codes.py`; written by `make docs`.
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


def pages() -> dict[str, str]:
    """The generated pages: file name under docs/ to content."""
    return {
        "errors.md": _HEAD + "".join(_row(code) for code in all_codes()),
        "differences.md": _DIFFERENCES + "".join(_areas()),
        "rules.md": rules_page(all_rules()),
    }


def _areas() -> Iterator[str]:
    for area, features in groupby(all_features(), key=lambda feature: feature.area):
        yield f"\n## {area}\n\n| what | on Databricks | here |\n|---|---|---|\n"
        for each in features:
            yield f"| `{each.name}` | {_cell(each.databricks)} | {_cell(each.here)} |\n"


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
