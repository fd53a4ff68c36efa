"""A Spark Connect server that went away is waited for once, and not by every call."""

from __future__ import annotations

import grpc
import pytest
from pyspark.sql.connect.client.retries import Retrying

from millpond.engine.failure import is_lost_connection
from millpond.engine.spark.patience import Patience


class Answer(grpc.RpcError):
    """What gRPC raises for a call that did not succeed."""

    def __init__(self, status: grpc.StatusCode) -> None:
        self._status = status

    def code(self) -> grpc.StatusCode:
        return self._status

    def details(self) -> str:
        return "no"

    def trailing_metadata(self) -> tuple[()]:
        return ()


NOBODY = Answer(grpc.StatusCode.UNAVAILABLE)
REFUSED = Answer(grpc.StatusCode.PERMISSION_DENIED)


def waits(patience: Patience, error: Exception) -> list[float]:
    """Seconds between the tries of a call that never succeeds."""
    slept: list[float] = []
    with pytest.raises(grpc.RpcError):
        call(Retrying([patience], slept.append), error)
    return slept


def call(retrying: Retrying, error: Exception) -> None:
    """Try what always ends in the error."""
    for attempt in retrying:
        with attempt:
            raise error


@pytest.mark.filterwarnings("ignore:.RETRIES_EXCEEDED")
def test_half_a_minute_once() -> None:
    patience = Patience()
    first = waits(patience, NOBODY)

    assert 30 < sum(first) < 40
    assert waits(patience, NOBODY) == []


@pytest.mark.filterwarnings("ignore:.RETRIES_EXCEEDED")
def test_a_server_that_comes_back_in_time_may_go_away_again() -> None:
    patience = Patience()
    left = iter([NOBODY, NOBODY, None])
    for attempt in Retrying([patience], lambda _: None):
        with attempt:
            error = next(left)
            if error is not None:
                raise error

    assert sum(waits(patience, NOBODY)) > 30


def test_what_a_server_refuses_is_not_tried_again() -> None:
    assert waits(Patience(), REFUSED) == []


def test_only_a_server_that_does_not_answer_is_lost() -> None:
    assert is_lost_connection(NOBODY)
    assert not is_lost_connection(REFUSED)
