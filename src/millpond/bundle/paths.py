"""Local paths in a bundle: relative to the file they stand in, and never out of the bundle."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from millpond.bundle.value import Value
from millpond.codes import PATH_NOT_LOCAL, PATH_OUTSIDE_BUNDLE
from millpond.errors import MillpondError

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Roots:
    """The folders of a bundle.

    Attributes:
        bundle: the one that holds databricks.yml.
        sync: the one whose files are deployed: the bundle's own, or a parent of it if
            `sync.paths` names folders beside it.
        deployed: where the workspace keeps those files, or empty if they are not deployed.
    """

    bundle: Path
    sync: Path
    deployed: str = ""

    def local(self, path: Value) -> Path:
        """The absolute local path that a relative one means; it need not exist.

        An absolute path is taken if it lies in the bundle, which is what
        `${workspace.file_path}/...` comes to in a local run.

        Raises:
            MillpondError: PATH_NOT_LOCAL, PATH_OUTSIDE_BUNDLE, at the path.
        """
        text = str(path.data)
        if self.deployed and (text == self.deployed or text.startswith(self.deployed + "/")):
            text = str(self.sync) + text.removeprefix(self.deployed)
        absolute = os.path.isabs(text)
        found = Path(os.path.normpath(path.at.file.parent / text))
        inside = found.is_relative_to(self.sync)
        if _SCHEME.match(text) or (absolute and not inside):
            raise MillpondError(PATH_NOT_LOCAL, at=path.at, path=text)
        if not inside:
            raise MillpondError(PATH_OUTSIDE_BUNDLE, at=path.at, path=text, root=self.sync.name)
        return found

    def shown(self, path: Path) -> str:
        """A path as it is shown to the user: relative to the bundle."""
        return Path(os.path.relpath(path, self.bundle)).as_posix()


def find_roots(root: Value, bundle: Path) -> Roots:
    """The bundle's folders, `sync.paths` taken into account."""
    paths = root.get("sync", "paths")
    folders = [str(bundle)]
    folders += [
        os.path.normpath(path.at.file.parent / path.text)
        for path in (paths.elements() if paths else ())
        if path.text and not os.path.isabs(path.text)
    ]
    return Roots(bundle, Path(os.path.commonpath(folders)))
