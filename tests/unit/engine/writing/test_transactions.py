"""A dropped checkpoint lets every kind of flow write again, though its batches count from 0."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.spark

SOURCE = """
    from pyspark import pipelines as dp

    def stream():
        return spark.readStream.format("delta").load("{path}")

    dp.create_streaming_table("appended")

    @dp.append_flow(target="appended", name="history", once=True)
    def history():
        return spark.read.format("delta").load("{path}")

    @dp.table(replace_using=["n"], sequence_by="n")
    def replaced():
        return stream()

    dp.create_sink("out", "delta", {{"path": "{out}"}})

    @dp.append_flow(target="out", name="into_sink")
    def into_sink():
        return stream()

    @dp.append_flow(target="out", name="once_into_sink", once=True)
    def once_into_sink():
        return spark.read.format("delta").load("{path}")
"""


def test_every_kind_of_flow_can_begin_again(project: Any) -> None:
    path, out = project.data("in", [(1,)], "n INT"), str(project.folder / "out")
    source = SOURCE.format(path=path, out=out)
    assert project.run(source).errors == ()
    assert project.run().errors == ()
    assert project.rows("SELECT n FROM appended") == [(1,)]

    flows = ("history", "replaced", "into_sink", "once_into_sink")
    summary = project.run(reset_checkpoint=flows)

    assert summary.errors == ()
    assert project.rows("SELECT n FROM appended") == [(1,), (1,)]
    # A row of an equal sequence is added (reference 4.9).
    assert project.rows("SELECT n FROM replaced") == [(1,), (1,)]
    assert project.spark.read.format("delta").load(out).count() == 4
