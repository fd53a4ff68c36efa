"""Execute Python source so that its decorators fill the active registry."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from millpond import codes
from millpond.definitions.caller import described, raised_span
from millpond.errors import Failures, MillpondError
from millpond.load.compiled import Compiled, syntax_error
from millpond.location import Span
from millpond.spark_message import hint

_NO_PACKAGE = "with no known parent package"
_RELATIVE = re.compile(r"from\s*(\.+)\s*([\w.]*)\s*import")


def execute(piece: Compiled, names: dict[str, Any], root: Path) -> None:
    """Execute a piece of Python in a namespace.

    Args:
        root: the folder the user's modules are found in, for the hint when one is not.

    Raises:
        MillpondError: for a missing module, a syntax error in a module, or any other exception of
            the user's code, at the line in question.
    """
    start = Span(piece.file, 1)
    try:
        exec(piece.code, names)
    except (MillpondError, Failures):
        raise
    except ModuleNotFoundError as error:
        at = raised_span(error) or start
        raise MillpondError(
            codes.MODULE_NOT_FOUND, at=at, module=error.name or str(error), root=root
        ) from error
    except SyntaxError as error:
        raise syntax_error(Path(error.filename or piece.file), error) from error
    except (Exception, SystemExit) as error:
        at = raised_span(error) or start
        raise MillpondError(
            codes.PYTHON_SOURCE_FAILED,
            at=at,
            hint=_relative_import(error, at, root) or hint(error),
            error=described(error),
        ) from error


def _relative_import(error: BaseException, at: Span, root: Path) -> str | None:
    """What to write instead of a relative import in source, which belongs to no package."""
    if not isinstance(error, ImportError) or _NO_PACKAGE not in str(error):
        return None
    found = _RELATIVE.search(at.source_line() or "")
    if found is None or not at.file.is_relative_to(root):
        return None
    parents = at.file.relative_to(root).parts[: -len(found.group(1))]
    module = ".".join([*parents, *filter(None, [found.group(2)])])
    where = f"from {module} import ..." if module else "import ..."
    return f"Source runs on its own and belongs to no package; from root_path write {where}"
