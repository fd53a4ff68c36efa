"""Show what was measured: a table for people, a JSON document for programs."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

from measurement import Ratio, Result

SCHEMA_VERSION = 1


def document(results: Iterable[Result]) -> dict[str, Any]:
    """All figures, and where they come from; times in seconds."""
    return {
        "schema_version": SCHEMA_VERSION,
        "machine": machine(),
        "benchmarks": [
            {
                "name": result.name,
                "about": result.about,
                "series": [
                    {
                        "label": series.label,
                        "seconds": list(series.seconds),
                        "min": series.best,
                        "median": series.median,
                    }
                    for series in result.series
                ],
                "ratios": [
                    {
                        "label": ratio.label,
                        "value": ratio.value,
                        "unit": ratio.unit,
                        "aim": ratio.aim,
                    }
                    for ratio in result.ratios
                ],
            }
            for result in results
        ],
    }


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "pyspark": version("pyspark"),
        "delta-spark": version("delta-spark"),
        "millpond": version("millpond"),
    }


def table(results: Iterable[Result]) -> str:
    """The figures of each benchmark in columns, its ratios below them."""
    blocks = [_block(result) for result in results]
    facts = [f"{key} {value}" for key, value in machine().items()]
    return "\n\n".join([*blocks, ", ".join(facts)])


def _block(result: Result) -> str:
    lines: list[Sequence[str]] = [("", "min", "median", "runs")]
    for series in result.series:
        figures = (f"{series.best:.2f} s", f"{series.median:.2f} s", str(len(series.seconds)))
        lines.append((series.label, *figures))
    ratios = [(ratio.label, *_verdict(ratio)) for ratio in result.ratios]
    return "\n".join([f"{result.name}: {result.about}", *_columns(lines), *_columns(ratios)])


def _verdict(ratio: Ratio) -> tuple[str, str]:
    space = " " if ratio.unit == "s" else ""
    value = f"{ratio.value:.2f}{space}{ratio.unit}"
    if ratio.aim is None:
        return value, ""
    kept = "met" if ratio.value <= ratio.aim else "MISSED"
    return value, f"aim {ratio.aim:.2f}{space}{ratio.unit}: {kept}"


def _columns(lines: Sequence[Sequence[str]]) -> list[str]:
    """Lines of cells, the first cell to the left, the others to the right."""
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    return [
        "  ".join(
            ["  " + line[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        ).rstrip()
        for line in lines
    ]
