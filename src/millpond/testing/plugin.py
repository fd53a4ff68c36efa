"""The pytest plugin that Millpond installs: two fixtures, a marker, settings.

It imports nothing of Millpond, and so no pyspark, until a test asks for a fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from millpond.testing.pipeline import LocalPipeline
    from millpond.testing.source import Source

_TEXTS = {
    "path": "bundle, or file or folder of source, relative to the rootdir",
    "target": "target of the bundle",
    "pipeline": "key of the pipeline in the bundle",
    "catalog": "catalog of unqualified names",
    "schema": "schema of unqualified names",
}
_PAIRS = {
    "configuration": "pipeline configuration, one key=value a line",
    "variables": "variables of the bundle, one name=value a line",
}
_MARKER = (
    "millpond(path=None, *, target=None, pipeline=None, variables=None, configuration=None,"
    " catalog=None, schema=None): the pipeline that the `pipeline` fixture opens"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the settings `millpond_path`, `millpond_target` and so on."""
    for name, text in _TEXTS.items():
        parser.addini(f"millpond_{name}", f"Millpond: {text}", default="")
    for name, text in _PAIRS.items():
        parser.addini(f"millpond_{name}", f"Millpond: {text}", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def millpond_spark(tmp_path_factory: pytest.TempPathFactory) -> SparkSession:
    """The Spark session that runs the pipelines, shared by all tests of the process.

    A session that is running already is used. A fixture `spark` of your own may return this one.
    """
    from millpond.testing.session import shared_session

    return shared_session(tmp_path_factory.mktemp("millpond"))


@pytest.fixture
def pipeline(request: pytest.FixtureRequest) -> Iterator[LocalPipeline]:
    """The pipeline of the bundle around the test, or the one that marker or settings name.

    Its state is empty, and lives in a folder of its own among pytest's temporary ones.
    """
    from millpond.testing.pipeline import LocalPipeline

    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    opened = LocalPipeline(
        _source(request),
        request.path.parent,
        factory.mktemp("pipeline"),
        lambda: request.getfixturevalue("millpond_spark"),
    )
    yield opened
    opened.close()


def _source(request: pytest.FixtureRequest) -> Source:
    from pathlib import Path

    from millpond.testing.source import Source

    settings = _settings(request.config)
    marker = request.node.get_closest_marker("millpond")
    if marker is None:
        return settings
    given = dict(marker.kwargs)
    if marker.args:
        given["path"] = marker.args[0]
    if given.get("path") is not None:
        given["path"] = Path(given["path"])
    return Source(**{name: value for name, value in given.items() if value}).over(settings)


def _settings(config: pytest.Config) -> Source:
    from millpond.testing.source import Source

    texts: dict[str, Any] = {name: config.getini(f"millpond_{name}") or None for name in _TEXTS}
    if texts["path"] is not None:
        texts["path"] = config.rootpath / texts["path"]
    pairs: dict[str, Any] = {name: _pairs(f"millpond_{name}", config) for name in _PAIRS}
    return Source(**texts, **pairs)


def _pairs(setting: str, config: pytest.Config) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in config.getini(setting):
        key, sign, value = line.partition("=")
        if not sign or not key.strip():
            raise pytest.UsageError(f"{setting}: write key=value, not {line!r}")
        found[key.strip()] = value.strip()
    return found
