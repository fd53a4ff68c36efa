"""`millpond.yml`: what the paths, tables, secrets and servers in pipeline source are here."""

from millpond.sources.inputs.file import FILE_NAME, find_inputs, load_inputs
from millpond.sources.inputs.local_inputs import LocalInputs
from millpond.sources.inputs.mappings import (
    KafkaMapping,
    OutsideTable,
    PathMapping,
    Secret,
    TableMapping,
)

__all__ = [
    "FILE_NAME",
    "KafkaMapping",
    "LocalInputs",
    "OutsideTable",
    "PathMapping",
    "Secret",
    "TableMapping",
    "find_inputs",
    "load_inputs",
]
