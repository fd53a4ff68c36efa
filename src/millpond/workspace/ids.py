"""Ids of new objects: the same in every workspace, in the order in which objects are made."""

from __future__ import annotations

import uuid

_NAMESPACE = uuid.UUID("0d4c2a1e-6f0b-5c8e-9a54-3f6f5d2b7c10")


def made_id(kind: str, number: int) -> str:
    """The id of the n-th object of a kind, in the form of a UUID."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind} {number}"))
