"""What a pipeline is made of: frozen descriptions that know their source line; no Spark here."""

from millpond.definitions.cdc import AutoCdc, CdcColumns, CdcExpression, SnapshotCdc, StoredAs
from millpond.definitions.computed_column import Computation, ComputedColumn
from millpond.definitions.dataset import Dataset, DatasetKind
from millpond.definitions.event_hook import EventHook
from millpond.definitions.expectation import Action, Expectation
from millpond.definitions.flow import Flow, FlowKind, PythonQuery, Query, SqlQuery, TableQuery
from millpond.definitions.names import Name, QualifiedName, parse_name, qualify, quoted
from millpond.definitions.pipeline import Definitions, PipelineSpec, SourceFile, SourceKind
from millpond.definitions.sink import FOREACH_BATCH, Sink

__all__ = [
    "FOREACH_BATCH",
    "Action",
    "AutoCdc",
    "CdcColumns",
    "CdcExpression",
    "Computation",
    "ComputedColumn",
    "Dataset",
    "DatasetKind",
    "Definitions",
    "EventHook",
    "Expectation",
    "Flow",
    "FlowKind",
    "Name",
    "PipelineSpec",
    "PythonQuery",
    "QualifiedName",
    "Query",
    "Sink",
    "SnapshotCdc",
    "SourceFile",
    "SourceKind",
    "SqlQuery",
    "StoredAs",
    "TableQuery",
    "parse_name",
    "qualify",
    "quoted",
]
