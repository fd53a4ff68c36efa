"""`${...}` references: find them in text, and put the values they point to in their place.

Rules, as in the CLI: a reference that is the whole text keeps the type of what it points to and
stands where the reference stood; one inside text must point to a scalar; a reference may be
built from others (`${var.${bundle.target}_size}`), and values are resolved before they are
used. A text that only looks like a reference (`${a b}`, `$x`) is text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from millpond.bundle.problems import Problems
from millpond.bundle.scalars import text_of
from millpond.bundle.suggest import closest
from millpond.bundle.value import Data, Value
from millpond.codes import (
    BUNDLE_REFERENCE_CYCLE,
    BUNDLE_REFERENCE_NOT_TEXT,
    BUNDLE_REFERENCE_TOO_LARGE,
    BUNDLE_REFERENCE_UNKNOWN,
    Code,
)
from millpond.location import Span

Path = tuple[str, ...]
"""The steps of a reference: keys, and indexes of lists as digits."""

# Written so that there is one way to match: the CLI's own form takes exponential time here.
_WORD = r"[a-zA-Z](?:[-_a-zA-Z0-9]*[a-zA-Z0-9])?"
_INDEX = r"(?:\[[0-9]+\])*"
_REFERENCE = re.compile(rf"\$\{{({_WORD}{_INDEX}(?:\.{_WORD}{_INDEX})*)\}}")

MAX_SIZE = 100_000
"""Values that one resolved value may hold: what repeats a large variable grows fast."""

MAX_TEXT = 1 << 18
"""Characters that one resolved text may have."""

MAX_TEXTS = 1 << 24
"""Characters that all texts put together from references may have."""

MAX_LEVELS = 60
"""References within references, and the levels of nesting between them."""

MAX_DEPTH = 64
_ROUNDS = 11


def refers(text: str) -> bool:
    """Whether the text has a reference in it."""
    return "${" in text and _REFERENCE.search(text) is not None


def is_reference(value: Value) -> bool:
    """Whether the value is one reference and nothing else."""
    return value.text is not None and _REFERENCE.fullmatch(value.text) is not None


def references_in(text: str) -> list[str]:
    """What the references in a text point to, as written, without `${` and `}`."""
    return _REFERENCE.findall(text)


def path_of(reference: str) -> Path:
    """The steps of a reference: `a.b[0].c` is a, b, 0, c; `var.x` is variables, x, value."""
    steps = tuple(re.findall(r"[^.\[\]]+", reference))
    return ("variables", steps[1], "value", *steps[2:]) if _is_variable(steps) else steps


def place_of(value: Value, reference: str) -> Span:
    """Where a reference stands in the user's file, or the value's place if it is not there.

    It is not there if the text came from somewhere else: a variable, an escape.
    """
    written = "${" + reference + "}"
    at = value.at
    for number in range(at.line, (at.end_line or at.line) + 1):
        line = Span(at.file, number).source_line() or ""
        column = line.find(written, at.column - 1 if number == at.line else 0)
        if column >= 0:
            end = column + 1 + len(written)
            return Span(at.file, number, column + 1, number, end)
    return at


class Resolver:
    """Replaces references to some parts of a configuration.

    Args:
        root: the configuration that references are looked up in.
        roots: the first words of the references to replace; others are left as they are.
        problems: takes what is wrong, each error at the reference.
    """

    def __init__(self, root: Value, roots: frozenset[str], problems: Problems) -> None:
        self._root = root
        self._roots = roots
        self._problems = problems
        self._found: dict[Path, Value | None] = {}
        self._unknown: dict[Path, str | None] = {}
        self._open: list[Path] = []
        self._failures = 0
        self._levels = 0
        self._characters = 0

    def resolve(self, value: Value) -> Value:
        """The value with every reference in it replaced; what cannot be is left and noted."""
        self._levels += 1
        try:
            return self._resolved(value)
        finally:
            self._levels -= 1

    def _resolved(self, value: Value) -> Value:
        if isinstance(value.data, str):
            return self._text(value, value.data) if refers(value.data) else value
        if not value.elements():
            return value
        data: Data
        if isinstance(value.data, Mapping):
            data = {key: self.resolve(entry) for key, entry in value.data.items()}
        else:
            data = tuple([self.resolve(element) for element in value.elements()])
        resolved = replace(value, data=data)
        if resolved.size > MAX_SIZE or resolved.depth > MAX_DEPTH:
            self._fail(BUNDLE_REFERENCE_TOO_LARGE, value.at, what="values", limit=f"{MAX_SIZE:,}")
            return value
        return resolved

    def _text(self, value: Value, text: str) -> Value:
        for _ in range(_ROUNDS):
            whole = _REFERENCE.fullmatch(text)
            if whole is not None:
                found = self._look_up(whole[1], value)
                if found is None:
                    break
                if not isinstance(found.data, str):
                    return found.moved(value)
                filled = found.data
            else:
                filled = self._filled(text, value)
            if filled == text:
                break
            text = filled
        return replace(value, data=text)

    def _filled(self, text: str, site: Value) -> str:
        """The text with its references replaced once; unchanged if it would get too long."""
        parts: list[str] = []
        length = position = 0
        for match in _REFERENCE.finditer(text):
            parts += text[position : match.start()], self._in_text(match, site)
            length += len(parts[-1]) + len(parts[-2])
            self._characters += len(parts[-1])
            position = match.end()
            if length > MAX_TEXT or self._characters > MAX_TEXTS:
                limit = f"{MAX_TEXT:,}"
                at = place_of(site, match[1])
                self._fail(BUNDLE_REFERENCE_TOO_LARGE, at, what="characters", limit=limit)
                return text
        return "".join([*parts, text[position:]])

    def _in_text(self, match: re.Match[str], site: Value) -> str:
        found = self._look_up(match[1], site)
        if found is None:
            return match[0]
        if found.data is None or isinstance(found.data, Mapping | tuple):
            at = place_of(site, match[1])
            self._fail(BUNDLE_REFERENCE_NOT_TEXT, at, reference=match[1], found=found.kind)
            return match[0]
        return text_of(found.data)

    def _look_up(self, reference: str, site: Value) -> Value | None:
        """What a reference points to, resolved; None if it is to be left as it is."""
        path = path_of(reference)
        if path[0] not in self._roots:
            return None
        if path in self._open:
            cycle = " -> ".join(_shown(each) for each in [*self._open, path])
            self._fail(BUNDLE_REFERENCE_CYCLE, place_of(site, reference), cycle=cycle)
            return None
        if path not in self._found and path not in self._unknown:
            if self._levels > MAX_LEVELS:
                at = place_of(site, reference)
                limit = f"{MAX_LEVELS:,}"
                self._fail(BUNDLE_REFERENCE_TOO_LARGE, at, what="levels", limit=limit)
                return None
            failures = self._failures
            self._open.append(path)
            found = self._walk(path)
            self._open.pop()
            # What is wrong inside was noted there; its users need not hear of it again.
            self._found[path] = found if failures == self._failures else None
        if path in self._unknown:
            at, hint = place_of(site, reference), self._unknown[path]
            self._fail(BUNDLE_REFERENCE_UNKNOWN, at, hint=hint, reference=reference)
        return self._found.get(path)

    def _walk(self, path: Path) -> Value | None:
        value = self._root
        for index, step in enumerate(path):
            child = _child(value, step)
            if child is None:
                self._unknown[path] = _did_you_mean(path, index, value)
                return None
            value = child
            if index + 1 < len(path) and is_reference(value):
                found = self._look_up(references_in(str(value.data))[0], value)
                if found is None:
                    return None
                value = found
        return self.resolve(value)

    def _fail(self, code: Code, at: Span, *, hint: str | None = None, **params: object) -> None:
        self._failures += 1
        self._problems.error(code, at, hint=hint, **params)


def _is_variable(steps: Path) -> bool:
    return len(steps) > 1 and steps[0] == "var"


def _did_you_mean(path: Path, index: int, value: Value) -> str | None:
    match = closest(path[index], value.mapping)
    if match is None:
        return None
    return f"Did you mean ${{{_shown((*path[:index], match, *path[index + 1 :]))}}}?"


def _shown(path: Path) -> str:
    if path[0] == "variables" and path[2:3] == ("value",):
        return ".".join(("var", path[1], *path[3:]))
    return ".".join(path)


def _child(value: Value, step: str) -> Value | None:
    if isinstance(value.data, tuple):
        index = int(step) if step.isdecimal() and len(step) < 10 else -1
        return value.data[index] if 0 <= index < len(value.data) else None
    return value.mapping.get(step)
