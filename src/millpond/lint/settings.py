"""Settings of a project: `lint` in millpond.yml, or `[tool.millpond.lint]` in pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

from millpond.bundle.value import Value, from_plain
from millpond.codes import LINT_RULE_UNKNOWN, LINT_SETTING_INVALID
from millpond.errors import MillpondError
from millpond.lint.finding import Finding, Severity
from millpond.lint.registry import all_rules, selected
from millpond.lint.rule import Rule
from millpond.location import Span

_LISTS = ("select", "ignore")
_KEYS = (*_LISTS, "per-file-ignores", "baseline", "fail-on")


@dataclass(frozen=True, slots=True)
class LintSettings:
    """What is judged, and what fails.

    Attributes:
        select, ignore: codes, names, areas or severities; no selection means all.
        per_file: rules that are left out, by a pattern of files relative to `folder`.
        baseline: the file of findings that are accepted.
    """

    folder: Path
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    baseline: Path | None = None
    fail_on: Severity = Severity.REQUIRED

    def rules(self) -> list[Rule]:
        """The rules that are run."""
        chosen = [rule for rule in all_rules() if not self.select or selected(rule, self.select)]
        return [rule for rule in chosen if not selected(rule, self.ignore)]

    def leaves_out(self, finding: Finding) -> bool:
        """Whether a pattern of files leaves a finding out."""
        file = finding.at.file
        if not self.per_file or not file.is_relative_to(self.folder):
            return False
        name = file.relative_to(self.folder).as_posix()
        by_code = {rule.code: rule for rule in all_rules()}
        return any(
            fnmatch(name, pattern) and selected(by_code[finding.rule], codes)
            for pattern, codes in self.per_file.items()
        )


def read_settings(folder: Path) -> LintSettings:
    """The settings of a project; those of millpond.yml go before those of pyproject.toml.

    Raises:
        MillpondError: LINT_SETTING_INVALID or LINT_RULE_UNKNOWN, at the setting; what is wrong
            with the YAML.
    """
    value = _from_yaml(folder / "millpond.yml") or _from_toml(folder / "pyproject.toml")
    if value is None:
        return LintSettings(folder)
    for key, setting in value.mapping.items():
        if key not in _KEYS:
            close = get_close_matches(key, _KEYS, 1)
            hint = f"Did you mean {close[0]!r}?" if close else None
            raise _invalid(key, "is not known", setting.name_at, hint)
    lists = {key: _codes(value.get(key), key) for key in _LISTS}
    patterns = value.get("per-file-ignores")
    per_file = {
        pattern: _codes(codes, "per-file-ignores")
        for pattern, codes in (patterns.mapping if patterns is not None else {}).items()
    }
    baseline = value.get("baseline")
    file = folder / baseline.text if baseline is not None and baseline.text else None
    return LintSettings(
        folder, lists["select"], lists["ignore"], per_file, file, _severity(value.get("fail-on"))
    )


def check_names(names: Iterable[str], at: Span | None = None) -> tuple[str, ...]:
    """The names of rules, areas and severities, if they are any.

    Raises:
        MillpondError: LINT_RULE_UNKNOWN, with what may be meant.
    """
    names = tuple(names)
    for name in names:
        if not any(selected(rule, (name,)) for rule in all_rules()):
            known = [each for rule in all_rules() for each in (rule.code, rule.name)]
            close = get_close_matches(name.upper(), known, 1) or get_close_matches(name, known, 1)
            hint = f"Did you mean {close[0]}?" if close else None
            raise MillpondError(LINT_RULE_UNKNOWN, at=at, hint=hint, name=name)
    return names


def _from_yaml(file: Path) -> Value | None:
    if not file.is_file():
        return None
    from millpond.bundle.reader import read_yaml

    return read_yaml(file).get("lint")


def _from_toml(file: Path) -> Value | None:
    if not file.is_file() or "millpond" not in (text := file.read_text(encoding="utf-8")):
        return None
    try:
        # Python 3.10 has none; millpond.yml takes the same settings.
        tomllib = import_module("tomllib")
    except ImportError:
        return None
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        raise _invalid("pyproject.toml", f"cannot be read: {error}", Span(file, 1)) from error
    section = data.get("tool", {}).get("millpond", {}).get("lint")
    lines = text.split("\n")
    line = next((n for n, each in enumerate(lines, 1) if "tool.millpond.lint" in each), 1)
    return from_plain(section, Span(file, line)) if section is not None else None


def _codes(value: Value | None, key: str) -> tuple[str, ...]:
    if value is None or value.data is None:
        return ()
    texts = [value] if value.text is not None else list(value.elements())
    found: list[str] = []
    for each in texts:
        if each.text is None:
            raise _invalid(key, "is a list of rules", each.at)
        found += check_names(filter(None, (n.strip() for n in each.text.split(","))), each.at)
    return tuple(found)


def _severity(value: Value | None) -> Severity:
    if value is None:
        return Severity.REQUIRED
    try:
        return Severity(str(value.data))
    except ValueError:
        problem = f"is one of {', '.join(each.value for each in Severity)}"
        raise _invalid("fail-on", problem, value.at) from None


def _invalid(setting: str, problem: str, at: Span, hint: str | None = None) -> MillpondError:
    return MillpondError(LINT_SETTING_INVALID, at=at, hint=hint, setting=setting, problem=problem)
