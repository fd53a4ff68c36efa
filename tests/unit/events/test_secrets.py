"""No secret is in anything that an update writes or says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from millpond.sources.inputs import load_inputs

pytestmark = pytest.mark.spark

SECRETS = ("swordfish-read", "swordfish-configured", "hunter2-in-plain")
SOURCE = """
    import dlt
    from pyspark.sql import functions as F

    password = dbutils.secrets.get("vault", "read")
    print("the password is", password)

    @dlt.table(comment="\x1b[31mhostile\x07")
    @dlt.expect("is \x1b]0;evil\x07", "length(a) > 0")
    def good():
        assert spark.conf.get("api") == "swordfish-" + "configured"
        return spark.createDataFrame([("x",)], "a string")

    @dlt.table
    def bad():
        failing = F.raise_error(F.lit(f"cannot log in: {password}"))
        return spark.read.table("good").select(failing.cast("string").alias("a"))

    @dlt.table
    def worse():
        raise ValueError(f"no login with {password} at " + spark.conf.get("api"))
"""
CONFIGURATION = {"api": "{{secrets/vault/configured}}", "db.password": "hunter2-in-plain"}


def test_secrets_are_hidden_in_all_that_is_kept_and_shown(project: Any, capsys: Any) -> None:
    project.write(
        "millpond.yml",
        """
        secrets:
          vault:
            read: swordfish-read
            configured: swordfish-configured
        """,
    )
    inputs = load_inputs(project.folder / "millpond.yml", "default")
    settings = {"configuration": CONFIGURATION}
    seen: list[str] = []
    failed = project.run(SOURCE, CONFIGURATION, settings, inputs=inputs)
    seen.append(journal(project.state) + json.dumps(failed.to_json(None)))
    assert failed.state == "FAILED"
    without = SOURCE[: SOURCE.index("    @dlt.table\n    def worse")]
    ran = project.run(without, CONFIGURATION, settings, inputs=inputs)
    assert {each.status for each in ran.datasets} == {"COMPLETED", "FAILED"}
    seen.append(json.dumps(ran.to_json(None)))
    seen += [str(each) for each in project.events]
    seen += [page(project.state), errors(ran), *kept(project.state)]
    captured = capsys.readouterr()
    whole = "\n".join([*seen, captured.out, captured.err])
    assert "cannot log in: [REDACTED]" in whole
    for secret in SECRETS:
        assert secret not in whole
    assert "\x1b" not in page(project.state) + errors(ran)


def journal(state: Path) -> str:
    file = state / "running.jsonl"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def kept(state: Path) -> list[str]:
    """Every file of the state, the log's rows as text; Parquet compresses what it holds."""
    from deltalake import DeltaTable

    rows = DeltaTable(state / "events").to_pyarrow_table().to_pylist()
    files = [file.read_bytes().decode("latin-1") for file in state.rglob("*") if file.is_file()]
    return [*map(str, rows), *files]


def page(state: Path) -> str:
    from millpond.cli.report import open_log
    from millpond.report.html.gather import gather
    from millpond.report.html.render import render

    log, project = open_log(state)
    return render(gather(log, None, None, project))


def errors(summary: Any) -> str:
    from millpond.report.diagnostics import render_error

    return "\n".join(render_error(each, relative_to=None) for each in summary.errors)
