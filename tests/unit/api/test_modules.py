"""`import dlt` and `from pyspark import pipelines` while source is loaded (reference 1.1)."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from millpond import codes
from millpond.api.modules import importable
from millpond.definitions import DatasetKind
from millpond.errors import MillpondError
from millpond.notices import Notices, noticing


def query() -> None:
    """A dataset function."""


def test_both_names_offer_the_same(api, registry) -> None:
    """Real code mixes `dp.` with old names."""
    for name in ("table", "materialized_view", "temporary_view", "view", "append_flow", "expect"):
        assert callable(getattr(api, name))
    for name in ("read", "read_stream", "readStream", "create_streaming_table"):
        assert callable(getattr(api, name))


def test_a_star_import_gives_everything(api) -> None:
    names: dict[str, object] = {}
    exec(f"from {api.__name__} import *", names)
    assert {"table", "expect_all_or_drop", "create_auto_cdc_flow"} <= set(names)


@pytest.mark.parametrize(
    ("old", "kind"),
    [("create_table", DatasetKind.TABLE), ("create_view", DatasetKind.TEMPORARY_VIEW)],
)
def test_old_decorators_are_forwarded(api, dataset, old: str, kind: DatasetKind) -> None:
    getattr(api, old)(name="orders")(query)
    assert dataset().kind is kind


@pytest.mark.parametrize("old", ["create_target_table", "create_streaming_live_table"])
def test_old_functions_are_forwarded(api, dataset, old: str) -> None:
    getattr(api, old)("orders")
    assert dataset().kind is DatasetKind.STREAMING_TABLE


@pytest.mark.parametrize("old", ["create_table", "create_view", "create_target_table"])
def test_an_old_name_warns_at_the_users_line(api, registry, old: str) -> None:
    with noticing(Notices()) as notices:
        getattr(api, old)(name="orders")
    (warning,) = notices.warnings
    assert (warning.code, warning.params["old"]) == (codes.DEPRECATED_NAME, old)
    assert warning.at.file.name == "test_modules.py"


def test_the_modules_are_there_only_for_a_while() -> None:
    before = sys.modules.get("dlt")
    with importable():
        import dlt

        assert dlt is sys.modules["dlt"]
    assert sys.modules.get("dlt") is before


def test_another_library_of_that_name_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    other = ModuleType("dlt")
    monkeypatch.setitem(sys.modules, "dlt", other)
    with importable():
        import dlt

        assert dlt is not other
    assert sys.modules["dlt"] is other


def test_sparks_own_module_is_given_back() -> None:
    import pyspark.pipelines

    own = pyspark.pipelines
    with importable():
        from pyspark import pipelines

        assert pipelines is not own
        assert sys.modules["pyspark.pipelines"] is pipelines
    assert sys.modules["pyspark.pipelines"] is own
    assert pyspark.pipelines is own


def test_the_modules_are_given_back_after_an_error() -> None:
    before = sys.modules.get("dlt")
    with pytest.raises(MillpondError), importable():
        raise MillpondError(codes.INTERNAL_ERROR, kind="x", error="y", report="z")
    assert sys.modules.get("dlt") is before


def test_nested_use() -> None:
    with importable():
        import dlt as outer

        with importable():
            assert sys.modules["dlt"] is not outer
        assert sys.modules["dlt"] is outer
