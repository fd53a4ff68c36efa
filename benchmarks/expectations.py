"""The cost of expectations: one streaming table with ten of them against the same with none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from flow_time import flow_seconds
from measurement import CommandError, Ratio, Result, Series, in_turns, run, say
from updates import run_update

ROWS = 500_000
AIM = 1.05

WITHOUT, WITH = "no expectations", "ten expectations"

TABLE = '''"""One streaming table."""

import dlt


@dlt.table(name="sales")
{decorators}def sales():
    return spark.readStream.format("delta").load({source!r})
'''

TEN = """@dlt.expect("note_present", "note IS NOT NULL")
@dlt.expect("small_quantity", "quantity < 12")
@dlt.expect("recent", "sold_at >= '2017-01-02'")
@dlt.expect("not_too_dear", "quantity * unit_price < 300")
@dlt.expect("in_europe", "country IN ('DE', 'FR', 'GB')")
@dlt.expect_or_drop("id_present", "id IS NOT NULL")
@dlt.expect_or_drop("customer_valid", "customer_id LIKE 'C%' AND length(customer_id) <= 5")
@dlt.expect_or_drop("quantity_positive", "quantity > 0")
@dlt.expect_or_drop("country_known", "country IN ('CA', 'DE', 'FR', 'GB', 'US')")
@dlt.expect_or_fail("price_positive", "unit_price > 0")
"""
"""Of all three kinds. Some warnings are violated; nothing is dropped, so both write the same."""


def measure(folder: Path, repeats: int, rows: int = ROWS) -> Result:
    """Time the update with and without.

    Args:
        folder: an empty folder to work in.

    Raises:
        CommandError: an update failed, or did not write every row.
    """
    say(f"  writing {rows:,} rows")
    source = folder / "source"
    program = Path(__file__).resolve().parent / "make_rows.py"
    run([sys.executable, program, source, str(rows), folder / "logs"], folder)
    flow_times: dict[str, list[float]] = {WITHOUT: [], WITH: []}

    def side(label: str, decorators: str) -> Callable[[], float]:
        pipeline = folder / label.replace(" ", "_") / "pipeline.py"
        pipeline.parent.mkdir()
        pipeline.write_text(TABLE.format(decorators=decorators, source=str(source)))

        def update() -> float:
            state = pipeline.parent / "state"
            done = run_update(pipeline, state)
            written = done.dataset("sales")["rows_written"]
            if written != rows:
                raise CommandError(f"{label}: {written} of {rows} rows were written")
            flow_times[label].append(flow_seconds(state, "sales"))
            return done.seconds

        return update

    series = in_turns({WITHOUT: side(WITHOUT, ""), WITH: side(WITH, TEN)}, repeats)
    flows = {label: Series(f"{label}, the flow alone", tuple(t)) for label, t in flow_times.items()}
    return Result(
        "expectations",
        f"one streaming table of {rows:,} rows from Delta",
        (*series.values(), *flows.values()),
        (
            Ratio("ten / none, the flow alone", flows[WITH].median / flows[WITHOUT].median, AIM),
            Ratio("ten / none, the process", series[WITH].median / series[WITHOUT].median),
        ),
    )
