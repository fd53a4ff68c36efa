"""`%pip install`: the packages have to be there already; nothing is ever installed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from millpond import codes
from millpond.errors import MillpondError
from millpond.load.magics import Magic
from millpond.location import Span

_WITH_VALUE = frozenset(
    {"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host", "--proxy"}
    | {"-t", "--target", "--prefix", "--timeout", "--log", "--cert", "--platform", "-c"}
    | {"--constraint", "-r", "--requirement", "-e", "--editable"}
)
_WHEEL = re.compile(
    r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl"
)
_VARIABLE = re.compile(r"\$\{?(\w+)\}?|\{(\w+)\}")
_VCS = re.compile(r"#egg=([\w.-]+)|/([\w.-]+?)(?:\.git)?(?:@[^/]*)?$")
_UNPROVIDED = frozenset({"dlt", "databricks-dlt"})
"""Stubs of the pipeline API, which Millpond is itself."""


@dataclass(frozen=True, slots=True)
class PipStep:
    """A `%pip` magic."""

    magic: Magic

    @property
    def has_variables(self) -> bool:
        """Whether its arguments name variables, and so have to wait for their values."""
        return _VARIABLE.search(self.magic.installs or "") is not None


def check_packages(magic: Magic, names: Mapping[str, Any]) -> None:
    """Check that every package that `%pip install` asks for is there, in such a version.

    Args:
        names: the variables that the arguments may name.

    Raises:
        MillpondError: PACKAGE_NOT_INSTALLED, PACKAGE_VERSION.
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        return str(names[name]) if name in names else match.group()

    words = shlex.split(_VARIABLE.sub(value, magic.installs or ""), comments=True)
    if words[:1] != ["install"]:
        return  # %pip list, %pip freeze, %pip uninstall: nothing that definitions need
    for requirement in _requirements(words[1:]):
        _check(requirement, magic.at)


def _requirements(words: list[str]) -> Iterator[str]:
    skip = False
    for word in words:
        if skip or word.startswith("-"):
            skip = not skip and word in _WITH_VALUE
            continue
        yield word


def _check(requirement: str, at: Span) -> None:
    from importlib import metadata

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(requirement)
    except InvalidRequirement:
        found = _named(requirement)
        if found is None:
            return
        wanted = Requirement(found)
    if wanted.name.casefold() in _UNPROVIDED or (wanted.marker and not wanted.marker.evaluate()):
        return
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        raise MillpondError(
            codes.PACKAGE_NOT_INSTALLED, at=at, package=wanted.name, requirement=requirement
        ) from None
    if not wanted.specifier.contains(version, prereleases=True):
        raise MillpondError(
            codes.PACKAGE_VERSION,
            at=at,
            package=wanted.name,
            version=version,
            requirement=requirement,
        )


def _named(requirement: str) -> str | None:
    """What a path of a wheel or a repository's address is likely to install."""
    wheel = _WHEEL.fullmatch(PurePosixPath(requirement).name)
    if wheel is not None:
        return f"{wheel['name'].replace('_', '-')}=={wheel['version']}"
    address = _VCS.search(requirement) if "://" in requirement else None
    return (address.group(1) or address.group(2)) if address else None
