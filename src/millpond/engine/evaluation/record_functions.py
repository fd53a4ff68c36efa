"""`from_avro`, `to_avro` and their like of Protobuf, which Databricks' runtime has built in.

Spark fetches what Avro needs when such a function is first used; schema registries, and Protobuf,
are refused by name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from millpond import codes
from millpond.definitions.caller import caller_span
from millpond.engine.evaluation.relations import Evaluation, current_evaluation
from millpond.errors import MillpondError
from millpond.location import Span

_CALL = re.compile(r"\b(?:from_avro|to_avro|schema_of_avro)\s*\(", re.IGNORECASE)
_OF_PROTOBUF = ("from_protobuf", "to_protobuf")
_REGISTRY = ("subject", "schemaRegistryAddress", "schema.registry.subject")


def install() -> None:
    """Change Spark's functions, once in the life of the process."""
    from pyspark.sql.avro import functions as avro
    from pyspark.sql.protobuf import functions as protobuf

    for module, names in ((avro, ("from_avro", "to_avro")), (protobuf, _OF_PROTOBUF)):
        for name in names:
            setattr(module, name, _checked(getattr(module, name)))


def connect(text: str, evaluation: Evaluation, at: Span) -> None:
    """Fetch what the functions of Avro in SQL need.

    Raises:
        MillpondError: JARS_UNAVAILABLE.
    """
    if "avro" in text.casefold() and _CALL.search(text):
        evaluation.relations.connect("avro", at)


def _checked(original: Callable[..., Any]) -> Callable[..., Any]:
    name = original.__name__

    @functools.wraps(original)
    def function(*arguments: Any, **named: Any) -> Any:
        evaluation = current_evaluation()
        if evaluation is None:
            return original(*arguments, **named)
        given = {*named, *(named.get("options") or {})}
        registry = not given.isdisjoint(_REGISTRY)
        if registry or name in _OF_PROTOBUF:
            needs = "a schema registry" if registry else "spark-protobuf"
            code = codes.RECORD_FORMAT_NOT_AVAILABLE
            raise MillpondError(code, at=caller_span(), function=name, needs=needs)
        evaluation.relations.connect("avro", caller_span())
        return original(*arguments, **named)

    return function
