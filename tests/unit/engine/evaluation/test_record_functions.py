"""Functions of Avro and Protobuf: what they need is fetched, or refused by name."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from millpond import codes
from millpond.engine.evaluation.record_functions import _checked, connect
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.errors import MillpondError


@pytest.fixture
def connected():
    """The formats that were fetched, while a dataset function is evaluated."""
    found: list[str] = []
    relations = SimpleNamespace(connect=lambda format, at: found.append(format))
    with evaluating(Evaluation("d", relations)):
        yield found


def from_avro(*arguments, **named):
    return (arguments, named)


def from_protobuf(*arguments, **named):
    return (arguments, named)


def test_avro_is_fetched_when_a_function_of_it_is_called(connected) -> None:
    assert _checked(from_avro)("value", "{}") == (("value", "{}"), {})
    assert connected == ["avro"]


@pytest.mark.parametrize(
    ("function", "named", "needs"),
    [
        (from_avro, {"subject": "s", "schemaRegistryAddress": "https://r"}, "a schema registry"),
        (from_protobuf, {"options": {"schema.registry.subject": "s"}}, "a schema registry"),
        (from_protobuf, {"messageName": "m"}, "spark-protobuf"),
    ],
)
def test_what_cannot_be_had_is_refused_by_name(connected, function, named, needs) -> None:
    with pytest.raises(MillpondError) as raised:
        _checked(function)("value", **named)
    assert raised.value.code is codes.RECORD_FORMAT_NOT_AVAILABLE
    assert raised.value.params == {"function": function.__name__, "needs": needs}
    assert connected == []


@pytest.mark.parametrize(
    ("query", "fetched"),
    [
        ("SELECT from_avro(value, '{}') FROM t", ["avro"]),
        ("SELECT TO_AVRO (struct(1))", ["avro"]),
        ("SELECT avro FROM from_avro_feed", []),
    ],
)
def test_queries_that_call_one(connected, query, fetched) -> None:
    relations = SimpleNamespace(connect=lambda format, at: connected.append(format))
    connect(query, Evaluation("d", relations), None)
    assert connected == fetched
