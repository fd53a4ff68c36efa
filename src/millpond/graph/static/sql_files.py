"""What a SQL file declares."""

from __future__ import annotations

from pathlib import Path

from millpond.api.registry import Registry
from millpond.definitions import SqlQuery
from millpond.graph.static.declared import Declarations, DeclaredDataset, DeclaredFlow
from millpond.graph.static.spark_sql import reads_of
from millpond.sql import references
from millpond.sql import source as sql_source


def follow_sql(declarations: Declarations, file: Path, configuration: dict[str, str]) -> None:
    """Add what a SQL file declares. What stands before an error is added all the same.

    Raises:
        MillpondError: the first thing that is wrong in the file.
    """
    registry = Registry()
    try:
        sql_source.read(file, configuration, registry)
    finally:
        _add(declarations, registry)


def _add(declarations: Declarations, registry: Registry) -> None:
    definitions = registry.definitions()
    for dataset in definitions.datasets:
        names = [expectation.name for expectation in dataset.expectations]
        declarations.datasets.append(
            DeclaredDataset(dataset.name, dataset.kind.value, dataset.at, names)
        )
    for flow in definitions.flows:
        query = flow.query
        if isinstance(query, SqlQuery):
            found = references.find(query.text)
            reads, understood = reads_of(found, query.catalog, query.schema)
            declarations.flows.append(DeclaredFlow(flow.target, flow.at, reads, understood))
