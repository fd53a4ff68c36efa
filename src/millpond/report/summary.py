"""The summary of an update as text: what it wrote, what its expectations found, what next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from millpond.definitions import DatasetKind
from millpond.events.summary import DatasetSummary, ExpectationSummary, UpdateSummary
from millpond.report.differences import render_differences
from millpond.report.text import cells, count, duration, percent, quoted_name, table, visible

_VIEW = DatasetKind.TEMPORARY_VIEW.value
_SINK = DatasetKind.SINK.value
_STREAMING = DatasetKind.STREAMING_TABLE.value
_KINDS = {
    _STREAMING: ("streaming table", "streaming"),
    DatasetKind.MATERIALIZED_VIEW.value: ("materialized view", "materialized"),
    _VIEW: ("view", "view"),
    _SINK: ("sink", "sink"),
    DatasetKind.TABLE.value: ("table", "table"),
}
_INDENT, _DEEP_INDENT = "  ", "      "


@dataclass(frozen=True, slots=True)
class Place:
    """Where an update's tables are, and how to reach them.

    Attributes:
        tables: the state folder, as the user would type it.
        arguments: what `millpond sql` needs after the query to find that folder.
        project: the folder that places in source are shown relative to.
    """

    tables: str
    arguments: tuple[str, ...] = ()
    project: Path | None = None


def render_summary(summary: UpdateSummary, place: Place, width: int) -> str:
    """The summary, at most `width` cells wide where names allow it; no newline at the end."""
    sections: list[list[str]] = [[_headline(summary)]]
    shown = [each for each in summary.datasets if each.status != "EXCLUDED"]
    sections.extend(_schemas(shown, width, dry_run=summary.dry_run))
    sections.append(wrap(_totals(summary, shown), width) if shown else ["Nothing was run."])
    sections.append(render_differences(summary.differences, place.project, width))
    if not summary.dry_run:
        sections.extend(_next_steps(shown, place, width))
    return visible("\n\n".join("\n".join(section) for section in sections if section))


def _headline(summary: UpdateSummary) -> str:
    name, time = summary.pipeline_name or "pipeline", duration(summary.seconds)
    if summary.dry_run and summary.state == "COMPLETED":
        return f"{name}: definitions are valid ({time}, dry run: nothing was written)"
    return f"{name}: {summary.state} in {time}"


def _schemas(datasets: Sequence[DatasetSummary], width: int, *, dry_run: bool) -> list[list[str]]:
    """A section for each schema, in the order in which they first appear."""
    lines = dict(zip(datasets, _rows(datasets, width, dry_run=dry_run), strict=True))
    sections: dict[str, list[str]] = {}
    for dataset in datasets:
        schema = _split(dataset.name)[0]
        section = sections.setdefault(schema, [schema])
        section.extend(lines[dataset])
        if not dry_run:
            section.extend(_expectations(dataset, width))
    return list(sections.values())


def _rows(datasets: Sequence[DatasetSummary], width: int, *, dry_run: bool) -> list[list[str]]:
    """The lines of each dataset, in the widest form that fits; else with a line for the name."""
    if not datasets:
        return []
    names = [_split(each.name)[1] for each in datasets]
    lines: list[str] = []
    for timed, short in ((True, False), (False, False), (False, True)):
        if dry_run:
            columns, align = [[_kind(each, short=short)] for each in datasets], "<"
        else:
            columns, align = _numbers(datasets, timed=timed, short=short)
        lines = table([[name, *row] for name, row in zip(names, columns, strict=True)], f"<{align}")
        if max(map(cells, lines)) + len(_INDENT) <= width:
            return [[_INDENT + line] for line in lines]
    below = table(columns, align)
    return [[_INDENT + name, _DEEP_INDENT + line] for name, line in zip(names, below, strict=True)]


def _numbers(
    datasets: Sequence[DatasetSummary], *, timed: bool, short: bool
) -> tuple[list[list[str]], str]:
    """Kind, status and numbers of each dataset; columns without any number are left out."""
    columns: list[tuple[str, list[str]]] = [
        ("<", [_kind(each, short=short) for each in datasets]),
        ("<", [each.status for each in datasets]),
        (">", [_written(each) for each in datasets]),
    ]
    numbers = (
        ("dropped", [each.rows_dropped for each in datasets]),
        ("upserted", [each.rows_upserted for each in datasets]),
        ("deleted", [each.rows_deleted for each in datasets]),
    )
    for verb, values in numbers:
        if any(values):
            columns.append((">", [f"{value:,} {verb}" if value else "" for value in values]))
    if timed:
        times = [duration(each.seconds) if each.seconds else "" for each in datasets]
        columns.append((">", times))
    rows = [list(row) for row in zip(*(values for _, values in columns), strict=True)]
    return rows, "".join(align for align, _ in columns)


def _written(dataset: DatasetSummary) -> str:
    if dataset.kind == _VIEW or (dataset.status != "COMPLETED" and not dataset.rows_written):
        return ""
    if dataset.unchanged:
        return "unchanged"
    changes_only = _changed(dataset) and not dataset.rows_written
    return "" if changes_only else count(dataset.rows_written, "row")


def _changed(dataset: DatasetSummary) -> int:
    """Rows added, replaced or removed."""
    return dataset.rows_written + dataset.rows_upserted + dataset.rows_deleted


def _expectations(dataset: DatasetSummary, width: int) -> Iterator[str]:
    """Violated ones a line each; those that every row met together, and those not evaluated.

    What a failed or skipped dataset did not count says nothing: its batch was not written.
    """
    expectations = dataset.expectations
    violated = [each for each in expectations if each.failed]
    met = [each for each in expectations if each.passed and not each.failed]
    unseen = [each for each in expectations if not each.passed and not each.failed]
    if dataset.unchanged or dataset.status in ("FAILED", "SKIPPED"):
        unseen = []
    if violated:
        rows = [
            [each.name, _rate(each), f"(failed {each.failed:,})", each.action] for each in violated
        ]
        yield from (_DEEP_INDENT + line for line in table(rows, "<><<"))
    for label, group in (("100%", met), ("no rows checked", unseen)):
        names = ", ".join(f"{each.name} {each.action}" for each in group)
        if names:
            indent = _DEEP_INDENT + _INDENT
            first = f"{_DEEP_INDENT}{label}: "
            yield from wrap(
                names, width, initial_indent=first, subsequent_indent=indent, break_long_words=False
            )


def _rate(expectation: ExpectationSummary) -> str:
    return percent(expectation.passed, expectation.passed + expectation.failed)


def _totals(summary: UpdateSummary, shown: Sequence[DatasetSummary]) -> str:
    parts = [count(len(shown), "dataset")]
    if not summary.dry_run:
        parts.append(f"{count(sum(each.rows_written for each in shown), 'row')} written")
        for verb, rows in (
            ("upserted", sum(each.rows_upserted for each in shown)),
            ("deleted", sum(each.rows_deleted for each in shown)),
        ):
            parts.extend([f"{rows:,} {verb}"] if rows else [])
        parts.append(f"{count(sum(each.rows_dropped for each in shown), 'row')} dropped")
        for status, noun in (("FAILED", "failed"), ("SKIPPED", "skipped after a failure")):
            number = sum(each.status == status and each.kind != _VIEW for each in shown)
            parts.extend([f"{number} {noun}"] if number else [])
    sentences = [", ".join(parts) + "."]
    streaming = [each for each in shown if each.kind == _STREAMING]
    quiet = all(each.status == "COMPLETED" and not _changed(each) for each in streaming)
    if streaming and quiet and not summary.dry_run:
        sentences.append("No new input: the streaming tables were up to date.")
    excluded = len(summary.datasets) - len(shown)
    if excluded:
        verb = "was" if excluded == 1 else "were"
        sentences.append(f"{count(excluded, 'other dataset')} {verb} not selected.")
    return " ".join(sentences)


def _next_steps(shown: Sequence[DatasetSummary], place: Place, width: int) -> Iterator[list[str]]:
    filled = [each for each in shown if each.kind not in (_VIEW, _SINK) and _changed(each)]
    quarantines = [each for each in filled if "quarantine" in _split(each.name)[1].casefold()]
    results = [each for each in filled if each not in quarantines]
    if results:
        lead = wrap(f"The tables are in {place.tables}. Look at one:", width)
        yield [*lead, _sql(results[-1], place)]
    dropped = sum(each.rows_dropped for each in shown)
    if quarantines:
        rows = count(sum(each.rows_written for each in quarantines), "row")
        yield [
            f"{rows} went to quarantine. See them:",
            *(_sql(each, place) for each in quarantines),
        ]
    elif dropped and not any("quarantine" in each.name.casefold() for each in shown):
        advice = "Nothing keeps the dropped rows: a quarantine table would, with the reason."
        yield wrap(advice, width)


def _sql(dataset: DatasetSummary, place: Place) -> str:
    query = f"SELECT * FROM {quoted_name(dataset.name)} LIMIT 10"
    query = shlex.quote(query) if "`" in query else f'"{query}"'
    return " ".join([f"{_INDENT}millpond sql", query, *map(shlex.quote, place.arguments)])


def _kind(dataset: DatasetSummary, *, short: bool) -> str:
    long, brief = _KINDS.get(dataset.kind, (dataset.kind, dataset.kind))
    return brief if short else long


def _split(name: str) -> tuple[str, str]:
    """The schema in full, and the name in it; a name may itself hold dots."""
    catalog, *others = name.split(".", 2)
    if not others:
        return "sinks", name
    schema, *rest = others
    return f"{catalog}.{schema}", rest[0] if rest else schema
