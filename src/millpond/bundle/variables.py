"""The value of each variable of the bundle.

In the CLI's order: what the caller gives (`--var`), `BUNDLE_VAR_<name>`, a lookup, the file
`.databricks/bundle/<target>/variable-overrides.json`, the default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from millpond.bundle.problems import Problems
from millpond.bundle.reader import read_yaml
from millpond.bundle.suggest import did_you_mean
from millpond.bundle.value import Value
from millpond.codes import (
    BUNDLE_VARIABLE_COMPLEX,
    BUNDLE_VARIABLE_UNKNOWN,
    BUNDLE_VARIABLE_UNSET,
    BUNDLE_WRONG_TYPE,
)
from millpond.errors import MillpondError
from millpond.location import Span

PREFIX = "BUNDLE_VAR_"

LookUp = Callable[[str, str], "str | None"]
"""Finds the id of an object by its kind and name; None if there is no such object."""


def set_values(
    root: Value,
    given: Mapping[str, str],
    environ: Mapping[str, str],
    overrides: Value,
    problems: Problems,
    look_up: LookUp | None = None,
) -> Value:
    """The bundle with a `value` in each of its variables.

    BUNDLE_VARIABLE_UNSET is noted at a variable that has none, used or not, as the CLI does;
    BUNDLE_VARIABLE_UNKNOWN for a given one that the bundle does not define.

    Args:
        given: values from the caller.
        environ: the process environment.
        overrides: the target's file of overrides, or an empty mapping.
        look_up: asks a workspace; without one, the name looked up stands for the id.
    """
    variables = root.get("variables") or Value({}, root.at)
    for name in given:
        if name not in variables.mapping:
            problems.error(
                BUNDLE_VARIABLE_UNKNOWN,
                variables.name_at if variables.mapping else None,
                hint=did_you_mean(name, variables.mapping),
                variable=name,
                known=", ".join(variables.mapping) or "none",
            )
    for name, variable in variables.mapping.items():
        value = _value(name, variable, given, environ, overrides.get(name), problems, look_up)
        if value is not None:
            variables = variables.put(name, variable.put("value", value))
    return root.put("variables", variables)


def read_overrides(folder: Path, target: str, problems: Problems) -> Value:
    """The values that the target's file of overrides holds; empty if there is no such file."""
    file = folder / ".databricks" / "bundle" / target / "variable-overrides.json"
    empty = Value({}, Span(file, 1))
    if not file.is_file():
        return empty
    try:
        value = read_yaml(file)
    except MillpondError as error:
        problems.add(error)
        return empty
    if not isinstance(value.data, Mapping):
        problems.error(
            BUNDLE_WRONG_TYPE,
            value.at,
            path=file.name,
            expected="a mapping",
            found=value.kind,
        )
        return empty
    return value


def _value(
    name: str,
    variable: Value,
    given: Mapping[str, str],
    environ: Mapping[str, str],
    override: Value | None,
    problems: Problems,
    look_up: LookUp | None,
) -> Value | None:
    declared_type = variable.get("type")
    is_complex = declared_type is not None and declared_type.data == "complex"
    for text, source in (
        (given.get(name), "the command line"),
        (environ.get(PREFIX + name), f"the environment ({PREFIX}{name})"),
    ):
        if text is None:
            continue
        if is_complex:
            at = variable.name_at
            problems.error(BUNDLE_VARIABLE_COMPLEX, at, variable=name, source=source)
            return None
        return Value(text, variable.at, variable.key_at)
    lookup = variable.get("lookup")
    if lookup is not None and lookup.mapping:
        if len(lookup.mapping) > 1:
            problems.error(
                BUNDLE_WRONG_TYPE,
                lookup.at,
                path=f"variables.{name}.lookup",
                expected="one kind of object with its name",
                found=", ".join(lookup.mapping),
            )
        kind, object_name = next(iter(lookup.mapping.items()))
        if look_up is None or not object_name.text:
            return object_name
        return replace(object_name, data=look_up(kind, object_name.text) or object_name.text)
    if override is not None and override.data is not None:
        return override
    default = variable.get("default")
    if default is None:
        problems.error(BUNDLE_VARIABLE_UNSET, variable.name_at, variable=name)
    elif isinstance(default.data, Mapping | tuple) and not is_complex:
        problems.warn(
            BUNDLE_WRONG_TYPE,
            default.at,
            hint=f"Add `type: complex` to the variable {name!r}.",
            path=f"variables.{name}.default",
            expected="a single value",
            found=default.kind,
        )
    return default
