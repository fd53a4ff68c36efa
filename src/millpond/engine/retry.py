"""Which failures of a flow are worth another try, how many there are, and how long apart."""

from __future__ import annotations

import re

from millpond import codes
from millpond.definitions import PipelineSpec
from millpond.engine.failure import is_lost_connection
from millpond.errors import MillpondError

MAX_FLOW_RETRIES = "pipelines.maxFlowRetryAttempts"
UPDATE_RETRIES = "pipelines.numUpdateRetryAttempts"
_DEFAULT_FLOW_RETRIES, _DEFAULT_UPDATE_RETRIES = 2, 5
_LONGEST = 60.0
_STATE = re.compile(r"SQLSTATE: (\w{2})\w{3}")
_OURS_TO_MEND = frozenset({"0A", "21", "22", "23", "2B", "38", "42", "54", "56"})
"""Classes of SQLSTATE that come from the query or its data, and so would come again."""


def flow_tries(spec: PipelineSpec) -> int:
    """How often a flow is tried: once in development mode and without a bundle (reference 5.4).

    Raises:
        MillpondError: CONFIGURATION_NOT_VALID for a setting that is no number.
    """
    retries = _number(spec, MAX_FLOW_RETRIES, _DEFAULT_FLOW_RETRIES)
    return 1 + retries if _retries(spec) else 1


def update_tries(spec: PipelineSpec) -> int:
    """How often a triggered update is tried: once where flows are tried once (reference 5.4).

    Raises:
        MillpondError: CONFIGURATION_NOT_VALID for a setting that is no number.
    """
    retries = _number(spec, UPDATE_RETRIES, _DEFAULT_UPDATE_RETRIES)
    return 1 + retries if _retries(spec) else 1


def continuous_tries(spec: PipelineSpec) -> int | None:
    """How many passes of a flow of a continuous update may fail in a row; None for any number.

    On Databricks the flow's tries are made anew with each try of the update; here the other
    flows go on meanwhile, so the tries are all the flow's.

    Raises:
        MillpondError: CONFIGURATION_NOT_VALID for a setting that is no number.
    """
    if UPDATE_RETRIES not in spec.configuration:
        return None
    flow_retries = _number(spec, MAX_FLOW_RETRIES, _DEFAULT_FLOW_RETRIES)
    return (1 + flow_retries) * (1 + _number(spec, UPDATE_RETRIES, 0))


def is_retryable(failure: MillpondError, cause: BaseException) -> bool:
    """Whether a flow that failed so may succeed as it stands: trouble of files, network, memory.

    What the query, its data or its expectations caused is not tried again.
    """
    if failure.code is not codes.FLOW_FAILED or is_lost_connection(cause):
        return False
    text = f"{cause}\n{getattr(cause, '_stackTrace', '')}"
    return not any(state in _OURS_TO_MEND for state in _STATE.findall(text))


def pause(attempt: int) -> float:
    """Seconds to wait after a failed try, the first being 1: 1, 2, 4, …, at most a minute."""
    return float(min(2.0 ** (attempt - 1), _LONGEST))


def _retries(spec: PipelineSpec) -> bool:
    """Whether failures are tried again: in production mode, which only a bundle can set."""
    return spec.at is not None and not spec.settings.get("development")


def _number(spec: PipelineSpec, key: str, default: int) -> int:
    value = spec.configuration.get(key, str(default)).strip()
    if not value.isdecimal():
        raise MillpondError(
            codes.CONFIGURATION_NOT_VALID,
            at=spec.at,
            key=key,
            expected="a whole number, 0 or more",
            value=value,
        )
    return int(value)
