"""Comments silence findings, if they say enough."""

from __future__ import annotations

import pytest

TABLE = "CREATE OR REFRESH STREAMING TABLE t AS SELECT * FROM STREAM raw.orders;\n"


def codes(checked) -> list[str]:
    return [each.rule for each in checked.findings]


@pytest.mark.parametrize(
    "comment",
    [
        "-- millpond: ignore[ST-02] a mirror",
        "-- millpond: ignore[st-02] a mirror",
        "-- millpond: ignore[streaming-table-without-expectations] a mirror",
        "-- millpond: ignore[EX-01, ST-02]: a mirror",
        "-- millpond: ignore[ST-02] a mirror\n-- and one more line",
        "-- millpond: ignore-file[ST-02] mirrors\n\nSELECT 1;",
    ],
)
def test_a_comment_above(judge, comment: str) -> None:
    checked = judge({"a.sql": f"{comment}\n{TABLE}"}, "ST-02", "LN-01")
    assert (codes(checked), checked.suppressed) == ([], 1)


def test_a_comment_behind(judge) -> None:
    text = f"{TABLE.strip()} -- millpond: ignore[ST-02] a mirror\n"
    assert codes(judge({"a.sql": text}, "ST-02")) == []


def test_a_comment_for_another_rule_or_another_line(judge) -> None:
    text = f"-- millpond: ignore[ST-03] no\n{TABLE}-- millpond: ignore[ST-02] late\n"
    assert codes(judge({"a.sql": text}, "ST-02")) == ["ST-02"]


def test_a_critical_rule_needs_a_reason(judge) -> None:
    checked = judge({"a.sql": f"-- millpond: ignore[ST-02]\n{TABLE}"}, "ST-02", "LN-01", "LN-02")
    assert codes(checked) == ["LN-01", "ST-02"]
    assert (checked.findings[0].at.line, checked.findings[0].at.column) == (1, 1)


@pytest.mark.parametrize(("reason", "found"), [("", ["LN-01", "SR-01"]), ("a test topic", [])])
def test_messages_may_be_lost_with_a_reason_only(judge, reason: str, found: list[str]) -> None:
    read = 'spark.readStream.format("kafka").option("failOnDataLoss", "false").load()'
    text = f"# millpond: ignore[SR-01] {reason}\nevents = {read}\n"
    assert codes(judge({"a.py": text}, "SR-01", "LN-01")) == found


def test_a_raw_stream_needs_an_approval(judge) -> None:
    stream = (
        'spark.readStream.table("a").writeStream.option("checkpointLocation", "/Volumes/c/o/v/a")'
    )
    text = "# millpond: ignore[ST-01] {}\n" + stream + '.toTable("b")\n'
    refused = judge({"a.py": text.format("it has to be")}, "ST-01", "LN-01")
    assert codes(refused) == ["LN-01", "ST-01"]
    accepted = judge({"a.py": text.format("approved by Ann: complex state")}, "ST-01", "LN-01")
    assert codes(accepted) == []


def test_what_silences_nothing_is_told_only_of_rules_that_ran(judge) -> None:
    text = {"a.sql": "-- millpond: ignore[ST-03] old\nSELECT 1;\n"}
    assert codes(judge(text, "ST-03", "LN-02")) == ["LN-02"]
    assert codes(judge(text, "LN-02")) == []


def test_a_code_that_no_rule_has_is_told(judge) -> None:
    text = "-- millpond: ignore[ST-99] a misspelt code\nSELECT 1;\n"
    (only,) = judge({"a.sql": text}, "LN-02").findings
    assert (only.message, only.fix) == ("ST-99 is no rule", None)
