"""Read all files of a pipeline and draw what they declare."""

from __future__ import annotations

from millpond import codes
from millpond.definitions import PipelineSpec
from millpond.errors import Failures, MillpondError
from millpond.graph.static.assemble import assemble
from millpond.graph.static.declared import Declarations
from millpond.graph.static.interpreter import Interpreter, TooMuchError
from millpond.graph.static.model import StaticGraph
from millpond.graph.static.modules import Modules
from millpond.graph.static.programs import follow_program
from millpond.load.program import read_program
from millpond.location import Span


def static_graph(spec: PipelineSpec) -> StaticGraph:
    """The graph of a pipeline as far as its source tells without being run.

    What only a run knows is left out and warned of, or marked as not certain; nothing is guessed.
    A feature that a run does not support yet is a warning here as well.

    Raises:
        Failures: files that are no valid Python or SQL, all at once.
    """
    declarations = Declarations()
    modules = Modules(spec.root_path)
    errors: list[MillpondError] = []
    for source in spec.sources:
        run = Interpreter(declarations, dict(spec.configuration), modules)
        try:
            follow_program(run, read_program(source), spec.parameters)
        except (TooMuchError, RecursionError):
            run.give_up()
            run.warn(codes.STATIC_SOURCE_TOO_LARGE, Span(source.path, 1))
        except MillpondError as error:
            if error.code is codes.NOT_SUPPORTED_YET:
                declarations.warn(error)
            else:
                errors.append(error)
    if errors:
        raise Failures(errors)
    return assemble(declarations, spec)
