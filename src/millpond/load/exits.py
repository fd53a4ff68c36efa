"""`dbutils.notebook.exit`: the end of a notebook that is no error."""

from __future__ import annotations


class NotebookExit(BaseException):
    """Ends the notebook that is running.

    Attributes:
        value: what a caller of the notebook is given.
    """

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value
