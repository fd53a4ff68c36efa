"""Which pipeline a test is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.codes import TEST_PROJECT_NOT_FOUND
from millpond.errors import MillpondError
from millpond.testing import Source

BUNDLE = """
bundle: {name: shop}
targets:
  dev: {default: true}
  prod: {}
resources:
  pipelines:
    shop: {name: shop, catalog: c, schema: s, libraries: [{file: {path: a.sql}}]}
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    (tmp_path / "databricks.yml").write_text(BUNDLE)
    (tmp_path / "a.sql").write_text("CREATE MATERIALIZED VIEW a AS SELECT 1 AS n")
    (tmp_path / "tests" / "unit").mkdir(parents=True)
    return tmp_path


def test_the_bundle_above_the_test_is_found(bundle: Path) -> None:
    spec = Source().chosen(bundle / "tests" / "unit").spec
    assert (spec.project, spec.catalog, spec.target) == (bundle, "c", "dev")


def test_target_names_and_configuration_can_be_chosen(bundle: Path) -> None:
    source = Source(target="prod", catalog="other", configuration={"limit": "3"})
    spec = source.chosen(bundle / "tests").spec
    assert (spec.target, spec.catalog, spec.schema) == ("prod", "other", "s")
    assert spec.configuration["limit"] == "3"


def test_what_millpond_yml_configures_is_configured(bundle: Path) -> None:
    (bundle / "millpond.yml").write_text("configuration: {limit: '3', size: '4'}")
    chosen = Source(configuration={"limit": "5"}).chosen(bundle)
    assert chosen.spec.configuration == {"limit": "5", "size": "4"}


def test_a_path_is_relative_to_the_test(bundle: Path) -> None:
    spec = Source(Path("../a.sql")).chosen(bundle / "tests").spec
    assert [source.path.name for source in spec.sources] == ["a.sql"]


def test_without_a_bundle_the_error_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(MillpondError) as caught:
        Source().chosen(tmp_path)
    assert caught.value.code is TEST_PROJECT_NOT_FOUND
    assert caught.value.params == {"folder": tmp_path}


def test_what_one_source_leaves_out_another_gives() -> None:
    over = Source(target="prod").over(Source(Path("x"), target="dev", schema="s"))
    assert over == Source(Path("x"), target="prod", schema="s")
