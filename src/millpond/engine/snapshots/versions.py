"""Versions of snapshots: their types, their order, and how they are written down (1.6)."""

from __future__ import annotations

import base64
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import Column
    from pyspark.sql.types import DataType

Version = int | float | str | bytes | date | datetime

_TYPES: dict[type, str] = {
    int: "bigint",
    float: "double",
    str: "string",
    bytes: "binary",
    date: "date",
    datetime: "timestamp",
}


def plain_version(value: object) -> Version | None:
    """A version as one of Python's own types; None if it is of no type that a version has.

    Numbers of numpy and timestamps of pandas are as good.
    """
    plain = value
    for conversion in ("to_pydatetime", "item"):
        if hasattr(plain, conversion):
            plain = getattr(plain, conversion)()
    if isinstance(plain, bool) or type(plain) not in _TYPES or plain != plain:
        return None
    if isinstance(plain, int) and not -(2**63) <= plain < 2**63:
        return None
    return plain  # type: ignore[return-value]


def type_of(version: Version) -> str:
    """The SQL type of `__START_AT` and `__END_AT` for such a version."""
    return _TYPES[type(version)]


def spark_type(name: str) -> DataType:
    """The type of a name that `type_of` gives."""
    from pyspark.sql import types

    return {
        "bigint": types.LongType(),
        "double": types.DoubleType(),
        "string": types.StringType(),
        "binary": types.BinaryType(),
        "date": types.DateType(),
        "timestamp": types.TimestampType(),
    }[name]


def literal(version: Version, data_type: DataType) -> Column:
    """A version as a column.

    A datetime without a time zone is in that of the session, UTC, as on a cluster, whatever this
    machine's is.
    """
    from pyspark.sql import functions as F

    if isinstance(version, bytes):
        return F.lit(bytearray(version)).cast(data_type)
    if isinstance(version, date):
        return F.lit(version.isoformat()).cast(data_type)
    return F.lit(version).cast(data_type)


def is_after(version: Version, latest: Version) -> bool:
    """Whether a version comes after another of its type; a time without a zone is in UTC."""
    if isinstance(version, datetime) and isinstance(latest, datetime):
        return _in_utc(version) > _in_utc(latest)
    return version > latest  # type: ignore[operator]


def next_moment(now: datetime, latest: Version | None) -> datetime:
    """The time of a run, always after that of the run before."""
    if isinstance(latest, datetime) and not is_after(now, latest):
        return latest + timedelta(microseconds=1)
    return now


def encode(version: Version) -> dict[str, Any]:
    """A version as JSON."""
    kind = type_of(version)
    if isinstance(version, bytes):
        return {"type": kind, "value": base64.b64encode(version).decode()}
    return {"type": kind, "value": version.isoformat() if isinstance(version, date) else version}


def decode(written: dict[str, Any]) -> Version:
    """What `encode` was given."""
    kind, value = written["type"], written["value"]
    if kind == "binary":
        return base64.b64decode(value)
    if kind == "timestamp":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "date" else value


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment
