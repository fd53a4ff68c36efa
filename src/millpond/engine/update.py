"""Run an update of a pipeline, again if it may pass, and write the event log."""

from __future__ import annotations

import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from millpond import codes
from millpond.engine.classic.process import java_process
from millpond.engine.configuration import applied_configuration, with_secrets
from millpond.engine.event_logs import publish_log
from millpond.engine.failure import is_lost_connection
from millpond.engine.holder import note_java
from millpond.engine.hooks import HookRunner
from millpond.engine.phases import Phases
from millpond.engine.request import UpdateRequest
from millpond.engine.retry import pause, update_tries
from millpond.engine.spark.remote import shown_url
from millpond.engine.spark.session import start_session
from millpond.engine.state import State, open_state
from millpond.engine.stop import stop_on_signals
from millpond.errors import MillpondError
from millpond.events.event import Event, Origin
from millpond.events.log import EventLog
from millpond.events.outcome import UpdateSummary
from millpond.events.recorder import Recorder
from millpond.events.summary import summarize
from millpond.load.pipeline import read_programs
from millpond.load.program import Program
from millpond.notices import Notices, noticing

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["UpdateRequest", "run_update"]

_DEEP = 20_000
"""Python's recursion limit during an update: datasets are resolved inside each other's reads."""


def run_update(request: UpdateRequest, on_event: Callable[[Event], None]) -> UpdateSummary:
    """Run one update and return what it did, as its events tell it.

    Errors in the user's source or data are in the summary, whose state is then FAILED. Ctrl-C or
    SIGTERM ends it after the batches that are running; its state is then CANCELED. With retries,
    an update that may pass is followed by another one, and the summary is that of the last.

    Args:
        on_event: called with every event as it happens, in order, from several threads.

    Raises:
        MillpondError: for what comes before an update: the state folder is in use, or Java
            or Spark's jars are missing; or SPARK_ENDED, REMOTE_ENDED.
        Failures: source whose text is wrong, so that there is nothing to update.
    """
    spec = with_secrets(request.spec, request.inputs)
    request = replace(request, spec=spec)
    with (
        open_state(request.state, spec.catalog, spec.schema, spec.project, spec.target) as state,
        _spark_errors(state, request.session.remote),
    ):
        # Before Spark starts: most mistakes are told in half a second.
        notices = Notices()
        with noticing(notices):
            programs = read_programs(spec, request.inputs)
            tries = _tries(request)
        session = start_session(state.logs, choice=request.session)
        note_java(state.folder, java_process(session))
        publish_log(state, spec)
        with stop_on_signals(request.stop) as stop:
            for attempt in range(1, tries + 1):
                update = _Update(request, session, state, on_event, stop)
                may_pass = update.run(programs, notices)
                if not may_pass or attempt == tries or stop.wait(pause(attempt)):
                    break
                request = _retried(request)
        return summarize(update.log.kept.all())


class _Update:
    """One update: its id, its log, its hooks."""

    def __init__(
        self,
        request: UpdateRequest,
        session: SparkSession,
        state: State,
        on_event: Callable[[Event], None],
        stop: threading.Event,
    ) -> None:
        self._request = request
        self._state = state
        self._stop = stop
        self._session = session
        self.log = EventLog(session, state.events, state.journal)
        update_id = request.update_id or str(uuid.uuid4())
        origin = Origin(request.spec.pipeline_id, request.spec.name, update_id)
        self._hooks = HookRunner()
        self._recorder = Recorder(origin, [self.log.see, on_event, self._hooks.see])

    def run(self, programs: tuple[Program, ...], notices: Notices) -> bool:
        """Run it; returns whether it failed and may pass if it is run again."""
        phases = Phases(
            self._request,
            programs,
            self._session,
            self._state,
            self._recorder,
            self.log,
            notices,
            self._hooks,
            self._stop,
        )
        configuration = self._request.spec.configuration
        try:
            with _deep_recursion(), applied_configuration(self._session, configuration):
                phases.run()
        finally:
            try:
                self.log.write()
            finally:
                self.log.close()
        return phases.may_pass


def _tries(request: UpdateRequest) -> int:
    once = not request.retries or request.continuous or request.dry_run
    return 1 if once else update_tries(request.spec)


def _retried(request: UpdateRequest) -> UpdateRequest:
    """The same tables once more; those that were emptied go on from where they are."""
    named = tuple(dict.fromkeys((*request.refresh, *request.full_refresh)))
    return replace(
        request,
        update_id=None,
        cause="RETRY_ON_FAILURE",
        refresh=() if request.full_refresh_all else named,
        full_refresh=(),
        full_refresh_all=False,
        reset_checkpoint=(),
    )


@contextmanager
def _spark_errors(state: State, remote: str | None) -> Iterator[None]:
    """Say what it means when Spark's process, or a server in its place, no longer answers."""
    try:
        yield
    except Exception as error:
        if isinstance(error, MillpondError) or not is_lost_connection(error):
            raise
        if remote is not None:
            raise MillpondError(codes.REMOTE_ENDED, url=shown_url(remote)) from error
        raise MillpondError(codes.SPARK_ENDED, log=state.logs / "jvm.log") from error


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
