"""Kafka, Event Hubs through Kafka, and `read_kafka`: the options Spark's connector is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from millpond import codes, differences
from millpond.errors import MillpondError
from millpond.notices import note
from millpond.sources.connectors import connect
from millpond.sources.written import place_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from millpond.location import Span

ServerMap = Callable[[str, "Span"], str]
"""Where the servers of a `kafka.bootstrap.servers` are on this machine; itself if unmapped."""

SERVERS = "kafka.bootstrap.servers"
_TOPICS = ("subscribe", "subscribePattern", "assign")
_SECURITY = ("kafka.security.", "kafka.sasl.", "kafka.ssl.")
_ON_DATABRICKS = ("databricks.servicecredential", "databricks.servicecredential.scope")
_SHADED = "kafkashaded."
_OTHER_NAMES = {"bootstrapservers": SERVERS}


def read_kafka(
    spark: SparkSession,
    options: Mapping[str, str],
    servers: ServerMap,
    at: Span,
    *,
    streaming: bool,
) -> DataFrame:
    """The records of topics: key, value, topic, partition, offset, timestamp, timestampType.

    Args:
        options: as the user wrote them, for the reader or for the function `read_kafka`.

    Raises:
        MillpondError: KAFKA_OPTION_MISSING, KAFKA_TOPICS_AMBIGUOUS, JARS_UNAVAILABLE, or what
            `servers` raises.
    """
    local = connector_options(options, servers, at)
    given = [name for name in _TOPICS if name.casefold() in map(str.casefold, local)]
    if not given:
        raise MillpondError(
            codes.KAFKA_OPTION_MISSING, at=at, option="subscribe", example="retail-transactions"
        )
    if len(given) > 1:
        raise MillpondError(codes.KAFKA_TOPICS_AMBIGUOUS, at=at, given=", ".join(given))
    connect(spark, "kafka", at)
    reader = spark.readStream if streaming else spark.read
    return reader.format("kafka").options(**local).load()


def connector_options(options: Mapping[str, str], servers: ServerMap, at: Span) -> dict[str, str]:
    """The options for Spark's connector, for a reader or a writer.

    Names of Databricks' shaded classes lose their prefix. If the servers are mapped to others,
    the security options are left out, since they are those of the real servers.

    Raises:
        MillpondError: KAFKA_OPTION_MISSING, or what `servers` raises.
    """
    named = {_OTHER_NAMES.get(key.casefold(), key): value for key, value in options.items()}
    written = next((v for k, v in named.items() if k.casefold() == SERVERS), None)
    if not written:
        raise MillpondError(
            codes.KAFKA_OPTION_MISSING, at=at, option=SERVERS, example="localhost:9092"
        )
    local = servers(written, place_of(options, SERVERS, at) or at)
    kept = {
        key: str(value).replace(_SHADED, "")
        for key, value in named.items()
        if key.casefold() != SERVERS and key.casefold() not in _ON_DATABRICKS
    }
    if local != written.replace(" ", ""):
        secured = [key for key in kept if key.casefold().startswith(_SECURITY)]
        if secured or len(kept) + 1 < len(named):
            note(differences.KAFKA_SECURITY, at)
        kept = {key: value for key, value in kept.items() if key not in secured}
    return {SERVERS: local, **kept}
