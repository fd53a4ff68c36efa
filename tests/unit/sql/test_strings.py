"""Escapes in strings, as Spark undoes them."""

import pytest

from millpond.sql.strings import unescaped


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("plain", "plain"),
        (r"a\tb\nc", "a\tb\nc"),
        (r"\\d+ \' \"", "\\d+ ' \""),
        (r"100\% \_x", r"100\% \_x"),
        (r"\u00e9 \U0001F600 \101 \0", "é 😀 A \0"),
        (r"\uD83D\uDE00", "😀"),
        (r"\uD83D alone", "? alone"),
        (r"\UFFFFFFFF", "UFFFFFFFF"),
        (r"\q\u12", "qu12"),
    ],
)
def test_escapes(written, meant):
    assert unescaped(written) == meant
