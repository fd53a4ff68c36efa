"""What statements of SQL declare."""

from __future__ import annotations

from millpond.api.registry import Registry
from millpond.definitions import SqlQuery
from millpond.errors import MillpondError
from millpond.graph.static.declared import (
    Declarations,
    DeclaredDataset,
    DeclaredExpectation,
    DeclaredFlow,
)
from millpond.graph.static.spark_sql import reads_of
from millpond.load.program import SqlStep
from millpond.sql import references
from millpond.sql.session import Session
from millpond.sql.source import read_statement
from millpond.sql.statements import split


def follow_statements(declarations: Declarations, step: SqlStep, session: Session) -> None:
    """Add what statements declare; what is wrong with one of them leaves the others as they are.

    Raises:
        MillpondError: the text cannot be cut into statements.
    """
    registry = Registry()
    for statement in split(step.text, step.at.file, step.at.line):
        try:
            read_statement(statement, session, registry, notebook=step.notebook)
        except MillpondError as error:
            declarations.errors.append(error)
    _add(declarations, registry)


def _add(declarations: Declarations, registry: Registry) -> None:
    definitions = registry.definitions()
    for dataset in definitions.datasets:
        declarations.datasets.append(
            DeclaredDataset(
                dataset.name,
                dataset.kind.value,
                dataset.at,
                [
                    DeclaredExpectation(each.name, str(each.condition), each.action, each.at)
                    for each in dataset.expectations
                ],
                definition=dataset,
            )
        )
    for flow in definitions.flows:
        query = flow.query
        if isinstance(query, SqlQuery):
            found = references.find(query.text)
            reads, understood = reads_of(found, query)
            declarations.flows.append(
                DeclaredFlow(flow.target, flow.at, reads, understood, definition=flow)
            )
