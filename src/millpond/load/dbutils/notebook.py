"""`dbutils.notebook`: leave a notebook, run another one, ask where one is."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from millpond.definitions.caller import caller_span
from millpond.load.dbutils.refusal import Section, refuse
from millpond.load.exits import NotebookExit

RunNotebook = Callable[[str, Mapping[str, str], Path], str]
"""Runs a notebook by its path beside a file, in a namespace of its own; what it exits with."""


class Notebook(Section):
    """The notebook that is running."""

    path = "dbutils.notebook"

    def __init__(self, run_notebook: RunNotebook) -> None:
        self._run = run_notebook
        self.entry_point = EntryPoint()

    def exit(self, value: object = "") -> NoReturn:
        """Leave the notebook."""
        raise NotebookExit(str(value))

    def run(
        self, path: str, timeout_seconds: int = 0, arguments: Mapping[str, Any] | None = None
    ) -> str:
        """Run another notebook in a namespace of its own, and return what it exits with."""
        given = {name: str(value) for name, value in (arguments or {}).items()}
        return self._run(path, given, caller_span().file)

    def getContext(self) -> Context:
        """What is known of the notebook that is running."""
        return Context()


class EntryPoint(Section):
    """The start of the chain `entry_point.getDbutils().notebook().getContext()`."""

    path = "dbutils.notebook.entry_point"

    def getDbutils(self) -> EntryPoint:
        """The next link."""
        return self

    def notebook(self) -> EntryPoint:
        """The next link."""
        return self

    def getContext(self) -> Context:
        """What is known of the notebook that is running."""
        return Context()


_ONLY_IN_A_WORKSPACE = frozenset(
    ("apiToken", "apiUrl", "browserHostName", "clusterId", "currentRunId", "jobId", "workspaceId")
)
"""What no job, no cluster and no workspace could tell; source may ask, and have a default."""


class Option:
    """A value as Scala wraps it."""

    def __init__(self, value: str | None, name: str = "") -> None:
        self._value = value
        self._name = name

    def get(self) -> str:
        """The value."""
        if self._value is None:
            refuse(self._name)
        return self._value

    def getOrElse(self, default: Any) -> Any:
        """The value, or a default (a function is called, as in Scala)."""
        if self._value is not None:
            return self._value
        return default() if callable(default) else default

    def isDefined(self) -> bool:
        """Whether there is a value."""
        return self._value is not None


class Tags:
    """The tags of a context."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def get(self, name: str) -> Option:
        """A tag."""
        return Option(self._values.get(name), f"the tag {name!r} of the notebook's context")

    apply = get

    def contains(self, name: str) -> bool:
        """Whether there is such a tag."""
        return name in self._values


class Context(Section):
    """What a notebook knows of where it runs: its path and the user of this machine."""

    path = "dbutils.notebook.getContext()"

    def __init__(self) -> None:
        file = Path(str(caller_span().file).partition(":cell ")[0])
        self._path = str(file.with_suffix(""))

    def notebookPath(self) -> Option:
        """The notebook's path on this machine, without its extension."""
        return Option(self._path)

    def userName(self) -> Option:
        """The user of this machine."""
        return Option(getpass.getuser())

    def tags(self) -> Tags:
        """The tags: `user` alone is known."""
        return Tags({"user": getpass.getuser()})

    def __getattr__(self, name: str) -> Any:
        if name not in _ONLY_IN_A_WORKSPACE:
            return super().__getattr__(name)
        return lambda: Option(None, f"{self.path}.{name}()")

    def toJson(self) -> str:
        """The context as JSON."""
        user = {"user": getpass.getuser()}
        return json.dumps({"extraContext": {"notebook_path": self._path}, "tags": user})

    safeToJson = toJson
