"""`dbutils.secrets`: values from `millpond.yml`, which are never shown."""

from __future__ import annotations

from typing import NamedTuple

from millpond.definitions.caller import caller_span
from millpond.load.dbutils.inputs import Inputs
from millpond.load.dbutils.refusal import Section
from millpond.redaction import hide


class SecretMetadata(NamedTuple):
    """A secret's name."""

    key: str


class SecretScope(NamedTuple):
    """A scope's name."""

    name: str

    def getName(self) -> str:
        """The name, as the Java object has it."""
        return self.name


class Secrets(Section):
    """Reads secrets."""

    path = "dbutils.secrets"

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs

    def get(self, scope: str, key: str) -> str:
        """The value of a secret.

        Raises:
            MillpondError: SECRET_NOT_MAPPED, with the lines to add.
        """
        value = self._inputs.secret(scope, key, caller_span())
        hide(value)
        return value

    def getBytes(self, scope: str, key: str) -> bytes:
        """The value of a secret as bytes."""
        return self.get(scope, key).encode()

    def list(self, scope: str) -> list[SecretMetadata]:
        """The secrets of a scope."""
        return [SecretMetadata(each.name) for each in self._inputs.secrets if each.scope == scope]

    def listScopes(self) -> list[SecretScope]:  # type: ignore[valid-type]
        """The scopes."""
        names = dict.fromkeys(each.scope for each in self._inputs.secrets)
        return [SecretScope(name) for name in names]
