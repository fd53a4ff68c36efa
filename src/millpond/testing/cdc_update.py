"""One update of a trial of AUTO CDC, in this process or in one of its own."""

from __future__ import annotations

import uuid
from pathlib import Path

from millpond.definitions import PipelineSpec, SourceFile, SourceKind


class TrialFailed(Exception):  # noqa: N818 - what happened, in the words of the trial
    """An update of a trial ended with an error."""


def run_trial_update(folder: Path, source: Path) -> None:
    """Run an update of the source, with the state of the trial.

    Raises:
        TrialFailed: it did not end as it should.
    """
    from millpond.engine.update import UpdateRequest, run_update
    from millpond.sources.inputs import LocalInputs

    request = UpdateRequest(_spec(folder, source), folder / "state", LocalInputs())
    summary = run_update(request, lambda event: None)
    if summary.state != "COMPLETED":
        raise TrialFailed("\n".join(f"{each.code}: {each.message}" for each in summary.errors))


def _spec(folder: Path, source: Path) -> PipelineSpec:
    return PipelineSpec(
        key="histories",
        name="histories",
        pipeline_id=str(uuid.uuid5(uuid.NAMESPACE_URL, str(folder))),
        target="default",
        catalog="main",
        schema="default",
        sources=(SourceFile(source, SourceKind.PYTHON),),
        root_path=source.parent,
        project=folder,
    )
