"""Values of secrets are not shown once they were read."""

from __future__ import annotations

import sys

from millpond.redaction import hide, redacted, redacted_output


def test_the_longest_value_is_replaced_first() -> None:
    hide("swordfish")
    hide("swordfish-2")
    assert redacted("it is swordfish-2, not swordfish") == "it is [REDACTED], not [REDACTED]"


def test_nothing_is_no_secret() -> None:
    hide("")
    hide("  ")
    assert redacted("a  b") == "a  b"


def test_both_streams_are_covered(capsys) -> None:
    hide("swordfish")
    with redacted_output():
        sys.stdout.write("swordfish")
        sys.stderr.writelines(["swordfish", "!"])
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("[REDACTED]", "[REDACTED]!")
