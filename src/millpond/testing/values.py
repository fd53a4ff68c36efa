"""Values between a test's Python and Spark: dates as text, times without a zone, nested rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import DataType, StructType


def session_zone(session: SparkSession) -> tzinfo:
    """The time zone in which the session shows times."""
    return ZoneInfo(session.conf.get("spark.sql.session.timeZone", "UTC") or "UTC")


def collected(frame: DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame: structs as dicts, times as the session's time zone shows them."""
    zone = session_zone(frame.sparkSession)
    types = frame.schema.fields
    return [
        {
            field.name: _from_spark(value, field.dataType, zone)
            for field, value in zip(types, row, strict=True)
        }
        for row in frame.collect()
    ]


def to_spark(value: Any, kind: DataType, zone: tzinfo) -> Any:
    """A value as Spark takes it for a type; what does not fit is left for Spark to refuse.

    An int is taken for a float or a decimal, ISO text for a date or a time, a mapping for a
    struct. A time without a zone is one of `zone`, not of this machine's.
    """
    from pyspark.sql import types as T

    if value is None:
        return None
    if isinstance(kind, T.StructType) and isinstance(value, Mapping):
        return tuple(to_spark(value.get(f.name), f.dataType, zone) for f in kind.fields)
    if isinstance(kind, T.StructType) and isinstance(value, (tuple, list)):
        pairs = zip(kind.fields, value, strict=True)
        return tuple(to_spark(item, field.dataType, zone) for field, item in pairs)
    if isinstance(kind, T.ArrayType) and isinstance(value, Sequence) and not isinstance(value, str):
        return [to_spark(item, kind.elementType, zone) for item in value]
    if isinstance(kind, T.MapType) and isinstance(value, Mapping):
        return {
            to_spark(key, kind.keyType, zone): to_spark(item, kind.valueType, zone)
            for key, item in value.items()
        }
    return _plain(value, kind, zone)


def _plain(value: Any, kind: DataType, zone: tzinfo) -> Any:
    from pyspark.sql import types as T

    is_int = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(kind, (T.DoubleType, T.FloatType)) and (is_int or isinstance(value, Decimal)):
        return float(value)
    if isinstance(kind, T.DecimalType) and (is_int or isinstance(value, (float, str))):
        return Decimal(str(value))
    if isinstance(kind, T.DateType) and isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(kind, (T.TimestampType, T.TimestampNTZType)):
        if isinstance(value, str):
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time())
        if isinstance(kind, T.TimestampType) and value.tzinfo is None:
            value = value.replace(tzinfo=zone)
    return value


def _from_spark(value: Any, kind: DataType, zone: tzinfo) -> Any:
    from pyspark.sql import types as T

    if value is None:
        return None
    if isinstance(kind, T.StructType):
        pairs = zip(kind.fields, value, strict=True)
        return {field.name: _from_spark(item, field.dataType, zone) for field, item in pairs}
    if isinstance(kind, T.ArrayType):
        return [_from_spark(item, kind.elementType, zone) for item in value]
    if isinstance(kind, T.MapType):
        return {
            _from_spark(key, kind.keyType, zone): _from_spark(item, kind.valueType, zone)
            for key, item in value.items()
        }
    if isinstance(kind, T.TimestampType):
        return value.astimezone(zone).replace(tzinfo=None)  # pyspark gives this machine's time
    return value


def struct_rows(rows: Sequence[Any], schema: StructType, zone: tzinfo) -> list[tuple[Any, ...]]:
    """Rows (mappings or sequences) as tuples that fit a schema; a missing key is NULL."""
    return [to_spark(row, schema, zone) for row in rows]
