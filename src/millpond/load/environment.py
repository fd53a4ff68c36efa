"""What surrounds pipeline source while it runs: `sys.path`, and modules that do not outlive it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from millpond.api.modules import importable
from millpond.load import runtime_modules
from millpond.load.user_modules import user_modules
from millpond.redaction import redacted_output


@contextmanager
def source_environment(root: Path) -> Iterator[None]:
    """Put `root` on `sys.path` and the pipeline API in `sys.modules`; undo both afterwards.

    Modules of the user's that are imported in between travel whole to Spark's workers and are
    forgotten at the end. What is printed meanwhile shows no secret that source has read.
    """
    path, arguments = list(sys.path), sys.argv
    sys.path.insert(0, str(root))
    sys.argv = [""]  # ours mean nothing to source that reads its own
    try:
        with user_modules(), importable(), runtime_modules.importable(), redacted_output():
            yield
    finally:
        sys.path[:] = path  # source may have changed it too
        sys.argv = arguments
