"""The review checklist, line by line: which rules answer it, in pipelines and in raw streams."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the checklist.

    Attributes:
        pipelines, raw_streams: codes of rules; empty where the line has no meaning there.
    """

    text: str
    pipelines: tuple[str, ...]
    raw_streams: tuple[str, ...]


def _line(text: str, pipelines: str, raw_streams: str) -> Line:
    return Line(text, tuple(pipelines.split()), tuple(raw_streams.split()))


GOLDEN_RULES = (
    _line("ST-01 Lakeflow pipelines; raw streams only as approved exceptions", "", "ST-01 LN-01"),
    _line(
        "ST-02 expectations on every streaming table, quarantine of invalid rows",
        "ST-02 EX-01 EX-10 EX-11 EX-12",
        "",
    ),
    _line("ST-03 checkpoints: managed, or named, one each, durable", "SR-06", "ST-03 RS-01 RS-02"),
    _line("ST-04 jobs compute or pipeline compute", "", "ST-04"),
    _line("ST-05 a fixed number of workers", "ST-05 BU-12", "ST-05"),
    _line("ST-06 idempotent writes", "ST-06 PY-02", "ST-06 RS-09"),
)

CHECKLIST = (
    _line("Missing checkpoint", "", "ST-03"),
    _line(
        "No watermark before a stateful operation",
        "SS-01 SS-02 SS-03 SS-12",
        "SS-01 SS-03 SS-12",
    ),
    _line(
        "Stream-stream join without watermark or time range",
        "SS-07 SS-08 SS-09 SS-15 SS-16",
        "SS-07 SS-08 SS-15",
    ),
    _line("dropDuplicates without watermark", "SS-04 SS-05 SS-06", "SS-04 SS-05"),
    _line("Inefficient or missing trigger", "BU-15 SQ-07", "RS-03 RS-04 RS-05 RS-10"),
    _line("Complete mode on unbounded state", "SS-14", "RS-06"),
    _line(
        "collect, count, display, toPandas, save, start in dataset functions",
        "PY-01 PY-02 PY-04 PY-11 PY-14",
        "",
    ),
    _line("Non-idempotent foreachBatch", "ST-06 RS-09", "ST-06 RS-09"),
    _line("Checkpoint in a temporary or shared place", "SR-06", "RS-01 RS-02 RS-08"),
    _line(
        "failOnDataLoss=false or startingOffsets=latest without a reason",
        "SR-01 SR-02 LN-01",
        "SR-01 SR-02 LN-01",
    ),
    _line("No expectations", "ST-02 EX-06 EX-07", ""),
    _line("No quarantine", "EX-01 EX-10 EX-11 EX-12", ""),
    _line("Duplicate or always-true expectations", "EX-02 EX-03", ""),
    _line("Non-deterministic expectations", "EX-04 EX-05", ""),
    _line(
        "Batch read of a streaming table that should be incremental, and the reverse",
        "GR-03 GR-04 GR-05 GR-06 GR-10 CD-11",
        "",
    ),
    _line("Autoscale", "ST-05 BU-12", "ST-05"),
    _line("All-purpose compute", "", "ST-04"),
    _line("Edition below ADVANCED with expectations", "EX-09 BU-11", ""),
    _line("Serverless with clusters", "BU-06", ""),
    _line("No notifications", "BU-03", ""),
    _line("No tags", "BU-04 BU-05", ""),
    _line("No root_path", "BU-02", ""),
    _line(
        "Unknown or misspelt fields",
        "BU-01 BU-19 BU-20 BU-21 GR-12 SR-08 SR-09",
        "BU-01 SR-08 SR-09",
    ),
    _line(
        "Hard-coded catalog, path or secret",
        "HC-01 HC-02 HC-03 HC-04 HC-05 HC-06",
        "HC-02 HC-04 HC-06",
    ),
    _line("Change data feed off where a reader needs it", "CD-13 CD-04", ""),
    _line(
        "Deprecated spellings with a fix",
        "SQ-01 SQ-02 SQ-03 DP-02 DP-03 DP-04 DP-05 DP-06 SR-10",
        "RS-04 SR-10",
    ),
)

FURTHER = (
    _line("Loops that bind late", "PY-03", ""),
    _line("Expectations below the wrong decorator", "EX-06 EX-07", ""),
    _line("A streaming table fed by a batch read", "GR-03", ""),
    _line("LIVE left over", "SQ-01", ""),
    _line("SCD type 2 without sequence", "CD-02 CD-03", ""),
    _line("apply_as_deletes on an append-only feed", "CD-04", ""),
    _line("Joins that fan out streams", "SS-15 SS-16", "SS-15"),
    _line("from_json without error handling", "SR-04", ""),
    _line("Watermark after the aggregation", "SS-03", "SS-03"),
    _line("Two flows with one name", "GR-01", ""),
    _line("An expectation that no row meets", "EX-08", ""),
    _line("Rows that a full refresh cannot read again", "SR-12", ""),
    _line("A stream that changes of its source stop or fail", "GR-06", "SR-11"),
    _line("A stream that nobody starts again", "", "BU-17"),
    _line(
        "A quarantine that is not the exact opposite of the rules under NULL",
        "EX-10 EX-11 EX-12",
        "",
    ),
    _line("A metric or alert that nobody can name", "BU-18", "RS-07"),
)
"""What else hurts people."""
