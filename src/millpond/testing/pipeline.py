"""The pipeline of one test: open it, feed it, run it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.definitions import PipelineSpec
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.events.outcome import ErrorSummary, UpdateSummary
from millpond.location import Span
from millpond.sources.choice import ChosenPipeline
from millpond.testing.failure import PipelineFailed, told
from millpond.testing.files import Landing
from millpond.testing.result import Result
from millpond.testing.source import Source
from millpond.testing.substitutes import Substitutes

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class LocalPipeline:
    """A pipeline with a state of its own, empty at the start of the test.

    The `pipeline` fixture is one. Without `open` it is the pipeline of the `databricks.yml` in
    the folder of the test or above it, or what pytest's settings or the marker name.
    """

    def __init__(
        self,
        source: Source,
        start: Path,
        folder: Path,
        session: Callable[[], SparkSession],
    ) -> None:
        self._source = source
        self._start = start
        self._folder = folder
        self._session = session
        self._chosen: ChosenPipeline | None = None
        self._substitutes: Substitutes | None = None
        self._landing = Landing(folder / "files")
        self._result: Result | None = None
        self._closed = False

    @told
    def open(
        self,
        path: str | Path | None = None,
        *,
        target: str | None = None,
        pipeline: str | None = None,
        variables: Mapping[str, str] | None = None,
        configuration: Mapping[str, str] | None = None,
        catalog: str | None = None,
        schema: str | None = None,
    ) -> LocalPipeline:
        """Choose the pipeline; what is not given is as without `open`. Returns the same object.

        Args:
            path: a bundle, or a file or folder of source; relative to the test's folder.
            target: the bundle's target.
            pipeline: the key of the pipeline in the bundle, if it has several.
            variables: values of the bundle's variables.
            configuration: laid over the pipeline's `configuration`.
            catalog, schema: where unqualified names live.

        Raises:
            PipelineFailed: TEST_PIPELINE_OPENED_LATE, or what is wrong with the bundle.
        """
        if self._chosen is not None:
            raise MillpondError(codes.TEST_PIPELINE_OPENED_LATE, at=caller_span())
        chosen = Source(
            Path(path) if path is not None else None,
            target,
            pipeline,
            variables or {},
            configuration or {},
            catalog,
            schema,
        )
        self._source = chosen.over(self._source)
        self._opened()
        return self

    @property
    def spec(self) -> PipelineSpec:
        """The settings of the pipeline, as they are run: names, source, configuration."""
        self._opened()
        assert self._chosen is not None, "opened"
        return self._chosen.spec

    @property
    def state(self) -> Path:
        """The folder of the tables, checkpoints and the event log (`millpond sql --state`)."""
        return self._folder / "state"

    @told
    def feed(self, name: str, data: Any, schema: Any = None) -> None:
        """Give a dataset or table rows; the next `run` reads them, and a stream only once.

        A dataset of the pipeline that is fed is not run, nor is what only it reads. A table from
        outside the pipeline is fed in the same way. Feeding again adds rows.

        Args:
            name: as the source writes it; or a path, under which the rows arrive as a JSON file.
            data: a Spark or pandas frame; rows as dicts or tuples; CSV (with a header) or JSON
                as a str; or the Path of a .csv, .json or .parquet file.
            schema: DDL or a StructType. If not given: that of the first feed, else what the
                dataset declares, else what the data tell. Keys that a row lacks are NULL.

        Raises:
            PipelineFailed: INVALID_NAME or TEST_PATH_NOT_VALID; at the next `run`
                TEST_INPUT_COLUMNS, TEST_INPUT_NOT_VALID, TEST_INPUT_TOO_LATE or
                TEST_INPUT_NOT_READ.
        """
        at = caller_span()
        substitutes = self._opened()
        if name.startswith("/") or ":/" in name:
            self._arrive(name, data, at)
        else:
            substitutes.feed(name, data, schema, at)

    @told
    def add_file(self, path: str, content: str | bytes | Path) -> Path:
        """Let a file arrive where the pipeline looks for files.

        A volume (or bucket, or mount) in which the test puts a file holds the test's files
        only; all others are where millpond.yml says.

        Args:
            path: as in the source: `/Volumes/main/default/landing/1.json`, `s3://…`, `dbfs:/…`.
            content: its text or bytes, or the Path of a file or folder to copy.

        Returns:
            Where the file is on this machine.

        Raises:
            PipelineFailed: TEST_PATH_NOT_VALID.
        """
        self._opened()
        return self._landing.add(path, content, caller_span())

    @told
    def run(
        self,
        *datasets: str,
        refresh: tuple[str, ...] | list[str] = (),
        full_refresh: tuple[str, ...] | list[str] = (),
        full_refresh_all: bool = False,
        check: bool = True,
    ) -> Result:
        """Run an update.

        Args:
            datasets: run these, and what they read that is not fed; the rest of the pipeline
                need not even be able to run. A temporary view named here is stored like a
                table. None given: the whole pipeline.
            refresh: as `millpond run --refresh`: these alone, from what their inputs hold now.
            full_refresh: as `millpond run --full-refresh`.
            full_refresh_all: rebuild everything from what the sources still hold.
            check: raise if the update fails; else look at the result's `state` and `error`.

        Raises:
            PipelineFailed: with Millpond's diagnostics, if the update failed and `check` is on;
                always if the test itself is wrong (codes `TEST_…`).
        """
        from millpond.engine.update import UpdateRequest, run_update

        substitutes = self._opened()
        assert self._chosen is not None, "opened"
        spec = self._chosen.spec
        inputs = self._landing.over(substitutes.over(self._chosen.inputs, self.state))
        session = self._session()
        request = UpdateRequest(
            spec,
            self.state,
            inputs,
            refresh=tuple(refresh),
            full_refresh=tuple(full_refresh),
            full_refresh_all=full_refresh_all,
            part=functools.partial(substitutes.part, datasets),
        )
        summary = run_update(request, lambda event: None)
        self._result = Result(summary, spec, self.state, session)
        _raise_failures(summary, substitutes, spec.project, check)
        return self._result

    @told
    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a dataset as the last run left them; see `Result.rows`.

        Raises:
            PipelineFailed: TEST_PIPELINE_NOT_RUN, TEST_DATASET_UNKNOWN.
        """
        if self._result is None:
            raise MillpondError(codes.TEST_PIPELINE_NOT_RUN, at=caller_span())
        return self._result.rows(name)

    def close(self) -> None:
        """End its use, as the fixture does after the test; Spark forgets its tables."""
        from millpond.engine.classic.delta_logs import forget_delta_logs

        self._closed = True
        if self._result is not None:
            forget_delta_logs(self._session())

    def _opened(self) -> Substitutes:
        if self._closed:
            raise MillpondError(codes.TEST_PIPELINE_CLOSED, at=caller_span())
        if self._substitutes is None:
            self._chosen = self._source.chosen(self._start)
            spec = self._chosen.spec
            self._substitutes = Substitutes(spec.catalog, spec.schema)
        return self._substitutes

    def _arrive(self, folder: str, data: Any, at: Span) -> None:
        """Rows as a file of JSON lines in a folder; its name is one the folder does not have."""
        from millpond.testing.frames import parsed
        from millpond.testing.rows import as_rows

        rows = parsed(data) if isinstance(data, (str, Path)) else as_rows(data)
        text = "".join(json.dumps(row, default=str) + "\n" for row in rows)
        number = len(list((self._folder / "files").rglob("*"))) + 1
        self._landing.add(f"{folder.rstrip('/')}/fed-{number}.json", text, at)


def _raise_failures(
    summary: UpdateSummary, substitutes: Substitutes, project: Path, check: bool
) -> None:
    unread = tuple(map(ErrorSummary.of, substitutes.unread(summary)))
    if unread:
        raise PipelineFailed((*unread, *summary.errors), project)
    wrong = [error for error in summary.errors if error.code.startswith("TEST_")]
    if summary.state != "COMPLETED" and (check or wrong):
        raise PipelineFailed(summary.errors, project)
