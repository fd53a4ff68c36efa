"""What Spark's exceptions say: in one line, about which name, and what to do about it."""

from __future__ import annotations

import re
from urllib.parse import unquote

_CONDITION = re.compile(r"^\[[\w.]+\]\s*")
_TABLE = re.compile(
    r"(?:delta\.)?`?(?:file:/*)?(?:/[^\s`'\"]*)?/tables/([^/\s`]+)/([^/\s`]+)/([^/\s`]+)/\d+\b"
    r"(?:/[^\s`'\",;)\]]*)?`?"
)
_SEARCHED = re.compile(r" on search path \[[^\]]*\]")
"""Spark's own names for where it looked for a function."""
_SQLSTATE = re.compile(r"\s*SQLSTATE: \w{5}\b.*$")
_HINT = "_millpond_hint"
_NAMES = ("objectName", "routineName", "fieldName", "error")


def named(text: str) -> str:
    """A text with the names of tables in place of where the state folder keeps them."""
    return _TABLE.sub(lambda match: ".".join(map(unquote, match.groups())), text)


def one_line(message: str) -> str:
    """The first line of a message, reduced to its sentence, tables by their names."""
    first = next(iter(message.strip().splitlines()), "")
    sentence = _SQLSTATE.sub("", _CONDITION.sub("", first))
    return named(_SEARCHED.sub("", sentence)).rstrip(". ;") + "."


def subject(error: BaseException) -> str:
    """The name that Spark's error is about, without its quotes, or an empty string."""
    parameters = _parameters(error)
    for key in _NAMES:
        if value := parameters.get(key):
            return str(value).strip("'\"").replace("`", "")
    return ""


def put_hint(error: BaseException, text: str) -> None:
    """Say what to do about an error of Spark's, for `hint` to tell."""
    error.__dict__[_HINT] = text


def hint(error: BaseException) -> str | None:
    """What to do about an error of Spark's, where that can be said better than in general."""
    if _HINT in error.__dict__:
        return str(error.__dict__[_HINT])
    condition = getattr(error, "getCondition", lambda: None)()
    if condition == "UNRESOLVED_ROUTINE":
        return (
            "Check the spelling; a function of your own is registered in a Python file of the"
            f" pipeline: spark.udf.register({subject(error)!r}, ...)."
        )
    if condition != "SQL_CONF_NOT_FOUND":
        return None
    key = _parameters(error).get("sqlConf", "").strip("'\"")
    return f"Add {key!r} to the pipeline's `configuration`, or give it with --set {key}=VALUE."


def _parameters(error: BaseException) -> dict[str, str]:
    return getattr(error, "getMessageParameters", dict)() or {}
