"""The rows of an input are followed through the operators of a query."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.engine.classic.image import Image, images, tagged

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def sales(spark: Any) -> Any:
    rows = [(1, "x", 5), (2, "y", -1), (2, "y", 7)]
    return tagged(spark.createDataFrame(rows, "id int, k string, q int"), 1)


@pytest.fixture(scope="module")
def labels(spark: Any) -> Any:
    return tagged(spark.createDataFrame([("x", "X"), ("y", "Y")], "kk string, label string"), 2)


def images_of(frame: Any) -> tuple[Image, ...]:
    found = images(frame)
    assert found is not None
    return found


def values(image: Image, *columns: str) -> set[Any]:
    assert image.frame is not None
    return {tuple(row) for row in image.frame.select(*columns).collect()}


def test_a_join_lends_each_side_the_other_side_s_key(sales: Any, labels: Any) -> None:
    from pyspark.sql import functions as F

    joined = sales.join(labels, sales.k == labels.kk, "left").where("q > 0")
    frame = joined.select("id", "kk", F.upper("k").alias("K"), "label", F.now().alias("now"))
    left, right = images_of(frame)
    assert (left.source, right.source) == (1, 2)
    assert set(left.outputs) == {"id", "kk", "K"}
    assert set(right.outputs) == {"kk", "K", "label"}
    assert left.renamed == {"id": "id", "kk": "k"}
    (condition,) = left.conditions
    assert condition.text == "(q > 0)"
    assert values(left, condition.operands["q"], condition.holds) == {
        (5, True),
        (-1, False),
        (7, True),
    }


def test_groups_shared_queries_and_unions(spark: Any, sales: Any, labels: Any) -> None:
    sales.createOrReplaceTempView("image_sales")
    labels.createOrReplaceTempView("image_labels")
    frame = spark.sql(
        "WITH sums AS (SELECT upper(k) AS k, sum(q) AS total FROM image_sales GROUP BY upper(k)) "
        "SELECT k, total, row_number() OVER (ORDER BY total) AS place FROM sums "
        "UNION ALL SELECT label, 3, 4 FROM image_labels"
    )
    grouped, single = images_of(frame)
    assert (set(grouped.outputs), grouped.grouped) == ({"k"}, True)
    assert values(grouped, grouped.outputs["k"], grouped.columns["id"]) == {("X", 1), ("Y", 2)}
    assert set(single.outputs) == {"k", "total", "place"}
    assert single.renamed == {"k": "label"}


def test_a_row_that_becomes_several(sales: Any) -> None:
    from pyspark.sql import functions as F

    frame = sales.withColumn("each", F.explode(F.array("q", F.lit(3)))).dropDuplicates(["id"])
    (image,) = images_of(frame)
    assert values(image, image.columns["q"], image.outputs["each"]) >= {(5, 5), (5, 3), (-1, -1)}


def test_windows_that_overlap(sales: Any) -> None:
    from pyspark.sql import functions as F

    timed = sales.withColumn("at", F.timestamp_seconds("q"))
    frame = timed.groupBy(F.window("at", "10 seconds", "5 seconds").start.alias("w")).count()
    (image,) = images_of(frame)
    assert set(image.outputs) == {"w"}
    assert len(values(image, image.columns["q"], image.outputs["w"])) == 6


def test_what_makes_rows_of_many_ends_the_way(sales: Any) -> None:
    frame = sales.groupBy("k").applyInPandas(lambda rows: rows, "id int, k string, q int")
    (image,) = images_of(frame)
    assert image.lost == "FlatMapGroupsInPandas"
    assert image.outputs == {}


def test_chance_and_time_are_no_way_back(sales: Any) -> None:
    from pyspark.sql import functions as F

    frame = sales.select(
        "id", F.uuid().alias("u"), F.current_date().alias("d"), F.rand().alias("r")
    )
    (image,) = images_of(frame)
    assert set(image.outputs) == {"id"}
