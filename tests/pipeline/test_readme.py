"""What the README tells a newcomer to type, typed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIRST = re.compile(r"## A first pipeline of your own\n(.*?)\n## ", re.DOTALL)
BLOCK = re.compile(r"^```\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def commands() -> list[str]:
    """The blocks of commands of the first pipeline, in order."""
    section = FIRST.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert section is not None
    blocks = BLOCK.findall(section[1])
    assert len(blocks) == 2
    # What is there already is not installed again, as that asks a registry.
    return [re.sub(r"^.*pip install.*\n", "", block, flags=re.MULTILINE) for block in blocks]


@pytest.mark.spark
def test_the_first_pipeline_and_its_test(tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(sys.prefix)
    first, second = (
        block.replace("millpond sql", "millpond sql --output json") for block in commands()
    )
    ran = shell(first, tmp_path)
    assert json.loads(ran[ran.index("\n[") :]) == [{"orders": 1, "amount": 12.5}]
    assert "1 passed" in shell(second, tmp_path)


def shell(text: str, folder: Path) -> str:
    """What a block of commands prints; each of them has to succeed."""
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
