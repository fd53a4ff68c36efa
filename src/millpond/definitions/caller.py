"""Where in the user's source the code that is running now was called from."""

from __future__ import annotations

import itertools
import os
import re
import sys
import sysconfig
import traceback
from pathlib import Path
from types import CodeType, FrameType, TracebackType

from millpond.location import Span

# With the separator at the end, so that a neighbour with a longer name is none of them.
_OURS = str(Path(__file__).parents[1]) + os.sep
_MODULE = re.compile(r"^(?:\w+\.)+(?=\w+(?::|$))")
_SQLSTATE = re.compile(r"\.? SQLSTATE: \w{5}$")
_JAVA_FRAME = re.compile(r"^\s+at [\w.$/]+\(", re.MULTILINE)
_JAVA_CALL = re.compile(r"^Py4JJavaError: An error occurred while calling \S+\. : ")
_LIBRARIES = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "purelib", "platlib")})


def is_user_code(filename: str) -> bool:
    """Whether a file is the user's: neither ours, nor a library's, nor made up (`<string>`)."""
    return not filename.startswith((_OURS, "<", *_LIBRARIES))


def caller_span() -> Span:
    """The innermost place in the user's source on the calling thread's stack.

    Columns need Python 3.11 or newer; before that the column is 1.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if is_user_code(frame.f_code.co_filename):
            return _span(frame.f_code, frame.f_lasti, frame.f_lineno)
        frame = frame.f_back
    return Span(Path("<unknown>"), 1)


def raised_span(error: BaseException) -> Span | None:
    """The innermost place in the user's source that an exception passed through, or None."""
    found: Span | None = None
    step: TracebackType | None = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        if is_user_code(code.co_filename):
            found = _span(code, step.tb_lasti, step.tb_lineno)
        step = step.tb_next
    return found


def described(error: BaseException) -> str:
    """`Type: message` of an exception in one line; the type without its module.

    Of an error in Java it is the Java exception, without its stack.
    """
    lines = "".join(traceback.format_exception_only(type(error), error))
    lines = _JAVA_FRAME.split(lines, maxsplit=1)[0]  # of Java's traceback, only what happened
    text = _MODULE.sub("", " ".join(lines.split()), count=1)
    text = _MODULE.sub("", _JAVA_CALL.sub("", text), count=1)
    return _SQLSTATE.sub("", text)


def _span(code: CodeType, instruction: int, line: int) -> Span:
    file = Path(code.co_filename)
    if not hasattr(code, "co_positions") or instruction < 0:
        return Span(file, line)
    position = next(itertools.islice(code.co_positions(), instruction // 2, None), None)
    if position is None:
        return Span(file, line)
    first, last, start, end = position
    if first is None or start is None:
        return Span(file, line)
    return Span(
        file,
        first,
        _column(file, first, start),
        last,
        None if end is None else _column(file, last or first, end),
    )


def _column(file: Path, line: int, offset: int) -> int:
    """co_positions counts columns in bytes from 0; a Span in characters from 1."""
    text = (Span(file, line).source_line() or "").encode()
    return len(text[:offset].decode(errors="replace")) + 1 if len(text) >= offset else offset + 1
