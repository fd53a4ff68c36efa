"""What surrounds source while it runs, and that none of it stays."""

from __future__ import annotations

import importlib
import pickle
import sys
from pathlib import Path

import pytest

from millpond.load.environment import modules_below, ship_by_value, source_environment


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "settings_of_mine.py").write_text("VALUE = 1\n\ndef value():\n    return VALUE\n")
    return tmp_path


def test_modules_below_the_root_can_be_imported(root: Path) -> None:
    with source_environment(root):
        import settings_of_mine

        assert settings_of_mine.VALUE == 1


def test_they_are_forgotten_afterwards(root: Path) -> None:
    """The next update reads them anew."""
    path = list(sys.path)
    with source_environment(root):
        import settings_of_mine  # noqa: F401
    assert "settings_of_mine" not in sys.modules
    assert sys.path == path


def test_modules_from_elsewhere_stay(root: Path) -> None:
    sys.modules.pop("colorsys", None)
    with source_environment(root):
        import colorsys  # noqa: F401
    assert "colorsys" in sys.modules


@pytest.mark.parametrize("change", [sys.path.clear, lambda: sys.path.append("/x")])
def test_source_may_play_with_the_path(root: Path, change) -> None:
    path = list(sys.path)
    with source_environment(root):
        change()
    assert sys.path == path


def test_the_pipeline_api_is_there_only_meanwhile(root: Path) -> None:
    before = sys.modules.get("dlt")
    with source_environment(root):
        import dlt

        assert callable(dlt.table)
    assert sys.modules.get("dlt") is before


def test_everything_is_undone_after_an_error(root: Path) -> None:
    path = list(sys.path)
    (root / "broken_of_mine.py").write_text("import settings_of_mine\n1 / 0\n")
    with pytest.raises(ZeroDivisionError), source_environment(root):
        importlib.import_module("broken_of_mine")
    assert sys.path == path
    assert "settings_of_mine" not in sys.modules


def test_which_modules_lie_below_a_folder(root: Path) -> None:
    with source_environment(root):
        import settings_of_mine  # noqa: F401

        assert modules_below(root, set(sys.modules)) == ["settings_of_mine"]
        assert modules_below(root, {"sys", "json", "never_heard_of"}) == []
        assert modules_below(root / "elsewhere", set(sys.modules)) == []


def test_functions_of_the_users_modules_travel_whole(root: Path) -> None:
    """A worker that cannot import the module can still run them."""
    from pyspark import cloudpickle

    with source_environment(root):
        from settings_of_mine import value

        ship_by_value(root)
        shipped = cloudpickle.dumps(value)
    assert pickle.loads(shipped)() == 1
