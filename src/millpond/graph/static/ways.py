"""The ways in which a block of statements may end; a run takes one of them."""

from __future__ import annotations

Ways = frozenset[str]

NEXT: Ways = frozenset({"next"})
"""On to what follows the block."""
CONTINUE: Ways = frozenset({"continue"})
BREAK: Ways = frozenset({"break"})
RETURN: Ways = frozenset({"return"})
RAISE: Ways = frozenset({"raise"})
