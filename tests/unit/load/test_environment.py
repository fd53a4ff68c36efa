"""What surrounds source while it runs, and that none of it stays."""

from __future__ import annotations

import importlib
import pickle
import sys
from pathlib import Path

import pytest

from millpond.load.environment import source_environment


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


def test_functions_of_the_users_modules_travel_whole(root: Path) -> None:
    """A worker that cannot import the module can still run them."""
    from pyspark import cloudpickle

    with source_environment(root):
        from settings_of_mine import value

        shipped = cloudpickle.dumps(value)
    assert pickle.loads(shipped)() == 1


def test_the_registration_ends_with_the_environment(root: Path) -> None:
    from pyspark import cloudpickle

    with source_environment(root):
        import settings_of_mine  # noqa: F401

        assert "settings_of_mine" in cloudpickle.list_registry_pickle_by_value()
    assert "settings_of_mine" not in cloudpickle.list_registry_pickle_by_value()


def test_modules_of_a_folder_that_source_adds_travel_too(
    tmp_path_factory: pytest.TempPathFactory, root: Path
) -> None:
    beside = tmp_path_factory.mktemp("beside")
    (beside / "package_of_mine").mkdir()
    (beside / "package_of_mine" / "names.py").write_text("def name():\n    return 'a'\n")
    from pyspark import cloudpickle

    with source_environment(root):
        sys.path.append(str(beside))
        from package_of_mine.names import name

        shipped = cloudpickle.dumps(name)
    assert "package_of_mine.names" not in sys.modules
    assert "package_of_mine" not in sys.modules
    assert pickle.loads(shipped)() == "a"
