"""Make the events of one update and hand each to whoever listens, in order."""

from __future__ import annotations

import getpass
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from uuid import UUID, uuid4

from millpond.definitions import DatasetKind, Expectation, FlowKind
from millpond.errors import MillpondError
from millpond.events.deprecations import deprecations
from millpond.events.event import Event, Origin
from millpond.events.failure import difference_details, error_column, error_details
from millpond.events.jobs import job_details
from millpond.events.metrics import DataQuality, Metrics
from millpond.notices import Notices
from millpond.redaction import masked, redacted, redacted_value

_LEVELS = {"FAILED": "ERROR", "SKIPPED": "WARN", "STOPPED": "WARN"}


def _now() -> datetime:
    return datetime.now(timezone.utc)


class Recorder:
    """The events of one update; safe to call from the threads of several flows.

    Listeners are called one event at a time, in the order of the events' sequence, in the
    thread that recorded the event; they hold up the flows, so they should be quick. Ids and
    sequence numbers come from the clock, and increase even where the clock stands still.
    """

    def __init__(
        self,
        origin: Origin,
        listeners: Sequence[Callable[[Event], None]],
        *,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._origin = origin
        self._listeners = tuple(listeners)
        self._clock = clock
        self._lock = threading.RLock()
        self._sequence = 0

    def create_update(
        self,
        cause: str,
        full_refresh: bool,
        refresh_selection: Iterable[str],
        full_refresh_selection: Iterable[str],
        dry_run: bool,
        config: Mapping[str, object],
        jobs: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        """The first event of an update: what was asked for.

        `cause` is one of reference 5.1 (`USER_ACTION` from the command line); `jobs` are those
        of the bundle that run the pipeline, by their keys.
        """
        body: dict[str, Any] = {
            "update_id": self._origin.update_id,
            "run_as": _user(),
            "cause": cause,
            "config": masked(config),
            "full_refresh": full_refresh,
            "refresh_selection": list(refresh_selection),
            "full_refresh_selection": list(full_refresh_selection),
            "validate_only": dry_run,
            "effective_publishing_mode": "DEFAULT_PUBLISHING_MODE",
        }
        if jobs:
            found = [job_details(key, masked(settings)) for key, settings in jobs.items()]
            body["millpond"] = {"jobs": found}
        what = "Validation" if dry_run else "Update"
        message = f"{what} {self._origin.update_id} of '{self._origin.pipeline_name}' was created."
        self._record("create_update", body, message)

    def user_action(self, action: str) -> None:
        """Somebody did something to the pipeline: `START` for an update by hand."""
        user = _user()
        body = {"user_name": user, "user_id": None, "action": action}
        self._record("user_action", body, f"User {user} did {action}.")

    def runtime_details(self, runtime: str) -> None:
        """What the update runs on, where a query looks for the version of Databricks' runtime."""
        body = {
            "dbr_version": runtime,
            "image_key": None,
            "effective_environment_version": None,
            "runtime_version": {"dbr_version": runtime},
        }
        self._record("runtime_details", body, f"The update runs on {runtime}.")

    def update_progress(self, state: str) -> None:
        """The update entered a state of reference 5.1, such as `RUNNING` or `COMPLETED`."""
        message = f"Update {self._origin.update_id} is {state}."
        body = {"state": state}
        if state == "CANCELED":
            body["cancellation_cause"] = "USER_ACTION"
        self._record("update_progress", body, message, level=_LEVELS.get(state, "INFO"))

    def stream_progress(
        self, flow: str, dataset: str, progress: str, *, batch_id: int, flow_id: str
    ) -> None:
        """Spark's own progress of one batch, as JSON without the rates (reference 6.3)."""
        self._record(
            "stream_progress",
            {"progress_json": progress},
            f"Flow '{flow}' has made progress in a stream.",
            level="METRICS",
            maturity_level="EVOLVING",
            flow_name=flow,
            dataset_name=dataset,
            batch_id=batch_id,
            flow_id=flow_id,
        )

    def dataset_definition(
        self,
        name: str,
        kind: DatasetKind,
        num_flows: int,
        expectations: Iterable[Expectation],
    ) -> None:
        """A dataset of the update's graph, by its name in full, with its expectations."""
        body = {
            "dataset_type": kind.value,
            "num_flows": num_flows,
            "expectations": [
                {"name": each.name, "expression": str(each.condition), "action": each.action.value}
                for each in expectations
            ],
        }
        message = f"Dataset '{name}' is defined as {kind.value}."
        self._record("dataset_definition", body, message, dataset_name=name)

    def sink_definition(self, name: str, form: str, options: Mapping[str, str]) -> None:
        """A sink of the update's graph (reference 6.3)."""
        body = {"format": form, "options": masked(options)}
        message = f"Sink '{name}' is defined with the format {form}."
        self._record("sink_definition", body, message, dataset_name=name, sink_name=name)

    def operation_progress(
        self,
        kind: str,
        status: str,
        flow: str,
        dataset: str,
        *,
        flow_id: str | None = None,
        duration_ms: int | None = None,
        source_path: str | None = None,
        files: int | None = None,
    ) -> None:
        """Work of a flow before or beside its batches, of a type of reference 6.3.

        Args:
            duration_ms: at its end only.
            source_path, files: of AUTO_LOADER_LISTING, what was listed and how much was found.
        """
        body: dict[str, Any] = {"type": kind, "status": status}
        if duration_ms is not None:
            body["duration_ms"] = duration_ms
        if source_path is not None:
            body["auto_loader_details"] = {"source_path": source_path, "num_files_listed": files}
        self._record(
            "operation_progress",
            body,
            f"{kind} of flow '{flow}' is {status}.",
            level=_LEVELS.get(status, "INFO"),
            flow_name=flow,
            dataset_name=dataset,
            flow_id=flow_id,
        )

    def hook_progress(self, name: str, status: str, error: MillpondError) -> None:
        """An event hook failed, or was disabled; hooks do not see this (reference 1.9)."""
        self._record(
            "hook_progress",
            {"name": name, "status": status},
            f"Event hook '{name}' is {status}: {error.message}",
            level="WARN",
            error=error_column(error, fatal=False),
        )

    def flow_definition(
        self,
        name: str,
        output_dataset: str,
        input_datasets: Iterable[str],
        flow_type: FlowKind,
        language: str,
        comment: str | None,
        schema_json: str | None = None,
        once: bool = False,
        source: Mapping[str, Any] | None = None,
    ) -> None:
        """A flow of the update's graph: what it reads and writes, by names in full.

        `schema_json` is Spark's JSON form of the schema of the flow's query, `source` what
        `query_source` tells of its text.
        """
        body: dict[str, Any] = {
            "input_datasets": list(input_datasets),
            "output_dataset": output_dataset,
            "flow_type": flow_type.value,
            "language": language,
            "comment": comment,
            "schema_json": schema_json,
            "schema": json.loads(schema_json)["fields"] if schema_json is not None else None,
            "once": once,
        }
        if source is not None:
            body["millpond"] = {"source": dict(source)}
        message = f"Flow '{name}' is defined as {flow_type.value}."
        self._record("flow_definition", body, message, flow_name=name, dataset_name=output_dataset)

    def flow_progress(
        self,
        flow: str,
        dataset: str,
        status: str,
        *,
        batch_id: int | None = None,
        metrics: Metrics | None = None,
        data_quality: DataQuality | None = None,
        error: MillpondError | None = None,
        flow_id: str | None = None,
    ) -> None:
        """A flow changed its status (reference 6.4), or finished a batch.

        The numbers of a batch belong into one event: for a streaming flow the `RUNNING` one
        with its `batch_id`, for a materialized view the final one. Then a plain sum over the
        log's events is right (reference 6.6).
        """
        body: dict[str, Any] = {"status": status}
        extra: dict[str, Any] = {}
        if metrics is not None:
            (extra if metrics.only_here else body)["metrics"] = metrics.details()
        if data_quality is not None:
            body["data_quality"] = data_quality.details()
            if data_quality.view_drops:
                extra["view_drops"] = dict(data_quality.view_drops)
        if error is not None:
            extra["error"] = error_details(error)
        if extra:
            body["millpond"] = extra
        numbers = metrics is not None or data_quality is not None
        self._record(
            "flow_progress",
            body,
            _flow_message(flow, status, batch_id, error),
            level=_LEVELS.get(status, "METRICS" if numbers else "INFO"),
            error=error_column(error, fatal=False) if error is not None else None,
            flow_name=flow,
            dataset_name=dataset,
            batch_id=batch_id,
            flow_id=flow_id,
        )

    def planning_information(
        self, flow: str, dataset: str, issue: str | None, *, flow_id: str | None = None
    ) -> None:
        """How a materialized view is brought up to date (reference 6.5).

        `issue` is an `issue_type`: why it is recomputed; None if it is left as it is.
        """
        technique = "NO_OP" if issue is None else "COMPLETE_RECOMPUTE"
        issues = (
            [] if issue is None else [{"issue_type": issue, "prevent_incrementalization": True}]
        )
        body = {
            "technique_information": [
                {
                    "maintenance_type": f"MAINTENANCE_TYPE_{technique}",
                    "is_chosen": True,
                    "is_applicable": True,
                    "incrementalization_issues": issues,
                }
            ]
        }
        message = f"Flow '{flow}' has been planned to be executed as {technique}."
        self._record(
            "planning_information",
            body,
            message,
            flow_name=flow,
            dataset_name=dataset,
            flow_id=flow_id,
        )

    def user_error(self, error: MillpondError) -> None:
        """An error that belongs to no flow, such as a dataset that is defined twice.

        Databricks has no event type for it, so it gets one of its own, `millpond_error`,
        which no documented query selects.
        """
        self._record(
            "millpond_error",
            {"millpond": {"error": error_details(error)}},
            error.message,
            level="ERROR",
            error=error_column(error, fatal=True),
            maturity_level="EVOLVING",
        )

    def notices(self, notices: Notices) -> None:
        """What the user should know of the update beside its errors, once, before its last event.

        Deprecated spellings are `deprecation` events (reference 6.3); for all notices there is an
        event type of our own, `millpond_notices`; none is recorded when there is nothing to say.
        """
        body = {
            "warnings": [error_details(each) for each in notices.warnings],
            "differences": [difference_details(each) for each in notices.differences],
        }
        for value, said in deprecations(notices):
            self._record("deprecation", {"message": value}, said, level="WARN")
        said = ", ".join(f"{len(each)} {name}" for name, each in body.items() if each)
        if said:
            self._record("millpond_notices", body, said, maturity_level="EVOLVING")

    def _record(
        self,
        event_type: str,
        body: Mapping[str, Any],
        message: str,
        *,
        level: str = "INFO",
        error: Mapping[str, Any] | None = None,
        maturity_level: str = "STABLE",
        **origin: Any,
    ) -> None:
        with self._lock:
            now = self._clock()
            self._sequence = max(self._sequence + 1, _microseconds(now))
            event = Event(
                id=_event_id(self._sequence),
                sequence=self._sequence,
                origin=replace(self._origin, **origin).row(),
                timestamp=now,
                message=redacted(message),
                level=level,
                event_type=event_type,
                details={event_type: redacted_value(body)},
                error=redacted_value(error),
                maturity_level=maturity_level,
            )
            for listener in self._listeners:
                listener(event)


def _flow_message(flow: str, status: str, batch_id: int | None, error: MillpondError | None) -> str:
    if error is not None:
        return f"Flow '{flow}' {status}: {error.message}"
    if batch_id is not None:
        return f"Flow '{flow}' is {status}: batch {batch_id} is written."
    return f"Flow '{flow}' is {status}."


def _user() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container's user id may have no name
        return "unknown"


def _microseconds(moment: datetime) -> int:
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _event_id(sequence: int) -> str:
    """A UUID of version 7 that leads with the sequence: sorting ids sorts events."""
    milliseconds, rest = divmod(sequence, 1000)
    random = uuid4().int & ((1 << 62) - 1)
    return str(UUID(int=milliseconds << 80 | 7 << 76 | rest << 66 | 2 << 62 | random))
