"""A landing folder, and streams that run until they have read what is in it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from millpond.location import Span
from millpond.sources import mounts
from millpond.sources.auto_loader import AutoLoaderRequest, read_batch, read_stream

HERE = Span(Path("pipeline.py"), 12, 5)
_names = itertools.count(1)


class Landing:
    """A folder with files in it, and the reads of them."""

    def __init__(self, spark, folder):
        self.spark = spark
        self.folder = folder / "landing"
        self.folder.mkdir()
        self.store = folder / "schema"
        self.checkpoint = folder / "checkpoint"

    def put(self, name, *lines):
        """Write a file: text as it is, anything else as JSON, one a line."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return file

    def request(self, format="json", schema=None, path="", user_path=None, inputs=None, **options):
        named = {"cloudFiles.format": format} if format else {}
        for key, value in options.items():
            named[key if key in _PLAIN else f"cloudFiles.{key}"] = value
        mount = inputs.mount(user_path) if inputs is not None else None
        if mount is not None:
            mounts.mount(self.spark, mount, inputs)
        return AutoLoaderRequest(
            path=str(self.folder) + path,
            options=named,
            schema=schema,
            at=HERE,
            schema_store=self.store,
            user_path=user_path,
            mount=mount,
        )

    def stream(self, *args, **options):
        return read_stream(self.spark, self.request(*args, **options))

    def batch(self, *args, **options):
        return read_batch(self.spark, self.request(*args, **options))

    def update(self, *args, **options):
        """The rows that one update of a flow appends, as dictionaries."""
        return self.run(self.stream(*args, **options))

    def run(self, frame):
        found = []
        query = (
            frame.writeStream.foreachBatch(lambda rows, _: found.extend(rows.collect()))
            .option("checkpointLocation", str(self.checkpoint))
            .trigger(availableNow=True)
            .start()
        )
        query.awaitTermination()
        return [row.asDict(recursive=True) for row in found]


_PLAIN = (
    "allowComments",
    "badRecordsPath",
    "columnNameOfCorruptRecord",
    "dateFormat",
    "escape",
    "fileNamePattern",
    "header",
    "ignoreCorruptFiles",
    "ignoreMissingFiles",
    "mode",
    "modifiedAfter",
    "multiLine",
    "pathGlobFilter",
    "readerCaseSensitive",
    "recursiveFileLookup",
    "rescuedDataColumn",
    "rowTag",
    "schema",
    "sep",
    "singleVariantColumn",
    "skipRows",
)


@pytest.fixture
def landing(spark, tmp_path):
    return Landing(spark, tmp_path)
