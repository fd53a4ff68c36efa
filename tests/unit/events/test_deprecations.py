"""Deprecated spellings are reported by the values that Databricks has for them."""

from pathlib import Path

from millpond import codes, differences
from millpond.errors import MillpondError
from millpond.events.deprecations import deprecations
from millpond.location import Span
from millpond.notices import Notices

AT = Span(Path("a.py"), 1)


def test_each_value_is_told_once() -> None:
    notices = Notices()
    for line in (1, 2):
        at = Span(Path("a.py"), line)
        code = codes.DEPRECATED_NAME
        notices.warn(MillpondError(code, at=at, old="create_table", new="table"))
    notices.warn(MillpondError(codes.DEPRECATED_NAME, at=AT, old="mine", new="table"))
    notices.note(differences.LOCATION, AT)
    notices.note(differences.PATH_ARGUMENT, AT)
    notices.note(differences.PHOTON, AT)
    assert dict(deprecations(notices)) == {
        "PYTHON_CREATE_TABLE": "create_table is deprecated; it is run as table",
        "UNUSED_EXPLICIT_PATH_ON_UC_MANAGED_TABLE": "LOCATION is given and not used",
    }
