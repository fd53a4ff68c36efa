"""`millpond rule`: what a rule of `millpond lint` means, and examples of both kinds."""

from __future__ import annotations

import click


@click.command()
@click.argument("code", required=False)
def rule(code: str | None) -> None:
    """Explain the rule CODE of `millpond lint`; without CODE, list all rules."""
    from difflib import get_close_matches

    from millpond.lint import all_rules, find_rule
    from millpond.report.rules import render_rule, render_rules

    if code is None:
        click.echo(render_rules(all_rules()))
        return
    found = find_rule(code)
    if found is None:
        known = [name for each in all_rules() for name in (each.code, each.name)]
        close = get_close_matches(code.upper(), known, 1) or get_close_matches(code, known, 1)
        hint = f" Did you mean {close[0]}?" if close else " `millpond rule` lists them all."
        raise click.BadParameter(f"{code!r} is no rule.{hint}", param_hint="CODE")
    click.echo(render_rule(found))
