"""Linting: the retail bundle, and a bundle of 300 files, beside an established linter."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from measurement import MILLPOND, Ratio, Result, in_turns, run

PROJECT = Path(__file__).resolve().parents[1]
RETAIL = "millpond lint, the retail bundle (16 files)"
MANY = "millpond lint, 300 files"
RUFF = "ruff check, the Python of the 300 files"
SQLFLUFF = "sqlfluff lint, one of the 100 SQL files"

_SETTINGS = """\
bundle: {name: many}
resources:
  pipelines:
    many:
      serverless: true
      root_path: src
      libraries: [{glob: {include: src/**}}]
"""
_PYTHON = '''\
"""Orders of one region."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F

RULES = {{"has_id": "order_id IS NOT NULL", "positive": "quantity > 0"}}


@dp.table(name="bronze_orders_{n}", table_properties={{"quality": "bronze"}})
@dp.expect("parsed", "_rescued_data IS NULL")
def bronze_orders():
    """As they arrived."""
    return (
        spark.readStream.format("cloudFiles")
        .option("cloudFiles.format", "json")
        .option("cloudFiles.schemaHints", "order_id BIGINT, quantity INT, ordered_at TIMESTAMP")
        .load(spark.conf.get("landing", "/Volumes/main/raw/orders") + "/{n}")
    )


@dp.table(name="silver_orders_{n}")
@dp.expect_all(RULES)
def silver_orders():
    """Typed and without duplicates."""
    orders = spark.readStream.table("bronze_orders_{n}").withWatermark("ordered_at", "1 day")
    return orders.dropDuplicatesWithinWatermark(["order_id"]).select(
        "order_id",
        F.upper("country").alias("country"),
        F.col("quantity").cast("int").alias("quantity"),
        (F.col("quantity") * F.col("price")).alias("amount"),
        "ordered_at",
    )


@dp.table(name="gold_sales_{n}")
@dp.expect("sold", "orders > 0")
def gold_sales():
    """Sales in five minutes."""
    orders = spark.readStream.table("silver_orders_{n}").withWatermark("ordered_at", "10 minutes")
    windows = orders.groupBy(F.window("ordered_at", "5 minutes"), "country")
    return windows.agg(F.count("*").alias("orders"), F.sum("amount").alias("amount"))
'''
_SQL = """\
-- Orders of one region, by day and country.
CREATE OR REFRESH MATERIALIZED VIEW daily_sales_{n} (
  CONSTRAINT has_country EXPECT (country IS NOT NULL)
)
COMMENT 'Sales by day'
AS SELECT
  country,
  date(ordered_at) AS day,
  count(*) AS orders,
  sum(amount) AS amount,
  sum(CASE WHEN quantity > 10 THEN amount ELSE 0 END) AS amount_of_large_orders
FROM silver_orders_{n}
GROUP BY country, date(ordered_at);

CREATE OR REFRESH STREAMING TABLE customers_{n} (
  CONSTRAINT has_customer EXPECT (customer_id IS NOT NULL)
);

CREATE FLOW customers_{n}_changes AS AUTO CDC INTO customers_{n}
FROM STREAM bronze_orders_{n}
KEYS (customer_id)
APPLY AS DELETE WHEN operation = 'DELETE'
SEQUENCE BY ordered_at
COLUMNS * EXCEPT (operation)
STORED AS SCD TYPE 2;
"""


def measure(folder: Path, repeats: int) -> Result:
    """Time a linting of both bundles, each in a fresh process, and other linters beside it.

    Args:
        folder: an empty folder to work in.
    """
    many = _bundle(folder / "many")
    tools = Path(sys.executable).parent
    series = in_turns(
        {
            RETAIL: lambda: run([MILLPOND, "lint", PROJECT], folder).seconds,
            MANY: lambda: run([MILLPOND, "lint", many, "--fail-on", "critical"], folder).seconds,
            RUFF: lambda: _linted([tools / "ruff", "check", "--isolated", "-q", many / "src"]),
            SQLFLUFF: lambda: _linted(
                [tools / "sqlfluff", "lint", "--dialect", "databricks", many / "src" / "s0.sql"]
            ),
        },
        repeats,
    )
    return Result(
        "lint",
        "from the start of the process to its end",
        tuple(series.values()),
        (
            Ratio("the retail bundle", series[RETAIL].median, 0.5, " s"),
            Ratio("300 files", series[MANY].median, 2.0, " s"),
        ),
    )


def _linted(command: list[object]) -> float:
    """The time of a linter; that it found something is no failure."""
    return run(["sh", "-c", '"$@" >/dev/null 2>&1 || true', "sh", *command], Path.cwd()).seconds


def _bundle(folder: Path) -> Path:
    """A bundle of 200 files of Python and 100 of SQL, with 900 datasets."""
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "src"
    source.mkdir(parents=True)
    (folder / "databricks.yml").write_text(_SETTINGS)
    for n in range(200):
        (source / f"p{n}.py").write_text(_PYTHON.format(n=n))
    for n in range(100):
        (source / f"s{n}.sql").write_text(_SQL.format(n=n))
    return folder
