"""Use a Spark Connect server: what it has to have, and what cannot be done over it.

The server does all work, so it and this process have to see the same files, and its static
settings (Delta's jars, extension and catalog) are given to it at its start.
"""

from __future__ import annotations

import atexit
import socket
import warnings
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from millpond import codes
from millpond.definitions import FlowKind
from millpond.engine.resolved import ResolvedGraph
from millpond.engine.spark.settings import session_settings
from millpond.errors import Failures, MillpondError
from millpond.spark_connect import is_remote

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from millpond.engine.spark.patience import Patience

_KEPT, _BATCHES = "spark.sql.streaming.numRecentProgressUpdates", "10000"
"""How many batches of a stream are remembered, in case they wait for one that takes long."""
_PORT, _WEB = 15002, 443
_PATIENCE = 5.0
"""Seconds for a server to take a connection."""
_DELTA = "io.delta.sql.DeltaSparkSessionExtension"


def connect(url: str) -> SparkSession:
    """The session of a Spark Connect server, with the settings that a session can take.

    Raises:
        MillpondError: CONNECT_NOT_INSTALLED, REMOTE_NOT_REACHABLE or REMOTE_WITHOUT_DELTA.
    """
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    _check_address(url)
    try:
        patience = _patience()
        session = _give(SparkSession.builder.remote(url).getOrCreate(), patience)
        # Left to the garbage collector of an interpreter that ends, closing would wait for a
        # thread that is no more.
        atexit.register(session.stop)
        extensions = session.conf.get("spark.sql.extensions", "") or ""
    except (ImportError, SystemExit) as error:  # PySpark leaves when it lacks zstandard
        raise MillpondError(codes.CONNECT_NOT_INSTALLED, reason=str(error)) from error
    except PySparkException as error:
        reason = str(error).strip().splitlines()[0]
        raise MillpondError(
            codes.REMOTE_NOT_REACHABLE, url=shown_url(url), reason=reason
        ) from error
    if _DELTA not in extensions:
        raise MillpondError(codes.REMOTE_WITHOUT_DELTA, url=shown_url(url))
    for key, value in {**session_settings(), _KEPT: _BATCHES}.items():
        session.conf.set(key, value)

    def new_session() -> SparkSession:
        return _give(SparkSession.builder.remote(url).create(), patience)

    # Spark Connect's sessions lack the method; Auto Loader infers with settings of its own.
    session.newSession = new_session  # type: ignore[method-assign]
    return session


def _patience() -> Patience:
    from millpond.engine.spark.patience import Patience  # loads gRPC

    # Spark warns of it on stderr; the update ends in REMOTE_ENDED.
    warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]")
    return Patience()


def _give(session: SparkSession, patience: Patience) -> SparkSession:
    session.client.set_retry_policies([patience])
    return session


def _check_address(url: str) -> None:
    """See that something listens there; the client itself tries for half a minute.

    A port of the web may be behind a proxy, which the client knows how to use.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _PORT
        if parts.scheme != "sc" or not host:
            raise ValueError("an address is sc://host or sc://host:port")
        if port != _WEB:
            socket.create_connection((host, port), _PATIENCE).close()
    except (OSError, ValueError) as error:
        raise MillpondError(codes.REMOTE_NOT_REACHABLE, url=shown_url(url), reason=error) from error


def shown_url(url: str) -> str:
    """An address without its parameters, which may hold a token."""
    return url.partition(";")[0]


def check_remote(session: SparkSession, graph: ResolvedGraph) -> None:
    """Refuse what needs more of the server than Spark Connect and Delta's jars.

    Raises:
        Failures: NOT_OVER_SPARK_CONNECT at tables that only Delta's builder makes, and at flows
            whose batches cannot wait in a table.
    """
    if not is_remote(session):
        return
    errors = [
        MillpondError(
            codes.NOT_OVER_SPARK_CONNECT,
            at=dataset.dataset.at,
            what=f"table {dataset.name} has computed columns",
        )
        for dataset in graph.tables()
        if dataset.dataset.computed
    ]
    errors += [
        MillpondError(
            codes.NOT_OVER_SPARK_CONNECT,
            at=flow.flow.at,
            what=f"flow {flow.name} updates rows of a foreach_batch_sink",
        )
        for dataset in graph.tables()
        for flow in dataset.flows
        if flow.flow.kind is FlowKind.UPDATE
        and dataset.sink is not None
        and dataset.sink.function is not None
    ]
    if errors:
        raise Failures(errors)
