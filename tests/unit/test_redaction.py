"""Values of secrets are not shown once they were read."""

from __future__ import annotations

import json
import sys

from millpond.redaction import hide, masked, redacted, redacted_output, redacted_value


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


def test_a_value_is_found_where_it_is_written_as_json() -> None:
    hide('pass"word\n1')
    assert redacted(json.dumps({"a": 'x pass"word\n1'})) == '{"a": "x [REDACTED]"}'
    assert redacted_value({"a": ['is pass"word\n1', 1]}) == {"a": ["is [REDACTED]", 1]}


def test_settings_show_no_secret_in_plain_text() -> None:
    settings = {
        "db.password": "hunter2",
        "reference": "{{secrets/scope/key}}",
        "kafka.token": "{{secrets/scope/key}}",
        "jaas": 'PlainLoginModule required password="hunter2";',
        "clusters": [{"spark_env_vars": {"API_KEY": "k"}}],
        "retries": 3,
    }
    assert masked(settings) == {
        **settings,
        "db.password": "[REDACTED]",
        "jaas": "[REDACTED]",
        "clusters": [{"spark_env_vars": {"API_KEY": "[REDACTED]"}}],
    }
