import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.bundle.scalars import resolve_plain, text_of


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("off", "off"),
        ("n", "n"),
        ("12", 12),
        ("-7", -7),
        ("012", 12),
        ("1_000", 1000),
        ("0x1F", 31),
        ("0x0b", 11),
        ("0o17", 15),
        ("0b101", 5),
        ("1.50", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
        ("1.2.3", "1.2.3"),
        ("15.4.x-scala2.12", "15.4.x-scala2.12"),
        ("2026-01-31", "2026-01-31"),
        ("12:30", "12:30"),
        ("-", "-"),
        (".", "."),
        ("9" * 500, "9" * 500),
    ],
)
def test_a_plain_scalar_is_what_the_cli_reads(written: str, value: object) -> None:
    assert resolve_plain(written) == value
    assert type(resolve_plain(written)) is type(value)


def test_not_a_number_is_a_float() -> None:
    assert math.isnan(float(str(resolve_plain(".nan"))))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (12, "12"),
        (1.0, "1"),
        (0.10, "0.1"),
        (1e21, "1000000000000000000000"),
        (None, ""),
        (math.inf, "+Inf"),
        (math.nan, "NaN"),
        ("x", "x"),
    ],
)
def test_a_scalar_becomes_text_as_in_the_cli(value: object, text: str) -> None:
    assert text_of(value) == text  # type: ignore[arg-type]


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_reads_back_as_the_number(number: float) -> None:
    back = resolve_plain(text_of(number))
    assert isinstance(back, int | float)
    assert type(number)(back) == number


@given(st.text(max_size=20))
def test_any_text_resolves_without_error(text: str) -> None:
    value = resolve_plain(text)
    assert value is None or isinstance(value, str | int | float)
