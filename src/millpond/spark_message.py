"""What Spark's exceptions say: in one line, about which name, and what to do about it."""

from __future__ import annotations

import re

_CONDITION = re.compile(r"^\[[\w.]+\]\s*")
_SQLSTATE = re.compile(r"\s*SQLSTATE: \w{5}\b.*$")
_NAMES = ("objectName", "routineName", "fieldName", "error")


def one_line(message: str) -> str:
    """The first line of a message, reduced to its sentence."""
    first = next(iter(message.strip().splitlines()), "")
    sentence = _SQLSTATE.sub("", _CONDITION.sub("", first))
    return sentence.rstrip(". ;") + "."


def subject(error: BaseException) -> str:
    """The name that Spark's error is about, without its quotes, or an empty string."""
    parameters = _parameters(error)
    for key in _NAMES:
        if value := parameters.get(key):
            return str(value).strip("'\"").replace("`", "")
    return ""


def hint(error: BaseException) -> str | None:
    """What to do about an error of Spark's, where that can be said better than in general."""
    if getattr(error, "getCondition", lambda: None)() != "SQL_CONF_NOT_FOUND":
        return None
    key = _parameters(error).get("sqlConf", "").strip("'\"")
    return f"Add {key!r} to the pipeline's `configuration`, or give it with --set {key}=VALUE."


def _parameters(error: BaseException) -> dict[str, str]:
    return getattr(error, "getMessageParameters", dict)() or {}
