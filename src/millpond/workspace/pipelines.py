"""Pipelines, their updates and events: `/api/2.0/pipelines`."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from millpond.workspace.api import ApiError, Request, Router, invalid, not_found
from millpond.workspace.events import page_of
from millpond.workspace.ids import made_id
from millpond.workspace.permissions import Permissions
from millpond.workspace.updates import Asked, UpdateRunner, told

if TYPE_CHECKING:
    from millpond.events import Event

_TERMINAL = frozenset(("COMPLETED", "FAILED", "CANCELED"))
_LARGEST_TAGS = 25
_NOT_SETTINGS = ("id", "pipeline_id", "dry_run", "allow_duplicate_names", "expected_last_modified")


@dataclass(slots=True)
class _Update:
    update_id: str
    state: str
    creation_time: int
    asked: Asked
    cause: str
    config: Mapping[str, Any]

    def described(self) -> dict[str, Any]:
        return {
            "update_id": self.update_id,
            "pipeline_id": self.asked.pipeline_id,
            "state": self.state,
            "creation_time": self.creation_time,
            "cause": self.cause,
            "full_refresh": self.asked.full_refresh_all,
            "refresh_selection": list(self.asked.refresh),
            "full_refresh_selection": list(self.asked.full_refresh),
            "validate_only": self.asked.validate_only,
        }


@dataclass(slots=True)
class _Pipeline:
    identity: str
    settings: dict[str, Any]
    updates: list[_Update] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def active(self) -> _Update | None:
        running = self.updates[-1] if self.updates else None
        return running if running is not None and running.state not in _TERMINAL else None


class Pipelines:
    """The pipelines of the workspace; starting an update of one runs it."""

    def __init__(self, user: str, runner: UpdateRunner, permissions: Permissions) -> None:
        self._user = user
        self._runner = runner
        self._permissions = permissions
        self._pipelines: dict[str, _Pipeline] = {}
        self._threads: list[threading.Thread] = []
        self._made = 0
        self._started = 0

    def register(self, router: Router) -> None:
        """Take the requests about pipelines."""
        base, one = "/api/2.0/pipelines", "/api/2.0/pipelines/{identity}"
        for method, path, handler in (
            ("POST", base, self._create),
            ("GET", base, self._list),
            ("GET", one, self._get),
            ("PUT", one, self._edit),
            ("DELETE", one, self._delete),
            ("POST", one + "/updates", self._start),
            ("GET", one + "/updates", self._list_updates),
            ("GET", one + "/updates/{update_id}", self._get_update),
            ("GET", one + "/events", self._list_events),
            ("POST", one + "/stop", self._stop),
        ):
            router.add(method, path, handler)

    def wait(self) -> None:
        """Let the updates that are running end."""
        for thread in list(self._threads):
            thread.join()

    def exists(self, identity: str) -> bool:
        """Whether there is a pipeline with this id."""
        return identity in self._pipelines

    def start(self, identity: str, body: Mapping[str, Any], cause: str) -> tuple[str, _Update]:
        """Start an update as `POST .../updates` does, and return its id and the update.

        Raises:
            ApiError: CONFLICT while another update of the pipeline is running.
        """
        pipeline = self._found(identity)
        if pipeline.active is not None:
            running = pipeline.active.update_id
            message = f"An active update {running} already exists for pipeline {identity}."
            raise ApiError(409, "CONFLICT", message)
        self._started += 1
        asked = Asked(
            identity,
            made_id("update", self._started),
            refresh=tuple(body.get("refresh_selection") or ()),
            full_refresh=tuple(body.get("full_refresh_selection") or ()),
            reset_checkpoint=tuple(body.get("reset_checkpoint_selection") or ()),
            full_refresh_all=bool(body.get("full_refresh")),
            validate_only=bool(body.get("validate_only")),
            cause=cause,
        )
        update = _Update(
            *(asked.update_id, "QUEUED", _now(), asked, cause), config=dict(pipeline.settings)
        )
        pipeline.updates.append(update)
        thread = threading.Thread(target=self._run, args=(pipeline, update), daemon=True)
        self._threads.append(thread)
        thread.start()
        return asked.update_id, update

    def stop(self, identity: str) -> None:
        """Ask the update of a pipeline that is running, if there is one, to stop."""
        running = self._found(identity).active
        if running is not None:
            running.asked.stop.set()

    def _run(self, pipeline: _Pipeline, update: _Update) -> None:
        from millpond.events.table import event_row

        def see(event: Event) -> None:
            row = event_row(event)
            row["timestamp"] = row["timestamp"].replace("+00:00", "Z")
            pipeline.events.append({key: value for key, value in row.items() if value is not None})
            state = event.body.get("state") if event.event_type == "update_progress" else None
            if state is not None and state not in _TERMINAL:
                update.state = state

        try:
            update.state = self._runner.run(update.config, update.asked, see)
        except Exception as error:  # noqa: BLE001 - whatever it is, the update has failed of it
            pipeline.events.append(_failure(update, pipeline, told(error)))
            update.state = "FAILED"

    def _create(self, request: Request) -> dict[str, Any]:
        body = request.json()
        settings = _checked(body)
        names = {each.settings["name"] for each in self._pipelines.values()}
        if settings["name"] in names and not body.get("allow_duplicate_names"):
            message = f"Pipeline name {settings['name']!r} is already used."
            raise ApiError(409, "RESOURCE_CONFLICT", message)
        if body.get("dry_run"):
            return {"effective_settings": settings}
        self._made += 1
        identity = made_id("pipeline", self._made)
        self._pipelines[identity] = _Pipeline(identity, {"id": identity, **settings})
        self._permissions.own("pipelines", identity)
        return {"pipeline_id": identity}

    def _edit(self, request: Request, identity: str) -> dict[str, Any]:
        pipeline = self._found(identity)
        pipeline.settings = {"id": identity, **_checked(request.json())}
        return {}

    def _get(self, request: Request, identity: str) -> dict[str, Any]:
        pipeline = self._found(identity)
        return {
            **self._summary(pipeline),
            "spec": pipeline.settings,
            "run_as_user_name": self._user,
            "effective_publishing_mode": "DEFAULT_PUBLISHING_MODE",
        }

    def _list(self, request: Request) -> dict[str, Any]:
        wanted = request.query.get("filter", "")
        name = wanted.partition("LIKE")[2].strip(" '%") if "LIKE" in wanted else ""
        found = [e for e in self._pipelines.values() if name in e.settings["name"]]
        return {"statuses": [self._summary(each) for each in found]}

    def _summary(self, pipeline: _Pipeline) -> dict[str, Any]:
        latest = [
            {
                "update_id": each.update_id,
                "state": each.state,
                "creation_time": str(each.creation_time),
            }
            for each in reversed(pipeline.updates)
        ]
        return {
            "pipeline_id": pipeline.identity,
            "name": pipeline.settings["name"],
            "state": "RUNNING" if pipeline.active else "IDLE",
            "creator_user_name": self._user,
            "latest_updates": latest[:5],
        }

    def _delete(self, request: Request, identity: str) -> dict[str, Any]:
        self._found(identity)
        del self._pipelines[identity]
        self._permissions.forget("pipelines", identity)
        return {}

    def _start(self, request: Request, identity: str) -> dict[str, Any]:
        body = request.json()
        update_id, _ = self.start(identity, body, str(body.get("cause") or "API_CALL"))
        return {"update_id": update_id}

    def _list_updates(self, request: Request, identity: str) -> dict[str, Any]:
        updates = reversed(self._found(identity).updates)
        return {"updates": [each.described() for each in updates]}

    def _get_update(self, request: Request, identity: str, update_id: str) -> dict[str, Any]:
        for update in self._found(identity).updates:
            if update.update_id == update_id:
                return {"update": {**update.described(), "config": update.config}}
        raise not_found("Update", update_id)

    def _list_events(self, request: Request, identity: str) -> dict[str, Any]:
        return page_of(list(self._found(identity).events), request)

    def _stop(self, request: Request, identity: str) -> dict[str, Any]:
        """Have the update that is running end after the batches that it is at."""
        self.stop(identity)
        return {}

    def _found(self, identity: str) -> _Pipeline:
        if identity not in self._pipelines:
            raise not_found("The specified pipeline", identity)
        return self._pipelines[identity]


def _checked(body: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a pipeline, refused for what the service refuses (reference 7.1)."""
    settings = {key: value for key, value in body.items() if key not in _NOT_SETTINGS}
    if not settings.get("name"):
        raise invalid("Missing required field: name")
    if settings.get("serverless") and settings.get("clusters"):
        raise invalid("You cannot provide cluster settings when using serverless compute.")
    if settings.get("schema") and settings.get("target"):
        raise invalid("Only one of schema and target can be specified.")
    if settings.get("catalog") and settings.get("storage"):
        raise invalid("Only one of catalog and storage can be specified.")
    if len(settings.get("tags") or {}) > _LARGEST_TAGS:
        raise invalid(f"A pipeline can have at most {_LARGEST_TAGS} tags.")
    kinds = {kind for library in settings.get("libraries") or [] for kind in library}
    if "glob" in kinds and kinds & {"file", "notebook"}:
        raise invalid("Libraries of kind glob cannot be mixed with file or notebook.")
    for cluster in settings.get("clusters") or []:
        if "autoscale" in cluster and "num_workers" in cluster:
            raise invalid("Only one of num_workers and autoscale can be specified.")
    return settings


def _failure(update: _Update, pipeline: _Pipeline, message: str) -> dict[str, Any]:
    """The event of an update that could not start."""
    number = len(pipeline.events) + 1
    return {
        "id": made_id(f"failure of {update.update_id}", number),
        "sequence": {"data_plane_id": {"instance": "local", "seq_no": number}},
        "origin": {
            "pipeline_id": pipeline.identity,
            "pipeline_name": pipeline.settings["name"],
            "update_id": update.update_id,
        },
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        "message": f"Update {update.update_id[:6]} is FAILED.",
        "level": "ERROR",
        "maturity_level": "STABLE",
        "error": {"fatal": True, "exceptions": [{"message": message}]},
        "event_type": "update_progress",
        "details": {"update_progress": {"state": "FAILED"}},
    }


def _now() -> int:
    return int(time.time() * 1000)
