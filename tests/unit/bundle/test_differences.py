"""Settings of a pipeline that work otherwise in a local run."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.bundle.differences import differences_of
from millpond.bundle.value import Value, from_plain
from millpond.location import Span

AT = Span(Path("resources/p.yml"), 3)


def pipeline(**settings: object) -> Value:
    """A pipeline resource with these settings."""
    return from_plain(settings, AT)


@pytest.mark.parametrize(
    ("settings", "features"),
    [
        ({"photon": True}, ["photon"]),
        ({"photon": False}, []),
        ({"edition": "CORE"}, ["edition"]),
        ({"edition": "ADVANCED"}, []),
        ({"channel": "preview"}, ["channel: PREVIEW"]),
        ({"serverless": True}, ["serverless"]),
        ({"clusters": [{"num_workers": 4}]}, ["clusters"]),
        ({"environment": {"dependencies": ["faker"]}}, ["environment.dependencies"]),
        (
            {"libraries": [{"whl": "a.whl"}, {"file": {"path": "a.py"}}]},
            ["libraries: jar, maven, whl"],
        ),
        ({"name": "p", "tags": {"a": "b"}}, []),
    ],
)
def test_a_setting_that_matters_is_a_difference(
    settings: dict[str, object], features: list[str]
) -> None:
    found = differences_of(pipeline(**settings))
    assert [each.feature.name for each in found] == features
    assert all(each.at == AT for each in found)
