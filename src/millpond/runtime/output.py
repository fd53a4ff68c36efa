"""What a program that failed printed, cut to the part that tells a person why."""

from __future__ import annotations


def telling_end(text: str, lines: int = 12) -> str:
    """The last lines of a program's output, without rules, Java's stack frames and blank lines."""
    stripped = (line.strip() for line in text.splitlines())
    telling = [
        line for line in stripped if line.strip(":-=|^~ ") and not line.startswith(("at ", "..."))
    ]
    return "\n".join(telling[-lines:]) or "it printed nothing"
