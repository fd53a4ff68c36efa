"""What is known of a value: whether all of it is, its truth, its items, the frames in it."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.graph.static.declared import merged_reads
from millpond.graph.static.values import (
    UNKNOWN,
    Class,
    Decorator,
    Frame,
    Function,
    Method,
    Module,
    Placeholder,
    Session,
    Value,
)


def is_known(value: Value) -> bool:
    """Whether a value is plain Python through and through."""
    if value is None or isinstance(value, (str, int, float, bytes)):
        return True
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(is_known(item) for item in value)
    if isinstance(value, dict):
        return all(is_known(key) and is_known(item) for key, item in value.items())
    return False


def truth(value: Value) -> bool | None:
    """Whether a value is true, or None if that is not known."""
    if value is None or isinstance(value, (str, int, float, bytes)):
        return bool(value)
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        return None if any(item is UNKNOWN for item in value) and len(value) == 1 else bool(value)
    if isinstance(value, (Function, Class, Module, Session, Decorator, Placeholder)):
        return True
    return None


def items_of(value: Value) -> list[Value] | None:
    """What iterating over a value gives, or None if that is not known."""
    if isinstance(value, (list, tuple, str, dict, range)):
        return list(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value) if all(isinstance(item, str) for item in value) else list(value)
    if isinstance(value, Class) and value.members:
        return list(value.members)
    return None


def key_of(value: Value) -> Value:
    """A value as the key of a dictionary or an item of a set: `UNKNOWN` if it cannot be one."""
    try:
        hash(value)
    except TypeError:
        return UNKNOWN
    return value


def either(values: Iterable[Value]) -> Value:
    """The value of something that is one of these; nothing is None."""
    distinct: list[Value] = []
    for value in values:
        if not any(_same(value, other) for other in distinct):
            distinct.append(value)
    if len(distinct) == 1:
        return distinct[0]
    if distinct and all(isinstance(value, Frame) for value in distinct):
        understood = all(frame.understood for frame in distinct)
        return Frame(merged_reads(frame.reads for frame in distinct), understood)
    return UNKNOWN if distinct else None


def _same(one: Value, other: Value) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    return (isinstance(one, Frame) and one == other) or (is_known(one) and bool(one == other))


def frames_in(values: Iterable[Value]) -> list[Frame]:
    """The frames among some values and inside the containers among them."""
    found: list[Frame] = []
    for value in values:
        if isinstance(value, Frame):
            found.append(value)
        elif isinstance(value, Method) and isinstance(value.owner, Frame):
            found.append(value.owner)
        elif isinstance(value, dict):
            found.extend(frames_in(value.values()))
        elif isinstance(value, (list, tuple, set, frozenset)):
            found.extend(frames_in(value))
    return found
