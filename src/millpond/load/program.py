"""A source file as the steps that running it takes: Python, SQL, `%run` and `%pip`, in order.

Everything that is wrong with the text itself is found here, before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from millpond import differences
from millpond.definitions import SourceFile, SourceKind
from millpond.load import magics
from millpond.load.cell import PYTHON, SQL, Cell
from millpond.load.compiled import Compiled, compile_file, compile_python, source_text
from millpond.load.dbutils.inputs import Inputs
from millpond.load.exported import exported_cells, is_exported
from millpond.load.ipynb import ipynb_cells
from millpond.load.magics import Magic
from millpond.load.packages import PipStep
from millpond.load.run_magic import find_notebook, run_arguments
from millpond.location import Span
from millpond.notices import note
from millpond.sql import source as sql_source


@dataclass(frozen=True, slots=True)
class SqlStep:
    """Statements of SQL.

    Attributes:
        at: the place of their first line.
        notebook: whether they are a cell, in which a query may stand alone.
    """

    text: str
    at: Span
    notebook: bool


@dataclass(frozen=True, slots=True)
class RunStep:
    """`%run`: another notebook, run in the same namespace.

    Attributes:
        arguments: the widgets that it gives the notebook.
    """

    program: Program
    arguments: dict[str, str]
    at: Span


Step = Compiled | SqlStep | RunStep | PipStep


@dataclass(frozen=True, slots=True)
class Program:
    """A source file, ready to run.

    Attributes:
        is_notebook: whether it is one; a plain file knows its own path (`__file__`).
    """

    file: Path
    steps: tuple[Step, ...]
    is_notebook: bool

    @property
    def installs(self) -> Iterator[PipStep]:
        """The `%pip` magics, those of the notebooks it runs included."""
        for step in self.steps:
            if isinstance(step, PipStep):
                yield step
            elif isinstance(step, RunStep):
                yield from step.program.installs

    @property
    def statements(self) -> tuple[SqlStep, ...]:
        """Those of its own steps that are SQL."""
        return tuple(step for step in self.steps if isinstance(step, SqlStep))


def read_program(source: SourceFile, inputs: Inputs | None = None) -> Program:
    """The steps of a source file, those of the notebooks it runs included.

    Args:
        inputs: where folders of the workspace are on this machine, for `%run`.

    Raises:
        MillpondError: what is wrong with the text: PYTHON_SYNTAX_ERROR, NOTEBOOK_NOT_VALID,
            RUN_NOTEBOOK_NOT_FOUND, RUN_NOTEBOOK_CYCLE, INPUT_NOT_MAPPED and those of reading a
            file.
    """
    return _Reader(inputs).read(source.path, source.kind, ())


class _Reader:
    """Reads a file, and those it runs."""

    def __init__(self, inputs: Inputs | None) -> None:
        self._inputs = inputs

    def read(self, file: Path, kind: SourceKind, above: tuple[Path, ...]) -> Program:
        """The steps of a file that those above it run."""
        if file.suffix == ".ipynb":
            cells: Iterable[Cell] = ipynb_cells(file)
        else:
            text = sql_source.source_text(file) if kind is SourceKind.SQL else source_text(file)
            if not is_exported(text):
                step = SqlStep(text, Span(file, 1), notebook=False)
                plain = step if kind is SourceKind.SQL else compile_file(file, text)
                return Program(file, (plain,), is_notebook=False)
            cells = exported_cells(text, file)
        default = SQL if kind is SourceKind.SQL else PYTHON
        steps = [
            step for cell in cells for step in self._steps(cell, default, file, (*above, file))
        ]
        return Program(file, tuple(steps), is_notebook=True)

    def _steps(
        self, cell: Cell, default: str, file: Path, above: tuple[Path, ...]
    ) -> Iterator[Step]:
        """What one cell does; text does nothing."""
        if cell.magic is not None:
            _note_language(cell, default)
        if cell.language == SQL:
            yield SqlStep(cell.aligned, Span(cell.file, cell.first_line), notebook=True)
        elif cell.language == PYTHON:
            for part in magics.parts(cell):
                if isinstance(part, Magic):
                    yield from self._magic_steps(part, file, above)
                else:
                    yield compile_python(part.lines, cell.file, part.first_line)

    def _magic_steps(self, magic: Magic, file: Path, above: tuple[Path, ...]) -> Iterator[Step]:
        if magic.word == "run":
            note(differences.RUN_MAGIC, magic.at)
            target, arguments = run_arguments(magic)
            found = find_notebook(target, file, magic.at, above, self._inputs)
            kind = SourceKind.SQL if found.suffix == ".sql" else SourceKind.PYTHON
            yield RunStep(self.read(found, kind, above), arguments, magic.at)
        elif magic.installs:
            yield PipStep(magic)
        elif not magic.harmless:
            note(differences.OTHER_MAGIC, magic.at)


def _note_language(cell: Cell, default: str) -> None:
    if cell.language == default:
        return
    feature = differences.CELLS.get(cell.language)
    if feature is not None:
        note(feature, cell.magic)
