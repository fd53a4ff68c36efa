import json
from pathlib import Path


def test_the_fields_are_those_of_the_pinned_packages(root: Path) -> None:
    from generate_fields import FILE, document

    assert FILE.is_relative_to(root)
    written = FILE.read_text(encoding="utf-8")
    assert written == document(), "fields.json is stale: run scripts/generate_fields.py"


def test_the_packages_are_the_pinned_ones(root: Path) -> None:
    from generate_fields import document

    pins = (root / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    for name, version in json.loads(document())["made_from"].items():
        assert f"{name}=={version}" in pins
