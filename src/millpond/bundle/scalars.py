"""Plain YAML scalars and their text, by the rules of the Databricks CLI's YAML library.

Those are YAML 1.2's with remnants of 1.1: `yes` and `on` are text here, and become booleans
only where a field takes one (`shapes`).
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from millpond.bundle.value import Scalar

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEAN = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")
_OTHER_BASE = re.compile(r"[-+]?0(?:b[01][01_]*|o[0-7][0-7_]*|x[0-9a-fA-F][0-9a-fA-F_]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

_LONGEST_NUMBER = 400
"""Longer digits stay text: parsing them takes time that grows with the square of the length."""


def resolve_plain(text: str) -> Scalar:
    """The value of a scalar written without quotes.

    A leading zero does not make a number octal (`012` is 12). Dates stay text, which is also
    what the CLI makes of them in every field.
    """
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if text[0] not in "+-.0123456789" or len(text) > _LONGEST_NUMBER:
        return text
    digits = text.replace("_", "")
    if _INTEGER.fullmatch(text):
        return int(digits)
    if _OTHER_BASE.fullmatch(text):
        return int(digits, 0)
    if _FLOAT.fullmatch(text):
        return float(digits)
    special = _SPECIAL.fullmatch(text)
    return float(text.replace(".", "").lower()) if special else text


def text_of(data: Scalar) -> str:
    """A scalar as the text that it becomes inside other text or in a text field."""
    if isinstance(data, str):
        return data
    if data is None:
        return ""
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, float):
        return _text_of_float(data)
    return str(data)


def _text_of_float(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    shortest = f"{Decimal(repr(number)):f}"
    return shortest.removesuffix(".0")
