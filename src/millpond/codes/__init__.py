"""Every error code, with its message, hint and exit status: the source of docs/errors.md.

One module an area; all their names are names of this package too.
"""

from millpond.codes.bundle import *
from millpond.codes.cdc import *
from millpond.codes.code import Code as Code
from millpond.codes.code import ExitStatus as ExitStatus
from millpond.codes.command_line import *
from millpond.codes.flows import *
from millpond.codes.graph import *
from millpond.codes.history import *
from millpond.codes.inputs import *
from millpond.codes.lint import *
from millpond.codes.machine import *
from millpond.codes.report import *
from millpond.codes.run import *
from millpond.codes.snapshots import *
from millpond.codes.source import *
from millpond.codes.sources import *
from millpond.codes.sql import *
from millpond.codes.static import *
from millpond.codes.testing import *


def all_codes() -> tuple[Code, ...]:
    """All codes, sorted by name."""
    found = (value for value in globals().values() if isinstance(value, Code))
    return tuple(sorted(found, key=lambda code: code.name))
