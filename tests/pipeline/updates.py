"""The retail bundle's updates, whose outcome the tests of this folder look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Updates:
    """The three updates and the state they leave."""

    first: Any
    again: Any
    last: Any
    state: Path
    counts_after_first: dict[str, int]
