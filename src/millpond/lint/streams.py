"""What rules on state ask of frames: which of their steps a watermark reaches, what is joined."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from millpond.lint.frame import COMBINING, Frame, Step
from millpond.lint.python_source import PythonSource

_TIMES = frozenset({"window", "session_window", "window_time"})


def once(source: PythonSource, *names: str) -> Iterator[tuple[Frame, int]]:
    """Each step of one of these names, with a frame it is in and its place there."""
    seen: set[ast.AST] = set()
    # Where a function is called with a stream, its steps are judged as those of the stream.
    for frame in sorted(source.frames, key=_known):
        for index, step in enumerate(frame.steps):
            if step.name in names and step.node not in seen:
                seen.add(step.node)
                yield frame, index


def _known(frame: Frame) -> tuple[bool, bool]:
    return frame.origin.parameter is not None, frame.streaming is not True


def joins(source: PythonSource) -> Iterator[tuple[Frame, int, Frame]]:
    """Each join, with the frame and place it is at and the frame that is joined."""
    for frame, index in once(source, "join", "crossJoin"):
        for other in frame.steps[index].others[:1]:
            yield frame, index, other


def watermarked(source: PythonSource, frame: Frame, until: int) -> bool:
    """Whether a watermark, or something unknown, comes before a step.

    Views of the pipeline that the frame starts with are looked into.
    """
    before = Frame(frame.origin, frame.steps[:until])
    if before.has("withWatermark") or before.opaque:
        return True
    for step in before.steps:
        if step.name in COMBINING and any(
            other.streaming and watermarked(source, other, len(other.steps))
            for other in step.others
        ):
            return True
    if frame.origin.name is None and _may_be_a_view(frame):
        return True
    return source.pipeline is not None and source.pipeline.watermarked(before)


def _may_be_a_view(frame: Frame) -> bool:
    """Whether it reads a dataset by a name that is not known."""
    node = frame.origin.node
    function = node.func if isinstance(node, ast.Call) else None
    named = isinstance(function, ast.Attribute) and function.attr in (
        *("table", "read_stream", "readStream"),
    )
    return named or (isinstance(function, ast.Name) and function.id == "read_stream")


def grouped_by_time(source: PythonSource, step: Step, times: Sequence[str | None]) -> bool:
    """Whether a grouping may be by time: by a window, by a watermark's column, or unknown."""
    for each in step.call.args:
        text = source.text(each)
        if text is None:
            name = source.column_function(each)
            inner = (
                each.args[0] if name == "col" and isinstance(each, ast.Call) and each.args else None
            )
            text = source.text(inner)
        if text is None or text in times or text in _TIMES or "window" in text:
            return True
    return False
