"""The committed fixtures are what the script makes, and small."""

import filecmp
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LANDING = ROOT / "fixtures" / "landing"


def test_making_the_fixtures_again_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from make_fixtures import write_fixtures

    write_fixtures(tmp_path)

    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    kept = sorted(path.relative_to(LANDING) for path in LANDING.rglob("*") if path.is_file())
    assert made == kept
    _, different, unreadable = filecmp.cmpfiles(tmp_path, LANDING, made, shallow=False)
    assert (different, unreadable) == ([], [])


def test_the_fixtures_stay_small() -> None:
    assert sum(path.stat().st_size for path in LANDING.rglob("*") if path.is_file()) < 6_000_000
