"""Give each batch of a stream to a function of this process, wherever Spark works.

A classic session calls the function itself. Over Spark Connect it would have to run in the server,
which has neither this package nor the user's source: there the stream writes its batches to a Delta
table beside its checkpoint, from which they are taken one by one, in order and under their numbers.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond.engine.context import UpdateContext
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow
from millpond.engine.spark.remote_delta import RemoteTable
from millpond.engine.spark.settings import session_settings
from millpond.engine.writing.progress import FlowProgress
from millpond.engine.writing.stream import stream_writer, watch
from millpond.events.metrics import Metrics
from millpond.quality.flags import Guard
from millpond.sources.separate_session import separate_session
from millpond.spark_connect import is_remote

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BatchFunction = Callable[["DataFrame", int], None]

_FOLDER = "millpond-batches"
_NOTE = "millpond-taken"
_ROW = "row"
"""All columns of a batch are one here: what they are called is no matter of Delta's then."""


def run_batches(
    context: UpdateContext,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    frame: DataFrame,
    function: BatchFunction,
    guards: Sequence[Guard],
    progress: FlowProgress,
    applied: Mapping[int, Metrics] | None = None,
    mode: str = "append",
) -> bool:
    """Give everything that is there now to a function, batch by batch.

    A batch that was given to it may be given again, under its number, if the run ends in it.

    Returns whether it got to the end; False if the update was asked to stop.

    Args:
        applied: what `watch` is to tell of a batch, filled by the function.
    """
    if not is_remote(context.session):
        writer = stream_writer(context, dataset, flow, frame).outputMode(mode)
        stream = writer.foreachBatch(function).start()
        return watch(stream, guards, progress, context.stop, applied)
    checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
    # Settings of one batch must not be those of what runs beside it.
    with separate_session(context.session) as session:
        _set_as_the_update(session, context)
        staged = _StagedBatches(session, checkpoint, function)
        staged.take()
        path = staged.prepare(frame)
        rows = _as_one_column(frame)
        writer = stream_writer(context, dataset, flow, rows).format("delta")
        stream = writer.option("mergeSchema", "true").start(str(path))
        ended = watch(stream, guards, progress, context.stop, applied, staged.take)
        staged.clear()
        return ended


class _StagedBatches:
    """The batches of one flow that wait to be taken, in a table of their own."""

    def __init__(self, session: SparkSession, checkpoint: Path, function: BatchFunction) -> None:
        self._session: Any = session
        self._checkpoint = checkpoint
        self._function = function
        self._note = checkpoint / _NOTE
        # A new folder for each table: the server remembers what was at a path.
        self._folder = next((checkpoint / _FOLDER).glob("*"), None)
        self._last = self._noted()

    def prepare(self, frame: DataFrame) -> Path:
        """The table to write to, made if there is none."""
        if self._folder is None:
            self._folder = self._checkpoint / _FOLDER / uuid.uuid4().hex
            schema = _as_one_column(frame).schema
            empty = self._session.createDataFrame([], schema)
            writer = empty.write.format("delta").option("delta.enableChangeDataFeed", "true")
            writer.save(str(self._folder))
        return self._folder

    def take(self) -> int:
        """Give the batches that wait to the function, in order; returns the last one's number."""
        if self._folder is None:
            return self._last
        history = RemoteTable(self._session, str(self._folder)).history()
        known = history.select("version", "operationParameters.epochId").collect()
        for version, number in sorted(known):
            if number is not None and int(number) > self._last:
                self._function(self._batch(version), int(number))
                self._remember(int(number))
        return self._last

    def clear(self) -> None:
        """Remove the table, if the stream will not write again what is in it."""
        committed = [int(file.name) for file in self._commits()]
        if self._folder is not None and committed and max(committed) >= self._last:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _batch(self, version: int) -> DataFrame:
        reader = self._session.read.format("delta").option("readChangeFeed", "true")
        bounds = {"startingVersion": version, "endingVersion": version}
        frame: DataFrame = reader.options(**bounds).load(str(self._folder))
        return frame.select(f"{_ROW}.*")

    def _commits(self) -> list[Path]:
        files = (self._checkpoint / "commits").glob("*")
        return [file for file in files if file.name.isdecimal()]

    def _noted(self) -> int:
        if not self._note.is_file():
            return -1
        return int(json.loads(self._note.read_text(encoding="utf-8")))

    def _remember(self, number: int) -> None:
        new = self._note.with_name(f"{_NOTE}.new")
        new.write_text(json.dumps(number), encoding="utf-8")
        new.replace(self._note)
        self._last = number


def _as_one_column(frame: DataFrame) -> DataFrame:
    from pyspark.sql import functions as F

    return frame.select(F.struct("*").alias(_ROW))


def _set_as_the_update(session: SparkSession, context: UpdateContext) -> None:
    """Give a session the update's settings.

    Spark 4.2 can clone a session that has them, but a clone loses what is checkpointed in it.
    """
    given = {k: v for k, v in context.spec.configuration.items() if k.startswith("spark.")}
    for key, value in {**session_settings(), **given}.items():
        if session.conf.isModifiable(key):
            session.conf.set(key, value)
