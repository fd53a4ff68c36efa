"""Read SQL text as a file of a pipeline, and see what it defines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from millpond.codes import Code
from millpond.definitions import Dataset, Flow
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.notices import Difference, Notices, noticing
from millpond.sql.session import Session
from millpond.sql.source import read_statements, source_text


class Defined:
    """What a file defined, in order."""

    def __init__(self) -> None:
        self.datasets: list[Dataset] = []
        self.flows: list[Flow] = []
        self.differences: tuple[Difference, ...] = ()

    def add_dataset(self, dataset: Dataset) -> None:
        self.datasets.append(dataset)

    def add_flow(self, flow: Flow) -> None:
        self.flows.append(flow)

    @property
    def dataset(self) -> Dataset:
        (only,) = self.datasets
        return only

    @property
    def flow(self) -> Flow:
        (only,) = self.flows
        return only

    @property
    def query(self) -> str:
        return str(self.flow.query.text)


Load = Callable[..., Defined]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(
        text: str, configuration: Mapping[str, str] | None = None, *, notebook: bool = False
    ) -> Defined:
        file = tmp_path / "source.sql"
        file.write_bytes(text.encode())
        defined = Defined()
        with noticing(Notices()) as notices:
            read_statements(
                source_text(file),
                Span(file, 1),
                Session.of(configuration or {}),
                defined,
                notebook=notebook,
            )
        defined.differences = notices.differences
        return defined

    return load


@pytest.fixture
def fails(load: Load) -> Callable[..., MillpondError]:
    """The error of a file that cannot be read, checked for its code and its place."""

    def fails(text: str, code: Code, place: str, **configuration: str) -> MillpondError:
        with pytest.raises(MillpondError) as caught:
            load(text, configuration)
        error = caught.value
        assert error.code == code, error
        assert error.at is not None
        assert f"{error.at.line}:{error.at.column}" == place, error
        return error

    return fails
