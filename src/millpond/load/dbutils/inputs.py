"""What `dbutils` asks of the local inputs (`millpond.yml`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from millpond.location import Span


class SecretName(Protocol):
    """A secret that the file has a value for."""

    @property
    def scope(self) -> str:
        """Its scope."""
        ...

    @property
    def name(self) -> str:
        """Its key."""
        ...


class Inputs(Protocol):
    """The local inputs, as far as `dbutils` needs them."""

    @property
    def secrets(self) -> Sequence[SecretName]:
        """The secrets that have a value."""
        ...

    def secret(self, scope: str, key: str, at: Span | None = None) -> str:
        """The value of a secret."""
        ...

    def path(self, user_path: str, at: Span | None = None) -> str:
        """Where a path of the source's is on this machine."""
        ...

    def path_mapping(self, user_path: str) -> object | None:
        """The mapping of a path, or None if nothing maps it."""
        ...
