"""Call the pipeline API as source does, with a registry that collects."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from millpond.api.modules import importable
from millpond.api.registry import Registry, collecting
from millpond.codes import Code
from millpond.definitions import Dataset, Definitions, Flow
from millpond.errors import MillpondError


@pytest.fixture
def registry() -> Iterator[Registry]:
    with collecting(Registry()) as registry:
        yield registry


@pytest.fixture
def dataset(registry: Registry) -> Callable[[], Dataset]:
    """The only dataset defined so far."""

    def only() -> Dataset:
        (found,) = registry.definitions().datasets
        return found

    return only


@pytest.fixture
def flow(registry: Registry) -> Callable[[], Flow]:
    """The only flow defined so far."""

    def only() -> Flow:
        (found,) = registry.definitions().flows
        return found

    return only


@pytest.fixture(params=["dlt", "pyspark.pipelines"])
def api(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """The module that source imports, by either of its names (reference 1.1)."""
    with importable():
        if request.param == "dlt":
            import dlt as module
        else:
            from pyspark import pipelines as module
        yield module


@pytest.fixture
def refused() -> Callable[..., MillpondError]:
    """The error, of this code, that a call raises."""

    def error(code: Code, call: Callable[[], object]) -> MillpondError:
        with pytest.raises(MillpondError) as raised:
            call()
        assert raised.value.code is code
        assert raised.value.at is not None
        assert raised.value.at.file.suffix == ".py"
        return raised.value

    return error


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Definitions]:
    """What a file of source defines."""

    def run(text: str) -> Definitions:
        file = tmp_path / "source.py"
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        with importable(), collecting(Registry()) as registry:
            exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), {})
        return registry.definitions()

    return run


@pytest.fixture
def fails(load: Callable[[str], Definitions]) -> Callable[[str], MillpondError]:
    """The error of a file that cannot be loaded."""

    def error(text: str) -> MillpondError:
        with pytest.raises(MillpondError) as raised:
            load(text)
        return raised.value

    return error


def query() -> None:
    """A dataset function."""
