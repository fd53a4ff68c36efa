"""How long a Spark Connect server may be silent: half a minute, and that once."""

from __future__ import annotations

from pyspark.sql.connect.client.retries import DefaultPolicy, RetryPolicyState

_RETRIES = 7
_LONGEST = 10_000
"""Milliseconds between two tries: 0.05, 0.2, 0.8, 3.2 s, then this, with Spark's jitter."""


class Patience(DefaultPolicy):
    """Spark's policy of retries, which gives up on a server for good once it gave up on a call.

    Spark's own waits ten minutes for each call, and an update makes many.
    """

    def __init__(self) -> None:
        super().__init__(max_retries=_RETRIES, max_backoff=_LONGEST)
        self._has_ended = False

    def can_retry(self, e: BaseException) -> bool:
        """Whether what a call ended with may pass."""
        return not self._has_ended and super().can_retry(e)

    def to_state(self) -> RetryPolicyState:
        """The state of one call's retries."""
        return _Tries(self)

    def end(self) -> None:
        """Let no call be tried again."""
        self._has_ended = True


class _Tries(RetryPolicyState):
    def __init__(self, policy: Patience) -> None:
        super().__init__(policy)
        self._patience = policy

    def next_attempt(self, exception: BaseException | None = None) -> int | None:
        wait = super().next_attempt(exception)
        if wait is None:
            self._patience.end()
        return wait
