"""What pipeline source asks Auto Loader for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.location import Span
from millpond.sources.inputs.mount import Mount

if TYPE_CHECKING:
    from pyspark.sql.types import StructType


@dataclass(frozen=True, slots=True)
class AutoLoaderRequest:
    """One read of files.

    Attributes:
        path: a local file or folder, or a glob of them.
        options: as the user wrote them; keys are compared without regard to case.
        schema: what the user gave, a StructType or DDL, or None to infer it.
        at: the call or function in the user's source.
        schema_store: the folder that remembers, from one update to the next, what was inferred
            for this source; one of its own for each source of a flow. A full refresh removes it.
        user_path: the path as the user wrote it, for messages.
        running: whether its rows are to be read now, not only its columns known; what stops
            one stream of several stops it then.
        mount: what lets Spark read the files under the user's own URI; None for none.
    """

    path: str
    options: Mapping[str, str] = field(default_factory=dict)
    schema: StructType | str | None = None
    at: Span | None = None
    schema_store: Path = Path()
    user_path: str | None = None
    mount: Mount | None = None
    running: bool = True
