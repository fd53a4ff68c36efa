"""See that a stream reads the sources that its checkpoint is about (reference 5.6)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.engine.classic.plan import StreamSource, stream_sources
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_FILE = "millpond-sources.json"
_OF_FILES = ("avro", "binaryfile", "csv", "json", "orc", "parquet", "text", "xml")


def check_sources(
    frame: DataFrame, checkpoint: Path, flow: ResolvedFlow, dataset: ResolvedDataset
) -> tuple[StreamSource, ...] | None:
    """Compare a stream's sources with those of its last update, and remember them.

    Returns the sources; None where the session cannot tell. Another Delta table in the place of
    one is left to Delta to find, which knows its id.

    Raises:
        MillpondError: STREAMING_SOURCES_CHANGED if there are more or fewer, or of another kind.
    """
    sources = stream_sources(frame)
    if sources is None:
        return None
    now = [_shown(source) for source in sources]
    file = checkpoint / _FILE
    before = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else now
    if _formats(before) != _formats(now) and (checkpoint / "offsets").is_dir():
        raise MillpondError(
            codes.STREAMING_SOURCES_CHANGED,
            at=flow.flow.at,
            flow=flow.name,
            dataset=dataset.name,
            before=", ".join(before),
            now=", ".join(now),
        )
    if before != now or not file.is_file():
        checkpoint.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(now), encoding="utf-8")
    return sources


def _shown(source: StreamSource) -> str:
    return f"{source.format} {source.path}" if source.path else source.format


def _formats(shown: Sequence[str]) -> list[str]:
    """The kinds of sources; a checkpoint on files goes on, whatever they are read as.

    Auto Loader reads JSON as JSON or as text, as the files need it.
    """
    kinds = [each.split(" ", 1)[0] for each in shown]
    return ["files" if kind.casefold() in _OF_FILES else kind for kind in kinds]
