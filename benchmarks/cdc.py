"""AUTO CDC: a long feed against a hand-written MERGE, and a small batch into a large table."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from flow_time import flow_seconds
from measurement import Ratio, Result, in_turns, run, say
from updates import run_update

EVENTS, KEYS, FILES = 1_000_000, 100_000, 10
ROWS = (10_000, 1_000_000)
SMALL = 1_000
AIMS = {"1": 1.3, "2": 2.0}
SMALL_AIM = 2.0

_HERE = Path(__file__).resolve().parent
_PIPELINE = '''"""One target of changes."""

from pyspark import pipelines as dp

COLUMNS = (
    "id BIGINT, seq BIGINT, operation STRING, name STRING, street STRING, city STRING,"
    " balance DECIMAL(18, 6), changed_at TIMESTAMP"
)


@dp.temporary_view
def changes():
    reader = spark.readStream.schema(COLUMNS).option("maxFilesPerTrigger", "1")
    return reader.parquet({feed!r})


dp.create_streaming_table("target")
dp.create_auto_cdc_flow(
    target="target",
    source="changes",
    keys=["id"],
    sequence_by="seq",
    apply_as_deletes="operation = 'DELETE'",
    except_column_list=["operation", "seq"],
    stored_as_scd_type={kind},
)
'''


def measure(folder: Path, repeats: int, events: int = EVENTS, keys: int = KEYS) -> Result:
    """Time a long feed in ten batches, SCD type 1 and 2, against a MERGE by hand.

    Args:
        folder: an empty folder to work in.

    Raises:
        CommandError: a side failed.
    """
    feed = folder / "feed"
    _write_feed(feed, folder, events, keys, FILES)
    sides: dict[str, Callable[[], float]] = {}
    for kind in AIMS:
        sides[f"millpond, SCD {kind}"] = _ours(folder / f"ours{kind}", feed, kind)
        sides[f"by hand, SCD {kind}"] = _by_hand(folder / f"hand{kind}", feed, kind)
    series = in_turns(sides, repeats)
    ratios = [
        Ratio(
            f"SCD {kind}: millpond / by hand",
            series[f"millpond, SCD {kind}"].median / series[f"by hand, SCD {kind}"].median,
            aim,
        )
        for kind, aim in AIMS.items()
    ]
    about = f"{events:,} changes of {keys:,} keys in {FILES} batches, the flow alone"
    return Result("cdc", about, tuple(series.values()), tuple(ratios))


def measure_small(folder: Path, repeats: int) -> Result:
    """Time a batch of a thousand changes into a small and a large table.

    Raises:
        CommandError: an update failed.
    """
    sides = {f"into {rows:,} rows": _small(folder / str(rows), rows) for rows in ROWS}
    series = in_turns(sides, repeats)
    small, large = (series[label].median for label in sides)
    about = f"a batch of {SMALL:,} changes, SCD 2, the flow alone"
    ratio = Ratio("large / small table", large / small, SMALL_AIM)
    return Result("cdc-batch", about, tuple(series.values()), (ratio,))


def _ours(folder: Path, feed: Path, kind: str) -> Callable[[], float]:
    pipeline = _write_pipeline(folder, feed, kind)

    def update() -> float:
        run_update(pipeline, folder / "state")
        return flow_seconds(folder / "state", "target")

    return update


def _by_hand(folder: Path, feed: Path, kind: str) -> Callable[[], float]:
    def apply() -> float:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        done = run([sys.executable, _HERE / "handwritten_merge.py", feed, folder, kind], _HERE)
        return float(done.output.split()[-1])

    return apply


def _small(folder: Path, rows: int) -> Callable[[], float]:
    """Load the table once; then each time a batch of other events comes, from the same state."""
    feed, more = folder / "feed", folder / "more"
    _write_feed(feed, folder, rows, rows, 1)
    _write_feed(more, folder, SMALL, rows, 1, first=rows)
    pipeline = _write_pipeline(folder, feed, "2")
    loaded = folder / "loaded"
    run_update(pipeline, loaded)
    [file] = more.glob("*.parquet")
    shutil.copy2(file, feed / "9999.parquet")

    def update() -> float:
        state = folder / "state"
        run_update(pipeline, state, begin=loaded)
        return flow_seconds(state, "target")

    return update


def _write_pipeline(folder: Path, feed: Path, kind: str) -> Path:
    pipeline = folder / "pipeline.py"
    folder.mkdir(parents=True, exist_ok=True)
    pipeline.write_text(_PIPELINE.format(feed=str(feed), kind=kind))
    return pipeline


def _write_feed(
    feed: Path, folder: Path, events: int, keys: int, files: int, first: int = 0
) -> None:
    say(f"  writing {events:,} changes")
    program = _HERE / "make_changes.py"
    arguments = map(str, (events, keys, files, first))
    run([sys.executable, program, feed, folder / "logs", *arguments], _HERE)
