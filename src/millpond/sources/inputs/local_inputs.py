"""The mappings in force for one target, and the questions they answer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from millpond import codes
from millpond.bundle.suggest import did_you_mean
from millpond.definitions import QualifiedName
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sources.inputs.mappings import (
    KafkaMapping,
    OutsideTable,
    PathMapping,
    Secret,
    TableMapping,
)
from millpond.sources.inputs.missing import (
    file_to_edit,
    line_for_path,
    line_for_table,
    yaml_text,
)
from millpond.sources.inputs.mount import Mount, mount_of
from millpond.sources.inputs.patterns import most_specific
from millpond.sources.inputs.tables import outside_table
from millpond.sources.paths import is_databricks_path

_LOCAL_SERVERS = ("localhost", "127.", "[::1]", "0.0.0.0")


@dataclass(frozen=True, slots=True)
class LocalInputs:
    """What `millpond.yml` says for a target.

    Of several mappings that match, the most specific wins: of paths the one with the most
    components, then the one with the fewest wildcards; of tables and servers the one with the
    fewest parts that have a wildcard, then the one with the most literal characters.

    Attributes:
        file: the file they come from, or None if there is none.
        configuration: settings of the pipeline and the cluster, over the bundle's.
    """

    file: Path | None = None
    paths: tuple[PathMapping, ...] = ()
    tables: tuple[TableMapping, ...] = ()
    secrets: tuple[Secret, ...] = ()
    kafka_servers: tuple[KafkaMapping, ...] = ()
    configuration: Mapping[str, str] = field(default_factory=dict)

    def path(self, user_path: str, at: Span | None = None) -> str:
        """Where a path of the source's is on this machine; the rest behind a prefix is kept.

        A path of this machine passes through as it is.

        Raises:
            MillpondError: INPUT_NOT_MAPPED at `at`, with the line to add as its hint;
                INPUT_PATH_NOT_FOUND at the mapping, if what it names does not exist;
                INPUT_AMBIGUOUS at one of two mappings that match equally.
        """
        mapping = self.path_mapping(user_path)
        rest = mapping.pattern.rest(user_path) if mapping is not None else None
        if mapping is not None and rest is not None:
            if not mapping.local.exists():
                raise MillpondError(
                    codes.INPUT_PATH_NOT_FOUND,
                    at=mapping.at,
                    path=mapping.pattern.text,
                    local=mapping.written,
                    looked_for=mapping.local,
                )
            return str(mapping.local.joinpath(*rest.components)) + rest.ending
        if is_databricks_path(user_path):
            line = line_for_path(user_path)
            raise MillpondError(
                codes.INPUT_NOT_MAPPED,
                at=at,
                path=user_path,
                file=file_to_edit(self.file),
                line=line,
            )
        return user_path

    def mount(self, user_path: str) -> Mount | None:
        """What lets Spark read a mapped path under the user's own URI; None where nothing can.

        Raises:
            MillpondError: INPUT_AMBIGUOUS at one of two mappings that match equally.
        """
        mapping = self.path_mapping(user_path)
        return None if mapping is None else mount_of(mapping, user_path, self.paths)

    def path_mapping(self, user_path: str) -> PathMapping | None:
        """The mapping of a path, or None if nothing maps it."""
        found = (entry for entry in self.paths if entry.pattern.rest(user_path) is not None)
        return most_specific(found, user_path)

    def table(self, name: QualifiedName) -> OutsideTable | None:
        """What a table outside the pipeline is here, or None if nothing maps it.

        Raises:
            MillpondError: INPUT_PATH_NOT_FOUND, INPUT_FORMAT_UNKNOWN or INPUT_AMBIGUOUS at the
                mapping.
        """
        mapping = self.table_mapping(name)
        return None if mapping is None else outside_table(mapping, name)

    def table_mapping(self, name: QualifiedName) -> TableMapping | None:
        """The mapping of a table, or None if nothing maps it."""
        return most_specific((e for e in self.tables if e.pattern.matches(name)), str(name))

    def lines_for_table(self, name: QualifiedName) -> str:
        """The lines of the file that would map a table."""
        return line_for_table(name)

    def secret(self, scope: str, key: str, at: Span | None = None) -> str:
        """The value of a secret.

        Raises:
            MillpondError: SECRET_NOT_MAPPED at `at`, with the lines to add as its hint;
                SECRET_VARIABLE_NOT_SET at the mapping.
        """
        found = {entry.key: entry for entry in self.secrets}.get((scope, key))
        if found is None:
            near = did_you_mean(key, [s.name for s in self.secrets if s.scope == scope])
            lines = f"{yaml_text(scope)}:\n      {yaml_text(key)}: the secret"
            error = MillpondError(
                codes.SECRET_NOT_MAPPED,
                at=at,
                scope=scope,
                key=key,
                file=file_to_edit(self.file),
                lines=lines,
            )
            if near is not None:
                error.hint = f"{near} {error.hint}"
            raise error
        if found.variable is None:
            return found.text or ""
        value = os.environ.get(found.variable)
        if value is None:
            raise MillpondError(
                codes.SECRET_VARIABLE_NOT_SET,
                at=found.at,
                scope=scope,
                key=key,
                variable=found.variable,
            )
        return value

    def secret_values(self) -> tuple[str, ...]:
        """Every value that must not be printed, the longest first."""
        found = (
            entry.text if entry.variable is None else os.environ.get(entry.variable)
            for entry in self.secrets
        )
        return tuple(sorted({value for value in found if value}, key=len, reverse=True))

    def kafka(self, servers: str, at: Span | None = None) -> str:
        """The local servers for a list of bootstrap servers, `host:port,host:port`.

        The list as a whole is looked up first, then each server; servers of this machine pass
        through.

        Raises:
            MillpondError: KAFKA_NOT_MAPPED at `at`, with the line to add as its hint;
                INPUT_AMBIGUOUS at one of two mappings that match equally.
        """
        written = ",".join(each.strip() for each in servers.split(",") if each.strip())
        whole = self.kafka_mapping(written)
        if whole is not None:
            return whole.servers
        local: dict[str, None] = {}
        for server in written.split(","):
            mapping = self.kafka_mapping(server)
            if mapping is None and not server.casefold().startswith(_LOCAL_SERVERS):
                raise MillpondError(
                    codes.KAFKA_NOT_MAPPED,
                    at=at,
                    servers=servers,
                    file=file_to_edit(self.file),
                    line=f"{yaml_text(written)}: localhost:9092",
                )
            local.setdefault(server if mapping is None else mapping.servers)
        return ",".join(local)

    def kafka_mapping(self, servers: str) -> KafkaMapping | None:
        """The mapping whose pattern matches a text of servers, or None."""
        text = servers.casefold()
        found = (e for e in self.kafka_servers if fnmatchcase(text, e.written_key.casefold()))
        return most_specific(found, servers)
