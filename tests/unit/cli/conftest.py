"""Run the command line in this process, with the engine's doors replaced where a test says so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from millpond.cli.main import main
from millpond.events import UpdateSummary


@dataclass(frozen=True)
class Result:
    """What a command printed and returned."""

    status: int
    out: str
    err: str

    def assert_success(self) -> Result:
        """Fail the test, with what was printed, unless the status is 0."""
        assert self.status == 0, f"exit status {self.status}\n{self.out}\n{self.err}"
        return self


@dataclass
class Engine:
    """Stands in for the engine: remembers what it was asked and answers as it is told.

    Attributes:
        run: what `run_update` does with its request and listener.
        requests: the requests that `run_update` got.
    """

    run: Callable[[Any, Callable[..., None]], UpdateSummary]
    requests: list[Any] = field(default_factory=list)


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Result]:
    """`cli("run", "--help")`: run the command and give back what it printed and returned."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("tmp")))

    def run(*arguments: str) -> Result:
        capsys.readouterr()
        status = main(arguments)
        printed = capsys.readouterr()
        return Result(status, printed.out, printed.err)

    return run


@pytest.fixture
def replace_module(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`replace_module("a.b", name=value)`: what `from a.b import name` gives in this test."""

    def replace(name: str, **members: object) -> None:
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)

    return replace


@dataclass(frozen=True)
class Request:
    """The shape of the engine's request; importing the real one would import Spark's helpers."""

    spec: Any
    state: Path
    inputs: Any
    refresh: tuple[str, ...]
    full_refresh: tuple[str, ...]
    full_refresh_all: bool
    dry_run: bool
    reset_checkpoint: tuple[str, ...] = ()
    continuous: bool = False
    refresh_failed: bool = False
    retries: bool = False
    session: Any = None


@pytest.fixture
def engine(replace_module: Callable[..., None]) -> Engine:
    """An engine whose updates complete and do nothing, until a test gives it something to do."""
    made = Engine(
        lambda request, listener: UpdateSummary("u1", "COMPLETED", 0.5, pipeline_name="p")
    )

    def run_update(request: Any, listener: Callable[..., None]) -> UpdateSummary:
        made.requests.append(request)
        return made.run(request, listener)

    replace_module("millpond.engine.update", run_update=run_update, UpdateRequest=Request)
    return made


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle with two targets and a pipeline, in the current folder."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "sales.sql").write_text("CREATE MATERIALIZED VIEW a AS SELECT 1\n")
    (tmp_path / "databricks.yml").write_text(BUNDLE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


BUNDLE = """\
bundle:
  name: shop
variables:
  layer:
    default: silver
resources:
  pipelines:
    sales:
      name: sales
      catalog: main
      schema: ${var.layer}
      configuration:
        region: eu
      libraries:
        - file:
            path: src/sales.sql
targets:
  dev:
    default: true
  staging: {}
"""
