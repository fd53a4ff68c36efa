"""The "did you mean" part of a message."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggestion(given: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the closest known name, or an empty string."""
    by_folded = {name.casefold(): name for name in known}
    for cutoff, form in ((0.6, given.casefold()), (0.6, given.casefold().split(".")[-1])):
        match = difflib.get_close_matches(form, by_folded, n=1, cutoff=cutoff)
        if match:
            return f"; did you mean {by_folded[match[0]]!r}?"
    return ""
