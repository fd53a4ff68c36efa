"""A Delta table over Spark Connect, in SQL: Delta's own classes need a plug-in in the server.

`delta_table` gives the part of `delta.tables.DeltaTable` that the engine uses, on any session.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond.engine.spark.column_text import column_text
from millpond.spark_connect import is_remote

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

_Value = Mapping[str, Any]


def delta_table(session: SparkSession, path: Path | str) -> Any:
    """The Delta table at a path: Delta's own class, or over Spark Connect one that is like it."""
    if is_remote(session):
        return RemoteTable(session, str(path))
    from delta.tables import DeltaTable

    return DeltaTable.forPath(session, str(path))


class RemoteTable:
    """A Delta table, asked and changed by statements of SQL."""

    def __init__(self, session: SparkSession, path: str) -> None:
        self._session = session
        self._path = path
        self._name = f"delta.`{path}`"

    def toDF(self) -> DataFrame:  # noqa: N802 - Delta's name
        """Its rows."""
        return self._session.read.format("delta").load(self._path)

    def history(self, limit: int | None = None) -> DataFrame:
        """Its versions, the newest first."""
        text = f"DESCRIBE HISTORY {self._name}"
        return self._session.sql(text if limit is None else f"{text} LIMIT {limit}")

    def delete(self, condition: str | Column) -> None:
        """Delete the rows that meet a condition."""
        self._session.sql(f"DELETE FROM {self._name} WHERE {column_text(condition)}").collect()

    def alias(self, _: str) -> RemoteTable:
        """The same: in a merge it is `t`, and what is merged into it `s`."""
        return self

    def merge(self, source: DataFrame, condition: str | Column) -> RemoteMerge:
        """Begin a merge of rows into it."""
        return RemoteMerge(self._session, self._name, source, column_text(condition))


class RemoteMerge:
    """A merge, clause by clause."""

    def __init__(self, session: SparkSession, name: str, source: DataFrame, condition: str) -> None:
        self._session = session
        self._source = source
        self._view = f"millpond_{uuid.uuid4().hex}"
        self._text = f"MERGE INTO {name} AS t USING {self._view} AS s ON {condition}"

    def whenMatchedDelete(self, condition: str | Column | None = None) -> RemoteMerge:  # noqa: N802
        """Delete a row that is matched."""
        return self._when("MATCHED", condition, "DELETE")

    def whenMatchedUpdate(  # noqa: N802 - Delta's name
        self, condition: str | Column | None = None, set: _Value | None = None
    ) -> RemoteMerge:
        """Set columns of a row that is matched."""
        given = ", ".join(f"t.{name} = {column_text(value)}" for name, value in (set or {}).items())
        return self._when("MATCHED", condition, f"UPDATE SET {given}")

    def whenNotMatchedInsert(  # noqa: N802 - Delta's name
        self, condition: str | Column | None = None, values: _Value | None = None
    ) -> RemoteMerge:
        """Add a row that matches none."""
        given = values or {}
        texts = ", ".join(map(column_text, given.values()))
        return self._when("NOT MATCHED", condition, f"INSERT ({', '.join(given)}) VALUES ({texts})")

    def execute(self) -> None:
        """Do it, in one commit."""
        self._source.createOrReplaceTempView(self._view)
        try:
            self._session.sql(self._text).collect()
        finally:
            self._session.catalog.dropTempView(self._view)

    def _when(self, matched: str, condition: str | Column | None, action: str) -> RemoteMerge:
        wanted = "" if condition is None else f" AND {column_text(condition)}"
        self._text += f" WHEN {matched}{wanted} THEN {action}"
        return self
