"""A pipeline with something of every kind, run twice, and all that comes of it."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import millpond
from millpond.cli.main import main
from millpond.engine.query import run_sql

SOURCE = """
    import dlt
    from pyspark.sql import functions as F
    from helper import twice

    doubled = F.udf(twice, "int")

    @dlt.table(comment="It's raw", table_properties={"delta.enableChangeDataFeed": "true"})
    @dlt.expect_or_drop("positive", "n > 0")
    @dlt.expect("small", "n < 100")
    def raw():
        return (
            spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
            .option("cloudFiles.inferColumnTypes", "true").load("/Volumes/main/default/landing")
        )

    @dlt.view
    def some():
        return dlt.read_stream("raw").where("n <> 3")

    @dlt.table
    def two():
        return dlt.read_stream("some").select(doubled(F.col("n").cast("int")).alias("n"))

    @dlt.foreach_batch_sink(name="out")
    def out(frame, batch):
        frame.write.format("delta").mode("append").save("OUT")

    @dlt.append_flow(target="out")
    def into_out():
        return spark.readStream.table("raw").select("n")

    dlt.create_streaming_table("history")

    @dlt.append_flow(target="history", once=True)
    def backfill():
        return spark.range(2)

    dlt.create_streaming_table("latest")
    dlt.create_auto_cdc_flow(
        target="latest", source="raw", keys=["id"], sequence_by="at",
        apply_as_deletes=F.expr("gone"), except_column_list=["gone", "_rescued_data"],
    )
    dlt.create_streaming_table("versions")
    dlt.create_auto_cdc_flow(
        target="versions", source="raw", keys=["id"], sequence_by="at", stored_as_scd_type=2,
        apply_as_deletes=F.expr("gone"), except_column_list=["gone", "_rescued_data"],
    )
"""
MORE = """
    from pyspark import pipelines as dp

    dp.create_streaming_table("copies")
    dp.create_auto_cdc_from_snapshot_flow("copies", "latest", keys=["id"], stored_as_scd_type=2)

    @dp.table(replace_using=["id"], sequence_by="at")
    def replaced():
        return spark.readStream.table("raw").select("id", "n", "at")
"""
TOTALS = """
    CREATE OR REFRESH MATERIALIZED VIEW totals AS
    SELECT count(*) AS many, sum(n) AS total FROM two
"""
FIRST = """
    {"id": 1, "n": 1, "at": 1, "gone": false}
    {"id": 1, "n": -1, "at": 2, "gone": false}
    {"id": 2, "n": 3, "at": 2, "gone": false}
    {"id": 3, "n": 200, "at": 3, "gone": false}
"""
SECOND = """
    {"id": 1, "n": 10, "at": 4, "gone": false}
    {"id": 3, "n": 9, "at": 2, "gone": false}
    {"id": 2, "n": 3, "at": 5, "gone": true}
"""
QUERIES = {
    "raw": "SELECT id, n, at, gone, _rescued_data FROM raw",
    "two": "SELECT * FROM two",
    "totals": "SELECT * FROM totals",
    "copies": "SELECT id, n, at, __START_AT, __END_AT FROM copies",
    "replaced": "SELECT * FROM replaced",
    "history": "SELECT * FROM history",
    "latest": "SELECT id, n, at FROM latest",
    "versions": "SELECT id, n, at, __START_AT, __END_AT FROM versions",
}
_RUN_TWICE = """
import shutil, sys
from millpond.cli.main import main

late, landing, *arguments = sys.argv[1:]
first = main(arguments)
shutil.copy(late, landing)
raise SystemExit(first or main(arguments))
"""
"""Two commands in one process, which costs one start of Spark; a file arrives in between."""
_RUN = "import sys; from millpond.cli.main import main; raise SystemExit(main(sys.argv[1:]))"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What two updates of the pipeline left: rows by table, and the counts of each update."""

    rows: dict[str, list[tuple[Any, ...]]]
    counts: list[dict[str, Any]]


class PipelineFolder:
    """The pipeline in a folder, with files that arrive.

    Attributes:
        python: runs what has a process of its own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.python = sys.executable
        self.write("source/a.py", SOURCE.replace("OUT", str(self.out)))
        self.write("source/b.sql", TOTALS)
        self.write("source/c.py", MORE)
        self.write("source/helper.py", "def twice(n):\n    return n * 2\n")
        self.write("source/millpond.yml", "paths: {/Volumes/main/default/landing: ../landing}\n")
        self.write("landing/1.json", FIRST)
        self.write("2.json", SECOND)

    def write(self, name: str, text: str) -> None:
        """Write a file, indentation removed."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    @property
    def state(self) -> Path:
        """The state folder."""
        return self.folder / "state"

    def arguments(self, *options: str) -> list[str]:
        """`run` and its arguments."""
        fixed = ["run", str(self.folder / "source"), "--output", "json"]
        return [*fixed, "--state", str(self.state), *options]

    def run_once(self, *options: str) -> Any:
        """One update in a process of its own, which can have only one Spark."""
        return self._documents(_RUN, *self.arguments(*options))[0]

    def run_until(self, said: str, then: Callable[[], None], *options: str) -> Any:
        """One update in a process of its own; something happens once it has said something."""
        command = [self.python, "-c", _RUN, *self.arguments(*options)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment()
        ) as process:
            assert process.stderr is not None
            assert any(said in line for line in process.stderr)
            then()
            printed, _ = process.communicate()
        return next(iter(decoded(printed)))

    def run_twice(self, *options: str) -> Outcome:
        """Two updates in a process of their own; the second file arrives in between."""
        files = [str(self.folder / "2.json"), str(self.folder / "landing")]
        documents = self._documents(_RUN_TWICE, *files, *self.arguments(*options))
        assert [document["errors"] for document in documents] == [[], []]
        return self.outcome(documents)

    def run_here(self) -> Any:
        """One update with the Spark of this process."""
        with redirect_stdout(io.StringIO()) as printed:
            main(self.arguments())
        return decoded(printed.getvalue())[0]

    def receive(self) -> None:
        """Let the second file arrive."""
        shutil.copy(self.folder / "2.json", self.folder / "landing")

    def outcome(self, documents: list[Any]) -> Outcome:
        """What is in the tables and the sink, and what the updates said of themselves."""
        rows = {
            name: sorted(run_sql(self.state, sql)[1], key=repr) for name, sql in QUERIES.items()
        }
        _, written = run_sql(self.state, f"SELECT n FROM delta.`{self.out}`")
        return Outcome({**rows, "out": sorted(written)}, [_counts(each) for each in documents])

    def _documents(self, program: str, *arguments: str) -> list[Any]:
        ended = subprocess.run(
            [self.python, "-c", program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=_environment(),
        )
        assert ended.returncode in (0, 1, 2), ended.stderr
        return list(decoded(ended.stdout))


def _environment() -> dict[str, str]:
    # Another Python than this one does not have the package installed.
    return {**os.environ, "PYTHONPATH": str(Path(millpond.__file__).parents[1])}


def decoded(text: str) -> list[Any]:
    """The JSON documents in a text."""
    decoder, documents, position = json.JSONDecoder(), [], 0
    while text[position:].strip():
        start = text.index("{", position)
        document, position = decoder.raw_decode(text, start)
        documents.append(document)
    return documents


def _counts(document: Any) -> dict[str, Any]:
    return {
        each["name"]: (
            each["rows_written"],
            each["rows_dropped"],
            {one["name"]: (one["passed"], one["failed"]) for one in each["expectations"]},
        )
        for each in document["datasets"]
    }
