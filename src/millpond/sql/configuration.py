"""`${key}` in SQL source: replaced by the pipeline's configuration before a statement is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from millpond.codes import SQL_CONFIGURATION_MISSING
from millpond.errors import MillpondError
from millpond.sql.mapped import Edit, edited, span
from millpond.sql.statements import Statement
from millpond.sql.tokens import tokenize

_PLACEHOLDER = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")


def configured(statement: Statement, configuration: Mapping[str, str]) -> Statement:
    """The statement with every `${key}` replaced, inside strings too, but not in comments.

    The value goes in as text, as Spark's own variable substitution does: quotes are up to the
    source (reference 2.6).

    Raises:
        MillpondError: SQL_CONFIGURATION_MISSING at a key that is not configured.
    """
    edits = [
        Edit(match.start(), match.end(), _value(match, statement, configuration))
        for match in _PLACEHOLDER.finditer(statement.text)
        if any(token.start <= match.start() < token.end for token in statement.tokens)
    ]
    if not edits:
        return statement
    text = edited(statement.text, edits)
    return Statement(text, statement.at, tokenize(text, statement.at))


def _value(match: re.Match[str], statement: Statement, configuration: Mapping[str, str]) -> str:
    key = match.group(1)
    if key in configuration:
        return configuration[key]
    close = get_close_matches(key, configuration, 1, 0.7)
    raise MillpondError(
        SQL_CONFIGURATION_MISSING,
        at=span(statement.at, statement.text, match.start(), match.end()),
        hint=f"Did you mean {close[0]}?" if close else None,
        key=key,
    )
