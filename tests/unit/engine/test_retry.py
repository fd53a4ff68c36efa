"""What is tried again, how often, and how long apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from millpond import codes
from millpond.definitions import PipelineSpec
from millpond.engine.retry import continuous_tries, flow_tries, is_retryable, pause, update_tries
from millpond.errors import MillpondError
from millpond.location import Span

FAILED = MillpondError(codes.FLOW_FAILED, flow="f", error="e")


def spec(bundle: bool = True, **settings: Any) -> PipelineSpec:
    configuration = settings.pop("configuration", {})
    here = Path("/project")
    at = Span(here / "databricks.yml", 1) if bundle else None
    return PipelineSpec(
        *("key", "name", "id", "dev", "main", "default", (), here, here),
        configuration=configuration,
        settings=settings,
        at=at,
    )


def test_a_flow_of_a_production_pipeline_has_three_tries() -> None:
    assert flow_tries(spec()) == 3
    assert flow_tries(spec(configuration={"pipelines.maxFlowRetryAttempts": "5"})) == 6


def test_in_development_mode_and_without_a_bundle_there_is_one() -> None:
    assert flow_tries(spec(development=True)) == 1
    assert flow_tries(spec(bundle=False)) == 1


def test_an_update_of_a_production_pipeline_has_six_tries() -> None:
    assert update_tries(spec()) == 6
    assert update_tries(spec(configuration={"pipelines.numUpdateRetryAttempts": "0"})) == 1
    assert update_tries(spec(development=True)) == 1


def test_passes_of_a_continuous_update_may_fail_without_end_unless_it_is_set() -> None:
    assert continuous_tries(spec()) is None
    assert continuous_tries(spec(configuration={"pipelines.numUpdateRetryAttempts": "1"})) == 6


def test_a_number_of_tries_that_is_none_is_an_error_in_the_bundle() -> None:
    with pytest.raises(MillpondError) as refused:
        flow_tries(spec(configuration={"pipelines.maxFlowRetryAttempts": "many"}))

    assert refused.value.code is codes.CONFIGURATION_NOT_VALID
    assert refused.value.at is not None


@pytest.mark.parametrize(
    ("message", "again"),
    [
        ("java.net.SocketTimeoutException: Read timed out", True),
        ("[FAILED_READ_FILE.NO_HINT] x SQLSTATE: KD001", True),
        ("[STREAM_FAILED] x SQLSTATE: XXKST\nCaused by: [DIVIDE_BY_ZERO] y SQLSTATE: 22012", False),
        ("[UDF_USER_CODE] x SQLSTATE: 38000", False),
        ("[UNRESOLVED_COLUMN] x SQLSTATE: 42703", False),
    ],
)
def test_what_the_query_or_its_data_caused_is_not_tried_again(message: str, again: bool) -> None:
    assert is_retryable(FAILED, RuntimeError(message)) is again


def test_a_violated_expectation_is_not_tried_again() -> None:
    violated = MillpondError(codes.EXPECTATION_VIOLATION, flow="f", names="n", row="{}")
    assert not is_retryable(violated, RuntimeError("timeout"))


def test_pauses_double_up_to_a_minute() -> None:
    assert [pause(attempt) for attempt in (1, 2, 3, 9)] == [1.0, 2.0, 4.0, 60.0]
