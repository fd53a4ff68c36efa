"""Methods of strings, lists, dictionaries and sets."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from millpond.graph.static.known import is_known, items_of, key_of
from millpond.graph.static.operators import MAX_SIZE, attempted, size
from millpond.graph.static.values import UNKNOWN, Value

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter

_OF_STRINGS = frozenset(
    {
        "capitalize",
        "casefold",
        "count",
        "endswith",
        "find",
        "format",
        "isalpha",
        "isdigit",
        "isidentifier",
        "islower",
        "isupper",
        "join",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
        "zfill",
    }
)
_WIDE = re.compile(r"\d{4}")


def call_method(
    run: Interpreter, owner: Value, name: str, arguments: list[Value], named: dict[str, Value]
) -> Value:
    """What a method gives; one that changes its owner changes it here too."""
    if isinstance(owner, str):
        return _of_string(owner, name, arguments, named)
    if isinstance(owner, dict):
        return _of_dictionary(run, owner, name, arguments, named)
    if isinstance(owner, list):
        return _of_list(run, owner, name, arguments)
    if isinstance(owner, set):
        return _of_set(run, owner, name, arguments)
    return UNKNOWN


def _of_string(owner: str, name: str, arguments: list[Value], named: dict[str, Value]) -> Value:
    if name not in _OF_STRINGS or not is_known(arguments) or not is_known(named):
        return UNKNOWN
    if name == "format" and (_WIDE.search(owner) or "__" in owner):
        return UNKNOWN
    if any(isinstance(argument, int) and argument > MAX_SIZE for argument in arguments):
        return UNKNOWN
    if (len(owner) + 1) * (size(arguments) + size(named)) > MAX_SIZE * 100:
        return UNKNOWN
    return attempted(partial(getattr(owner, name), **named), *_strings(arguments))


def _strings(arguments: list[Value]) -> list[Value]:
    return [sorted(each) if isinstance(each, (set, frozenset)) else each for each in arguments]


def _of_dictionary(
    run: Interpreter,
    owner: dict[Value, Value],
    name: str,
    arguments: list[Value],
    named: dict[str, Value],
) -> Value:
    if name in ("items", "keys", "values") and not arguments:
        return UNKNOWN if UNKNOWN in owner else list(getattr(owner, name)())
    if name == "copy":
        return dict(owner)
    if name == "update":
        _update(run, owner, arguments, named)
        return None
    if name in ("get", "setdefault", "pop") and arguments:
        return _looked_up(run, owner, name, arguments)
    if name in ("clear", "popitem"):
        owner[UNKNOWN] = UNKNOWN
    return UNKNOWN


def _update(
    run: Interpreter,
    owner: dict[Value, Value],
    arguments: list[Value],
    named: dict[str, Value],
) -> None:
    for added in (*arguments, named):
        if not isinstance(added, dict):
            owner[UNKNOWN] = UNKNOWN
        else:
            owner.update(added if run.certain else dict.fromkeys(added, UNKNOWN))


def _looked_up(
    run: Interpreter, owner: dict[Value, Value], name: str, arguments: list[Value]
) -> Value:
    key, default = key_of(arguments[0]), arguments[1] if len(arguments) > 1 else None
    if key is UNKNOWN or UNKNOWN in owner:
        return UNKNOWN
    found = owner.get(key, default)
    if name == "setdefault" and key not in owner:
        owner[key] = default if run.certain else UNKNOWN
    if name == "pop" and key in owner:
        if run.certain:
            del owner[key]
        else:
            owner[UNKNOWN] = UNKNOWN
    return found


def _of_list(run: Interpreter, owner: list[Value], name: str, arguments: list[Value]) -> Value:
    if name == "copy":
        return list(owner)
    if name in ("index", "count"):
        known = is_known(owner) and is_known(arguments)
        return attempted(getattr(owner, name), *arguments) if known else UNKNOWN
    if name in ("append", "extend") and arguments and len(owner) < MAX_SIZE:
        added = [arguments[0]] if name == "append" else items_of(arguments[0])
        owner.extend(added if added is not None and run.certain else [UNKNOWN])
        return None
    if name == "insert" and len(arguments) == 2 and isinstance(arguments[0], int):
        owner.insert(arguments[0], arguments[1] if run.certain else UNKNOWN)
        return None
    if name == "sort" and not arguments and is_known(owner):
        return attempted(owner.sort)
    if name == "reverse" and run.certain:
        owner.reverse()
        return None
    # Whatever else changes a list leaves nothing known of it.
    owner[:] = [UNKNOWN]
    return UNKNOWN


def _of_set(run: Interpreter, owner: set[Value], name: str, arguments: list[Value]) -> Value:
    if name == "add" and arguments:
        owner.add(key_of(arguments[0]) if run.certain else UNKNOWN)
        return None
    if name in ("union", "difference", "intersection") and is_known([*arguments, owner]):
        return attempted(getattr(owner, name), *arguments)
    if name in ("update", "discard", "remove", "clear", "pop"):
        owner.add(UNKNOWN)
    return UNKNOWN
