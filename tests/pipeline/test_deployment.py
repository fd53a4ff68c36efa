"""The requests that deploy the bundle of this repository to each target.

`deployed/<target>.json` has them, but for the uploads of files and what the dashboard holds.
`MILLPOND_ACCEPT=1` writes them anew: read the difference as the workspace would.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from millpond.bundle import Bundle, User, load_bundle
from millpond.bundle.sync import synced_files
from millpond.workspace import FakeWorkspace
from millpond.workspace.client import Client
from millpond.workspace.deployment import Deployment

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "deployed"
USER = "ann@example.com"
_NOT_OF_THE_SPEC = {"run_as"}
"""Set with a pipeline, and no part of the spec that the SDK gives back."""

_UPLOADS = ("/api/2.0/workspace/mkdirs", "/api/2.0/workspace-files/")


def deploy(target: str, workspace: FakeWorkspace) -> tuple[Bundle, list[str]]:
    client = Client(workspace.url, workspace.token)

    def look_up(kind: str, name: str) -> str | None:
        workspace.named.add(kind, name)
        return client.look_up(kind, name)

    try:
        bundle = load_bundle(
            ROOT, target=target, environ={}, user=User(USER), deployed=True, look_up=look_up
        )
        files, _ = synced_files(bundle.sync)
        deployment = Deployment(bundle, client)
        deployment.upload(files)
        deployment.create()
    finally:
        client.close()
    return bundle, files


@pytest.mark.parametrize("target", ["dev", "prod", "classic"])
def test_what_is_sent(target: str, tmp_path: Path) -> None:
    with FakeWorkspace(tmp_path, user=USER) as workspace:
        deploy(target, workspace)
        sent = [
            {"method": method, "path": path, "body": shortened(body)}
            for method, path, body in workspace.requests
            if not path.startswith(_UPLOADS)
        ]
    golden = GOLDEN / f"{target}.json"
    if os.environ.get("MILLPOND_ACCEPT"):
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(json.dumps(sent, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert sent == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("target", ["dev", "prod", "classic"])
def test_the_sdk_knows_all_that_is_sent(target: str) -> None:
    from databricks.sdk.service import jobs, pipelines, sql

    types: dict[str, Any] = {
        "/api/2.0/pipelines": pipelines.PipelineSpec,
        "/api/2.2/jobs/create": jobs.JobSettings,
        "/api/2.0/alerts": sql.AlertV2,
    }
    sent = json.loads((GOLDEN / f"{target}.json").read_text(encoding="utf-8"))
    checked = [each for each in sent if each["path"] in types]
    for each in checked:
        body = {key: value for key, value in each["body"].items() if key not in _NOT_OF_THE_SPEC}
        assert types[each["path"]].from_dict(body).as_dict() == body
    assert {each["path"] for each in checked} == types.keys()


def shortened(body: Any) -> Any:
    return {**body, "serialized_dashboard": "..."} if "serialized_dashboard" in body else body


def test_the_files_are_where_the_pipeline_looks_for_them(tmp_path: Path) -> None:
    with FakeWorkspace(tmp_path, user=USER) as workspace:
        bundle, files = deploy("prod", workspace)
        configuration: Any = bundle.configuration
        folder = configuration["workspace"]["file_path"]
        uploaded = workspace.files.below(folder)
        pipeline = configuration["resources"]["pipelines"]["retail"]
    assert uploaded.keys() == {f"{folder}/{file}" for file in files}
    for library in pipeline["libraries"]:
        below = library["glob"]["include"].removesuffix("**")
        assert any(path.startswith(below) for path in uploaded)
    assert any(path.startswith(pipeline["root_path"] + "/rules/") for path in uploaded)


@pytest.mark.skipif(shutil.which("databricks") is None, reason="no databricks CLI on PATH")
@pytest.mark.parametrize("target", ["dev", "prod", "classic"])
def test_the_real_cli_finds_nothing_to_warn_about(target: str, tmp_path: Path) -> None:
    import subprocess

    with FakeWorkspace(tmp_path, user=USER) as workspace:
        workspace.named.add("warehouse", "Serverless Starter Warehouse")
        workspace.named.add("service_principal", "retail-production")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "DATABRICKS_HOST": workspace.url,
            "DATABRICKS_TOKEN": workspace.token,
        }
        done = subprocess.run(
            ["databricks", "bundle", "validate", "--strict", "-t", target],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
