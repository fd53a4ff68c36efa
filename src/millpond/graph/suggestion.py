"""The "did you mean" part of a message."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggestion(given: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the closest known name, or an empty string."""
    names = list(known)
    for part in (str.casefold, lambda name: name.casefold().rsplit(".", 1)[-1]):
        by_form = {part(name): name for name in names}
        match = difflib.get_close_matches(part(given), by_form, n=1, cutoff=0.6)
        if match:
            return f"; did you mean {by_form[match[0]]!r}?"
    return ""
