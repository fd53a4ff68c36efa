"""Run an update of a pipeline of the workspace with Millpond, from the files imported there."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond.bundle.paths import Roots
from millpond.bundle.pipelines import build_spec
from millpond.bundle.problems import Problems
from millpond.bundle.project import override
from millpond.bundle.value import from_plain
from millpond.errors import Failures, MillpondError
from millpond.location import Span
from millpond.workspace.files import Files

if TYPE_CHECKING:
    from millpond.definitions import PipelineSpec
    from millpond.events import Event
    from millpond.sources.inputs import LocalInputs

TARGET = "workspace"
"""The target of `millpond.yml` that pipelines of the workspace are run with."""

_ROOT = "/Workspace"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the request for an update says.

    Attributes:
        refresh, full_refresh, reset_checkpoint: names of tables, and of flows.
        stop: set when somebody asks the update to stop.
    """

    pipeline_id: str
    update_id: str
    refresh: tuple[str, ...] = ()
    full_refresh: tuple[str, ...] = ()
    reset_checkpoint: tuple[str, ...] = ()
    full_refresh_all: bool = False
    validate_only: bool = False
    cause: str = "API_CALL"
    stop: threading.Event = field(default_factory=threading.Event, compare=False)


Runner = Callable[["PipelineSpec", Path, "LocalInputs", Asked, Callable[["Event"], None]], str]
"""Runs an update of a spec in a state folder and returns the state that it ends in."""


class UpdateRunner:
    """Runs updates, one at a time.

    Args:
        folder: for the pipelines' files and state, a folder for each.
        inputs: a `millpond.yml`, or None.
        run: how to run an update; by the engine if None.
    """

    def __init__(self, folder: Path, files: Files, inputs: Path | None, run: Runner | None) -> None:
        self._folder = folder
        self._files = files
        self._inputs = inputs
        self._run = run or run_with_millpond
        self._one = threading.Lock()

    def run(
        self, settings: Mapping[str, Any], asked: Asked, on_event: Callable[[Event], None]
    ) -> str:
        """Run an update of a pipeline with these settings; returns the state that it ends in.

        Raises:
            MillpondError, Failures: what keeps the update from starting.
        """
        with self._one:
            if asked.stop.is_set():
                return "CANCELED"
            home = self._folder / "pipelines" / asked.pipeline_id
            spec = self._spec(settings, asked.pipeline_id, home / "files")
            inputs = self._local_inputs()
            spec = override(spec, configuration={**inputs.configuration, **spec.configuration})
            return self._run(spec, home / "state", inputs, asked, on_event)

    @contextmanager
    def asking(self) -> Iterator[tuple[Path, ...]]:
        """The state folders of the pipelines that have run, while no update is at work on them."""
        from millpond.engine.state import STATE_FILE

        with self._one:
            found = (self._folder / "pipelines").glob(f"*/state/{STATE_FILE}")
            yield tuple(file.parent for file in sorted(found))

    def _spec(self, settings: Mapping[str, Any], identity: str, folder: Path) -> PipelineSpec:
        # What was deleted in the workspace is not to be run any more.
        shutil.rmtree(folder, ignore_errors=True)
        workspace = folder / _ROOT.strip("/")
        for path, content in self._files.below(_ROOT).items():
            file = folder / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        workspace.mkdir(parents=True, exist_ok=True)
        problems = Problems()
        at = Span(workspace / "pipeline", 1)
        pipeline = from_plain(_with_roots(dict(settings)), at)
        roots = Roots(workspace, workspace, _ROOT)
        key = str(settings.get("name") or identity)
        spec = build_spec(key, pipeline, target=TARGET, roots=roots, problems=problems)
        problems.raise_errors()
        return replace(spec, pipeline_id=identity, at=None)

    def _local_inputs(self) -> LocalInputs:
        from millpond.sources.inputs import PathMapping, load_inputs
        from millpond.sources.paths import PathPattern

        inputs = load_inputs(self._inputs, TARGET)
        volumes = tuple(
            PathMapping(
                PathPattern("/Volumes/" + volume.relative_to(self._files.volumes).as_posix()),
                str(volume),
                volume,
                Span(self._files.volumes, 1),
            )
            for volume in sorted(self._files.volumes.glob("*/*/*"))
        )
        return replace(inputs, paths=(*volumes, *inputs.paths))


def run_with_millpond(
    spec: PipelineSpec,
    state: Path,
    inputs: LocalInputs,
    asked: Asked,
    on_event: Callable[[Event], None],
) -> str:
    """Run an update with the engine, in this process."""
    from millpond.engine.update import UpdateRequest, run_update

    request = UpdateRequest(
        spec,
        state,
        inputs,
        refresh=asked.refresh,
        full_refresh=asked.full_refresh,
        full_refresh_all=asked.full_refresh_all,
        dry_run=asked.validate_only,
        reset_checkpoint=asked.reset_checkpoint,
        update_id=asked.update_id,
        cause=asked.cause,
        stop=asked.stop,
    )
    return run_update(request, on_event).state


def told(error: BaseException) -> str:
    """What kept an update from starting, in one text."""
    errors = error.errors if isinstance(error, Failures) else (error,)
    return "\n".join(
        f"{each} ({each.at.shown()})" if isinstance(each, MillpondError) and each.at else str(each)
        for each in errors
    )


def _with_roots(data: Any) -> Any:
    """The settings with every path of the workspace spelled from /Workspace on."""
    if isinstance(data, dict):
        return {key: _rooted(key, _with_roots(value)) for key, value in data.items()}
    return [_with_roots(each) for each in data] if isinstance(data, list) else data


def _rooted(key: str, value: Any) -> Any:
    is_path = key in ("path", "include", "root_path") and isinstance(value, str)
    if is_path and value.startswith("/") and not value.startswith((_ROOT + "/", "/Volumes/")):
        return _ROOT + value
    return value
