"""Spark's error messages in one line, without the condition's name and SQLSTATE around them."""

from __future__ import annotations

import re

_CONDITION = re.compile(r"^\[[\w.]+\]\s*")
_SQLSTATE = re.compile(r"\s*SQLSTATE: \w{5}\b.*$")


def one_line(message: str) -> str:
    """The first line of a message, reduced to its sentence."""
    first = next(iter(message.strip().splitlines()), "")
    sentence = _SQLSTATE.sub("", _CONDITION.sub("", first))
    return sentence.rstrip(". ;") + "."
