"""`millpond doctor`: whether this machine has what a run needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from millpond.cli.options import output_option
from millpond.cli.reporting import print_json, reporting
from millpond.codes import ExitStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from millpond.runtime.doctor import Check


@click.command()
@output_option("text", "json")
def doctor(output: str) -> int:
    """Check that this machine has what a run needs."""
    with reporting(output):
        from millpond.runtime.doctor import checks

        found = tuple(checks())
        if output == "json":
            print_json(
                {
                    "schema_version": 1,
                    "ok": all(check.ok for check in found),
                    "checks": [
                        {
                            "name": check.name,
                            "ok": check.ok,
                            "detail": check.detail,
                            "hint": None if check.ok else check.hint,
                        }
                        for check in found
                    ],
                }
            )
        else:
            _print_text(found)
    return ExitStatus.DONE if all(check.ok for check in found) else ExitStatus.INPUT_WRONG


def _print_text(checks: Sequence[Check]) -> None:
    from millpond.report.text import table

    rows = [["ok" if check.ok else "MISSING", check.name, check.detail] for check in checks]
    for line, check in zip(table(rows, "<<<"), checks, strict=True):
        click.echo(line)
        if not check.ok:
            click.echo(f"  hint: {check.hint}")
    missing = sum(not check.ok for check in checks)
    summary = "Everything is there." if not missing else f"{missing} of {len(checks)} missing."
    click.echo(f"\n{summary}")
