"""The `dbutils` object."""

from __future__ import annotations

from collections.abc import Mapping

from millpond.load.dbutils.fs import Fs
from millpond.load.dbutils.inputs import Inputs
from millpond.load.dbutils.notebook import Notebook, RunNotebook
from millpond.load.dbutils.refusal import Section, refuse
from millpond.load.dbutils.secrets import Secrets
from millpond.load.dbutils.widgets import Widgets


class DBUtils(Section):
    """`dbutils` of one source file.

    Args:
        inputs: where paths and secrets are on this machine.
        widgets: values of widgets by name.
        run_notebook: runs another notebook.
    """

    def __init__(
        self, inputs: Inputs, widgets: Mapping[str, str], run_notebook: RunNotebook
    ) -> None:
        self.fs = Fs(inputs)
        self.secrets = Secrets(inputs)
        self.widgets = Widgets(widgets)
        self.notebook = Notebook(run_notebook)
        self.entry_point = self.notebook.entry_point
        self.jobs = Jobs()
        self.library = Library()


class Jobs(Section):
    """`dbutils.jobs`."""

    path = "dbutils.jobs"

    def __init__(self) -> None:
        self.taskValues = TaskValues()


class TaskValues(Section):
    """`dbutils.jobs.taskValues`: no job runs a pipeline's source, here or on Databricks."""

    path = "dbutils.jobs.taskValues"

    def get(
        self, taskKey: str, key: str, default: object = None, debugValue: object = None
    ) -> object:
        """The value for when no job runs, as on Databricks.

        Raises:
            MillpondError: DBUTILS_NOT_SUPPORTED if there is none.
        """
        if debugValue is None:
            refuse(f"{self.path}.get({key!r})", "Give it a debugValue, which counts outside jobs.")
        return debugValue

    def set(self, key: str, value: object) -> None:
        """Do nothing, as on Databricks outside jobs."""


class Library(Section):
    """`dbutils.library`."""

    path = "dbutils.library"

    def restartPython(self) -> None:
        """Do nothing: nothing was installed that would need it."""
