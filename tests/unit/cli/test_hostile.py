"""Names and values in a bundle and its source command no terminal, and give no secret away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

# What clears a screen, sets a title and turns text around, and a secret where none should be.
NAME = r"\e[2J\e]0;evil\a\u202Eeman"
BUNDLE = f"""\
bundle: {{name: shop}}
include: []
targets: {{dev: {{default: true, mode: development}}}}
variables:
  "bad{NAME}": {{default: "x{NAME}"}}
resources:
  pipelines:
    shop:
      name: "shop {NAME}"
      catalog: "main{NAME}"
      schema: "s{NAME}"
      "unknown{NAME}": 1
      serverless: true
      configuration:
        "key{NAME}": "value{NAME}"
        db.password: hunter2-in-plain
        jdbc: "jdbc:sqlserver://h;user=u;password=hunter3-in-plain;"
      libraries: [{{file: {{path: a.py}}}}, {{file: {{path: b.sql}}}}]
  jobs:
    "nightly":
      name: "job {NAME}"
      "unknown{NAME}": 1
      tasks: [{{task_key: "t", pipeline_task: {{pipeline_id: "${{resources.pipelines.shop.id}}"}}}}]
"""
PYTHON = """\
import dlt
@dlt.table(name="t\x1b[31m", comment="\x1b]0;evil\x07")
def t():
    return spark.read.option("password", "hunter4-in-plain").table("other.\x1b[2Jtable")
"""
SQL = "CREATE MATERIALIZED VIEW `v\x1b[31m` AS SELECT * FROM `u\x1b[2J`;\n"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle whose every name is hostile."""
    (tmp_path / "databricks.yml").write_text(BUNDLE, encoding="utf-8")
    (tmp_path / "a.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "b.sql").write_text(SQL, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        "validate",
        "validate --output json",
        "deploy-check",
        "deploy-check --record --output json",
        "graph",
        "graph --output mermaid",
        "graph --output svg",
        "graph --output json",
        "lint",
        "lint --output json",
        "lint --output github",
        "lint --output sarif",
        "inputs",
        "inputs --output json",
    ],
)
def test_output_is_harmless(cli: Any, bundle: Path, command: str) -> None:
    words = command.split()
    result = cli(words[0], str(bundle), *words[1:])
    shown = result.out + result.err
    assert result.status in (0, 1, 2), shown
    for character in ("\x1b", "\x07", "\u202e"):
        assert character not in shown
    kept = "".join(
        file.read_text(encoding="utf-8") for file in bundle.rglob("*.json") if file.is_file()
    )
    for secret in ("hunter2-in-plain", "hunter3-in-plain", "hunter4-in-plain"):
        assert secret not in shown + kept
