"""What a pipeline is made of: frozen descriptions that know their source line; no Spark here."""

from millpond.definitions.dataset import Dataset, DatasetKind
from millpond.definitions.expectation import Action, Expectation
from millpond.definitions.flow import Flow, FlowKind, PythonQuery, Query, SqlQuery
from millpond.definitions.names import Name, QualifiedName, parse_name, qualify
from millpond.definitions.pipeline import Definitions, PipelineSpec, SourceFile, SourceKind

__all__ = [
    "Action",
    "Dataset",
    "DatasetKind",
    "Definitions",
    "Expectation",
    "Flow",
    "FlowKind",
    "Name",
    "PipelineSpec",
    "PythonQuery",
    "QualifiedName",
    "Query",
    "SourceFile",
    "SourceKind",
    "SqlQuery",
    "parse_name",
    "qualify",
]
