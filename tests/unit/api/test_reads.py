"""The old way to read a dataset."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from millpond.api.reads import read, read_stream


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that says how it was asked."""
    from pyspark.sql import SparkSession

    asked = SimpleNamespace(
        read=SimpleNamespace(table=lambda name: ("batch", name)),
        readStream=SimpleNamespace(table=lambda name: ("stream", name)),
    )
    monkeypatch.setattr(SparkSession, "active", classmethod(lambda _: asked))


def test_read_is_complete() -> None:
    assert read("orders") == read(name="orders") == ("batch", "orders")


def test_read_stream_is_incremental() -> None:
    assert read_stream("orders") == read_stream(name="orders") == ("stream", "orders")
