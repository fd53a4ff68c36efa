"""`millpond deploy-check`: deploy a bundle to a workspace on this machine, and say what it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from millpond.cli.options import output_option, path_argument, target_option, variable_option
from millpond.cli.reporting import print_json, print_text, print_warnings, reporting, summaries
from millpond.cli.state import STATE_HOME, keep_out_of_git
from millpond.cli.validate import bundle_file
from millpond.codes import DEPLOY_NOT_CHECKED, ExitStatus
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from millpond.bundle import Bundle
    from millpond.workspace.client import Client
    from millpond.workspace.comparison import Change


@click.command("deploy-check")
@path_argument
@target_option
@variable_option
@click.option(
    "--record",
    is_flag=True,
    help="Write down what is deployed, for the next check to compare with.",
)
@output_option("text", "json")
def deploy_check(
    path: Path, target: str | None, variables: dict[str, str], record: bool, output: str
) -> int:
    """Say what `databricks bundle deploy` would upload, create and change.

    The bundle is deployed to a workspace that lives on this machine for as long as the command
    runs. Changes are told against what --record wrote down last; without that, all is new.
    """
    with reporting(output) as report:
        from millpond.workspace.comparison import Snapshot, changes

        file = bundle_file(path)
        report.project = file.parent
        with _workspace(file, target, variables) as (bundle, client):
            snapshot, warnings = _deploy(bundle, client)
        written = file.parent / STATE_HOME / f"deployed-{bundle.target}.json"
        before = Snapshot.read(written) or Snapshot({}, {})
        print_warnings(summaries(warnings), report.project)
        files = changes(before.files, snapshot.files)
        resources = changes(before.resources, snapshot.resources)
        if output == "json":
            _print_document(bundle, files, resources, warnings)
        else:
            from millpond.report.deployment import render_deployment

            print_text(render_deployment(bundle, files, resources))
        if record:
            keep_out_of_git(written.parent)
            snapshot.write(written)
    return ExitStatus.DONE


@contextmanager
def _workspace(
    file: Path, target: str | None, variables: dict[str, str]
) -> Iterator[tuple[Bundle, Client]]:
    """A workspace that has all that the bundle's variables look up, and the bundle for it."""
    import tempfile

    from millpond.bundle import load_bundle
    from millpond.bundle.workspace import local_user
    from millpond.workspace import FakeWorkspace
    from millpond.workspace.client import Client
    from millpond.workspace.named import LISTINGS

    user = local_user()
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeWorkspace(Path(folder), user=user.name) as workspace,
    ):
        client = Client(workspace.url, workspace.token)

        def look_up(kind: str, name: str) -> str | None:
            if kind in LISTINGS:
                workspace.named.add(kind, name)
            return client.look_up(kind, name)

        try:
            yield (
                load_bundle(
                    file,
                    target=target,
                    variables=variables,
                    user=user,
                    deployed=True,
                    look_up=look_up,
                ),
                client,
            )
        finally:
            client.close()


def _deploy(bundle: Bundle, client: Client) -> tuple[Any, tuple[MillpondError, ...]]:
    from millpond.bundle.sync import synced_files
    from millpond.workspace.comparison import Snapshot
    from millpond.workspace.deployment import Deployment

    files, odd = synced_files(bundle.sync)
    deployment = Deployment(bundle, client)
    deployment.upload(files)
    deployment.create()
    unchecked = tuple(
        MillpondError(DEPLOY_NOT_CHECKED, at=bundle.places.get(key), resource=".".join(key))
        for key in deployment.unchecked
    )
    snapshot = Snapshot.of(bundle.sync.root, files, deployment.bodies)
    return snapshot, (*bundle.warnings, *odd, *unchecked)


def _print_document(
    bundle: Bundle,
    files: tuple[Change, ...],
    resources: tuple[Change, ...],
    warnings: tuple[MillpondError, ...],
) -> None:
    print_json(
        {
            "schema_version": 1,
            "bundle": bundle.name,
            "target": bundle.target,
            "files": [{"action": each.action, "path": each.name} for each in files],
            "resources": [
                {
                    "action": each.action,
                    "resource": each.name,
                    "changes": [
                        {"path": path, "before": before, "after": after}
                        for path, before, after in each.fields
                    ],
                }
                for each in resources
            ],
            "warnings": [each.to_json(bundle.file.parent) for each in summaries(warnings)],
        }
    )
