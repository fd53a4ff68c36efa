"""`python -m millpond.testing.cdc_histories`: AUTO CDC against its model, on random histories."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import click

from millpond.testing.cdc_kinds import KINDS, kind_named
from millpond.testing.cdc_trial import Plan, Trial
from millpond.testing.cdc_update import TrialFailed

_NAMES = tuple(kind.name for kind in KINDS)


@click.command()
@click.option("--seed", type=int, help="Of the histories; a new one each time if not given.")
@click.option("--count", default=50, show_default=True, help="Histories of each kind.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(_NAMES), help="All if not given.")
@click.option("--history", type=int, help="Only the history of this number.")
@click.option("--updates", default=2, show_default=True, help="Updates, each of them a restart.")
@click.option("--batches", default=3, show_default=True, help="Batches of each update.")
@click.option("--crashes", default=0, show_default=True, help="Tries of each update that raise.")
@click.option("--kills", is_flag=True, help="Also kill each update in a process of its own.")
def main(
    seed: int | None,
    count: int,
    kinds: tuple[str, ...],
    history: int | None,
    updates: int,
    batches: int,
    crashes: int,
    kills: bool,
) -> None:
    """Apply random histories to targets of every kind, and compare them with the model.

    Every history is shuffled, partly repeated and cut into batches; batches are replayed between
    updates. Ends with 1 if a target is not what the model says, and prints how to try that
    history alone.
    """
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    chosen = tuple(kind_named(name) for name in kinds or _NAMES)
    numbers = range(count) if history is None else [history]
    click.echo(f"seed {seed}: {len(numbers)} histories of each of {len(chosen)} kinds")
    plan = Plan(seed, chosen, numbers, updates, batches, crashes, kills)
    with tempfile.TemporaryDirectory(prefix="millpond-cdc-") as folder:
        trial = Trial(plan, Path(folder))
        try:
            found = trial.run()
        except TrialFailed as failed:
            raise click.ClickException(str(failed)) from failed
    for mismatch in found:
        click.echo(str(mismatch), err=True)
    tried = len(numbers) * len(chosen)
    click.echo(
        f"{tried} histories, {trial.replays} replays, {trial.crashes} crashes, {trial.kills} kills:"
        f" {len(found)} mismatches"
    )
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
