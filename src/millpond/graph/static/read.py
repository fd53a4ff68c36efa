"""Read all files of a pipeline and draw what they declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from millpond import codes
from millpond.definitions import PipelineSpec, SourceFile
from millpond.errors import Failures, MillpondError
from millpond.graph.static.assemble import Assembly
from millpond.graph.static.declared import Declarations
from millpond.graph.static.interpreter import Interpreter, TooMuchError
from millpond.graph.static.model import StaticGraph
from millpond.graph.static.modules import Modules
from millpond.graph.static.programs import follow_program
from millpond.load.dbutils.inputs import Inputs
from millpond.load.program import Program, read_program
from millpond.location import Span


@dataclass(frozen=True, slots=True)
class Reading:
    """A pipeline's source as far as it tells anything without being run.

    Attributes:
        assembly: what is declared, brought together by name.
        graph: the nodes and edges of it.
        errors: files that are no valid Python or SQL; what they declare is missing.
        modules: the files below the root path that the source imports.
    """

    assembly: Assembly
    graph: StaticGraph
    errors: tuple[MillpondError, ...] = field(default=())
    modules: tuple[Path, ...] = field(default=())


def static_graph(spec: PipelineSpec, inputs: Inputs | None = None) -> StaticGraph:
    """The graph of a pipeline as far as its source tells without being run.

    What only a run knows is left out and warned of, or marked as not certain; nothing is guessed.
    A feature that a run does not support yet is a warning here as well.

    Args:
        inputs: where folders of the workspace are on this machine, for `%run`.

    Raises:
        Failures: files that are no valid Python or SQL, all at once.
    """
    reading = read_source(spec, inputs=inputs)
    if reading.errors:
        raise Failures(reading.errors)
    return reading.graph


def read_source(
    spec: PipelineSpec,
    programs: Mapping[SourceFile, Program] | None = None,
    inputs: Inputs | None = None,
) -> Reading:
    """Read a pipeline's source without running it, past the files that cannot be read.

    Args:
        programs: files that were read before; a file that is not among them is read.
        inputs: where folders of the workspace are on this machine, for `%run`.
    """
    declarations = Declarations()
    modules = Modules(spec.root_path)
    errors: list[MillpondError] = []
    for source in spec.sources:
        run = Interpreter(declarations, dict(spec.configuration), modules)
        try:
            program = (programs or {}).get(source) or read_program(source, inputs)
            follow_program(run, program, spec.parameters)
        except (TooMuchError, RecursionError):
            run.give_up()
            run.warn(codes.STATIC_SOURCE_TOO_LARGE, Span(source.path, 1))
        except MillpondError as error:
            declarations.errors.append(error)
    for wrong in declarations.errors:
        if wrong.code in (codes.NOT_SUPPORTED_YET, codes.SQL_STATEMENT_WITHOUT_DEFINITION):
            declarations.warn(wrong)
        else:
            errors.append(wrong)
    assembly = Assembly(declarations, spec)
    return Reading(assembly, assembly.graph(), tuple(errors), tuple(modules.files))
