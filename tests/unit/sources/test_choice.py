"""From a path and options to a pipeline with its local inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes
from millpond.errors import MillpondError
from millpond.sources.choice import PipelineChoice, choose


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "a.sql"
    file.write_text("CREATE MATERIALIZED VIEW a AS SELECT 1 AS n")
    return file


def test_configuration_of_the_caller_lies_over_that_of_millpond_yml(source: Path) -> None:
    (source.parent / "millpond.yml").write_text("configuration: {a: '1', b: '2'}")
    spec = choose(PipelineChoice(source, configuration={"b": "3"})).spec
    assert spec.configuration == {"a": "1", "b": "3"}


def test_another_file_of_inputs_can_be_named(source: Path) -> None:
    other = source.parent / "other.yml"
    other.write_text("configuration: {a: '1'}")
    assert choose(PipelineChoice(source, inputs=other)).spec.configuration == {"a": "1"}


def test_names_live_where_the_caller_says(source: Path) -> None:
    spec = choose(PipelineChoice(source, catalog="c", schema="s")).spec
    assert (spec.catalog, spec.schema) == ("c", "s")


@pytest.mark.parametrize(
    ("choice", "given"),
    [({"pipeline": "p"}, "a pipeline's name"), ({"variables": {"a": "1"}}, "variables")],
)
def test_what_is_for_bundles_is_refused_without_one(source: Path, choice: dict, given: str) -> None:
    with pytest.raises(MillpondError) as caught:
        choose(PipelineChoice(source, **choice))
    assert caught.value.code is codes.BUNDLE_REQUIRED
    assert caught.value.params == {"given": given, "folder": source.parent}


def test_source_without_a_bundle_has_one_target(source: Path) -> None:
    with pytest.raises(MillpondError) as caught:
        choose(PipelineChoice(source, target="prod"))
    assert caught.value.code is codes.BUNDLE_TARGET_UNKNOWN
