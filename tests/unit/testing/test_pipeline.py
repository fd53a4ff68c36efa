"""The `pipeline` fixture, as a user's tests use it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from textwrap import dedent

import pytest

from millpond.testing import LocalPipeline, PipelineFailed

SHOP_PY = """
    import dlt
    from pyspark.sql import functions as F

    @dlt.table
    def raw():
        reader = spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
        reader = reader.option("cloudFiles.inferColumnTypes", "true")
        return reader.load("/Volumes/main/default/landing/orders")

    @dlt.view
    @dlt.expect("known", "id IS NOT NULL")
    def cleaned():
        return dlt.read_stream("raw").withColumn("amount", F.col("amount").cast("double"))

    @dlt.table
    @dlt.expect_or_drop("positive", "amount > 0")
    def silver():
        return dlt.read_stream("cleaned")

    @dlt.table(schema="id BIGINT, price DECIMAL(9, 2), since DATE")
    def prices():
        return spark.read.table("elsewhere.shop.prices")

    @dlt.table
    @dlt.expect_or_fail("priced", "price IS NOT NULL")
    def priced():
        return spark.read.table("prices")
"""
SHOP_SQL = """
    CREATE OR REFRESH MATERIALIZED VIEW gold.totals AS
    SELECT c.name, sum(s.amount) AS total
    FROM silver s JOIN ref.customers c ON c.id = s.id GROUP BY 1
"""

ORDERS = [{"id": 1, "amount": 2.5}, {"id": 2, "amount": -1.0}]


@pytest.fixture
def shop(pipeline: LocalPipeline, tmp_path: Path) -> LocalPipeline:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.py").write_text(dedent(SHOP_PY))
    (tmp_path / "shop" / "shop.sql").write_text(dedent(SHOP_SQL))
    return pipeline.open(tmp_path / "shop")


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(PipelineFailed) as caught:
        act()
    return caught.value.code


@pytest.mark.spark
def test_one_dataset_with_its_input_replaced(shop: LocalPipeline) -> None:
    shop.feed("raw", ORDERS)
    result = shop.run("silver")

    assert result["silver"] == [{"id": 1, "amount": 2.5}]
    rule = result.expectations("silver")["positive"]
    assert (rule.passed, rule.failed, rule.action) == (1, 1, "drop")
    assert result.expectations("cleaned")["known"].passed == 2
    assert result.dropped("silver") == 1
    assert {name.split(".")[-1] for name in result.statuses} == {"silver", "cleaned"}


@pytest.mark.spark
def test_a_stream_sees_only_the_rows_that_are_new(shop: LocalPipeline) -> None:
    shop.feed("raw", ORDERS)
    shop.run("silver")
    shop.feed("main.default.raw", "id,amount\n3,1")
    result = shop.run("silver")

    assert result.dataset("silver").rows_written == 1
    assert result["silver"] == [{"id": 1, "amount": 2.5}, {"id": 3, "amount": 1.0}]
    assert shop.run("silver", full_refresh=["silver"]).dataset("silver").rows_written == 2


@pytest.mark.spark
def test_the_whole_pipeline_on_files_and_an_outside_table(shop: LocalPipeline) -> None:
    shop.feed("ref.customers", [{"id": 1, "name": "Ann"}])
    shop.feed("prices", [])
    shop.add_file("/Volumes/main/default/landing/orders/1.json", '{"id": 1, "amount": 3}')
    assert shop.run()["gold.totals"] == [{"name": "Ann", "total": 3.0}]

    shop.feed("/Volumes/main/default/landing/orders", [{"id": 1, "amount": 4}])
    result = shop.run()
    assert result.rows("main.gold.totals") == [{"name": "Ann", "total": 7.0}]
    assert result.dataset("raw").rows_written == 1
    assert result.sql("SELECT count(*) AS n FROM raw") == [{"n": 2}]


@pytest.mark.spark
def test_a_selected_refresh_leaves_the_rest(shop: LocalPipeline) -> None:
    shop.feed("raw", ORDERS)
    shop.feed("ref.customers", [{"id": 1, "name": "Ann"}])
    shop.run("gold.totals")
    shop.feed("raw", [{"id": 1, "amount": 1.0}])
    result = shop.run("gold.totals", refresh=["silver"])

    assert (result.status("silver"), result.status("gold.totals")) == ("COMPLETED", "EXCLUDED")
    assert result["gold.totals"] == [{"name": "Ann", "total": 2.5}]


@pytest.mark.spark
def test_a_temporary_view_can_be_looked_at(shop: LocalPipeline) -> None:
    shop.feed("raw", '{"id": null, "amount": "1"}', "id BIGINT, amount STRING")
    result = shop.run("cleaned")

    assert result["cleaned"] == [{"id": None, "amount": 1.0}]
    assert result.expectations("cleaned")["known"].failed == 1
    assert refused(lambda: shop.run("silver").rows("raw2")) == "TEST_DATASET_UNKNOWN"


@pytest.mark.spark
def test_rows_take_the_types_that_the_dataset_declares(shop: LocalPipeline) -> None:
    shop.feed("prices", [{"id": 1, "price": 2}, {"id": 2, "since": "2026-01-01"}])
    result = shop.run("priced", check=False)

    assert result.state == "FAILED"
    assert result.error is not None
    assert result.error.code == "EXPECTATION_VIOLATION.VERBOSITY_ALL"
    assert result.error.at is not None
    assert result.error.at.file.name == "shop.py"
    assert dict(result.frame("prices").dtypes)["price"] == "decimal(9,2)"
    assert refused(lambda: result.rows("priced")) == "TEST_DATASET_WITHOUT_ROWS"


@pytest.mark.spark
def test_a_failed_update_is_raised_with_its_diagnostics(shop: LocalPipeline) -> None:
    with pytest.raises(PipelineFailed) as caught:
        shop.run("raw")

    assert caught.value.code == "INPUT_NOT_MAPPED"
    assert "shop.py:9:12" in str(caught.value)
    assert "pipeline.add_file" in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.spark
def test_mistakes_of_the_test_are_told_with_suggestions(shop: LocalPipeline) -> None:
    assert refused(lambda: shop.run("sliver")) == "TEST_DATASET_UNKNOWN"
    shop.feed("rwa", ORDERS)
    with pytest.raises(PipelineFailed) as caught:
        shop.run("silver")

    first, *others = caught.value.errors
    assert first.code == "TEST_INPUT_NOT_READ"
    assert "did you mean 'main.default.raw'" in first.message
    assert [error.code for error in others] == ["INPUT_NOT_MAPPED"]
    assert refused(lambda: shop.open(".")) == "TEST_PIPELINE_OPENED_LATE"


@pytest.mark.spark
def test_what_is_fed_is_not_run(shop: LocalPipeline) -> None:
    shop.feed("silver", ORDERS)
    assert refused(lambda: shop.run("silver")) == "TEST_INPUT_RUN"


@pytest.mark.spark
def test_a_dataset_that_was_run_is_not_fed_afterwards(shop: LocalPipeline) -> None:
    shop.feed("raw", ORDERS)
    shop.run("silver")
    shop.feed("silver", ORDERS)
    assert refused(shop.run) == "TEST_INPUT_TOO_LATE"


@pytest.mark.spark
def test_times_mean_the_sessions_zone_not_the_machines(shop: LocalPipeline) -> None:
    noon = datetime(2026, 7, 1, 12)
    shop.feed("raw", [{"id": 1, "amount": 1.0, "at": noon}])
    result = shop.run("silver")

    assert [row["at"] for row in result["silver"]] == [noon]
    assert result.sql("SELECT hour(at) AS h FROM silver") == [{"h": 12}]


def test_before_a_run_there_are_no_rows(shop: LocalPipeline) -> None:
    assert refused(lambda: shop.rows("silver")) == "TEST_PIPELINE_NOT_RUN"


def test_after_the_test_its_pipeline_is_closed(shop: LocalPipeline) -> None:
    shop.close()
    assert refused(lambda: shop.feed("raw", ORDERS)) == "TEST_PIPELINE_CLOSED"
    assert refused(shop.run) == "TEST_PIPELINE_CLOSED"
