"""`millpond run`: what it asks of the engine, what it prints where, and how it ends."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from millpond.codes import FLOW_FAILED, INVALID_NAME
from millpond.errors import Failures, MillpondError
from millpond.events import Origin, Recorder, UpdateSummary
from millpond.events.outcome import DatasetSummary, ErrorSummary
from millpond.location import Span

DONE = UpdateSummary(
    "u1",
    "COMPLETED",
    1.5,
    (DatasetSummary("main.silver.a", "MATERIALIZED_VIEW", "COMPLETED", 3),),
    pipeline_name="sales",
)


def mistake(file: Path) -> MillpondError:
    """A mistake of the user's at the name in the project's source."""
    at = Span(file, 1, 26, 1, 27)
    return MillpondError(INVALID_NAME, at=at, name="a", what="dataset", reason="short")


def test_options_become_the_request(cli: Callable, engine, project: Path) -> None:
    cli(
        *("run", "--target", "staging", "--var", "layer=gold", "--set", "region=us"),
        *("--refresh", "a, b", "--refresh", "c", "--full-refresh", "d", "--dry-run"),
        *("--catalog", "test"),
    ).assert_success()
    (request,) = engine.requests
    assert (request.spec.target, request.spec.catalog, request.spec.schema) == (
        "staging",
        "test",
        "gold",
    )
    assert request.spec.configuration["region"] == "us"
    assert (request.refresh, request.full_refresh) == (("a", "b", "c"), ("d",))
    assert (request.full_refresh_all, request.dry_run) == (False, True)
    assert request.state == project / ".millpond" / "staging"


def test_defaults(cli: Callable, engine, project: Path) -> None:
    cli("run").assert_success()
    (request,) = engine.requests
    assert (request.spec.key, request.spec.target, request.spec.schema) == (
        "sales",
        "dev",
        "silver",
    )
    assert (request.refresh, request.full_refresh) == ((), ())
    assert (request.full_refresh_all, request.dry_run) == (False, False)
    assert request.state == project / ".millpond" / "dev"


@pytest.mark.parametrize(
    ("setting", "options", "continuous"),
    [
        ("false", (), False),
        ("false", ("--continuous",), True),
        ("true", (), True),
        ("true", ("--triggered",), False),
        ("true", ("--target", "dev"), False),
    ],
)
def test_the_pipeline_says_whether_it_is_continuous_unless_an_option_does(
    cli: Callable,
    engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    options: tuple[str, ...],
    continuous: bool,
) -> None:
    (tmp_path / "a.sql").write_text("CREATE MATERIALIZED VIEW a AS SELECT 1")
    (tmp_path / "databricks.yml").write_text(
        "bundle: {name: b}\n"
        "targets: {prod: {default: true}, dev: {mode: development}}\n"
        "resources: {pipelines: {p: {name: p, catalog: c, schema: s, "
        f"continuous: {setting}, libraries: [{{file: {{path: a.sql}}}}]}}}}}}\n"
    )
    monkeypatch.chdir(tmp_path)
    cli("run", *options).assert_success()
    assert [request.continuous for request in engine.requests] == [continuous]


def test_another_spark(cli: Callable, engine, project: Path) -> None:
    cli("run", "--master", "spark://host:7077").assert_success()
    cli("run", "--remote", "sc://host").assert_success()
    chosen = [(each.session.master, each.session.remote) for each in engine.requests]
    assert chosen == [("spark://host:7077", None), (None, "sc://host")]
    assert "drop one" in cli("run", "--remote", "sc://host", "--master", "local").err


def test_source_without_a_bundle(
    cli: Callable, engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.sql").write_text("CREATE MATERIALIZED VIEW a AS SELECT 1")
    monkeypatch.chdir(tmp_path)
    cli("run", "one.sql", "--schema", "s").assert_success()
    (request,) = engine.requests
    assert [source.path.name for source in request.spec.sources] == ["one.sql"]
    assert (request.spec.target, request.spec.schema) == ("default", "s")
    assert request.state == tmp_path / ".millpond" / "default"


@pytest.mark.parametrize("arguments", [["--pipeline", "x"], ["--var", "a=b"], ["--target", "dev"]])
def test_options_of_bundles_are_refused_without_one(
    cli: Callable, engine, tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "one.sql").write_text("CREATE MATERIALIZED VIEW a AS SELECT 1")
    assert cli("run", str(tmp_path), *arguments).status == 2
    assert engine.requests == []


@pytest.mark.parametrize(
    "arguments",
    [["--full-refresh-all", "--refresh", "a"], ["--set", "novalue"], ["--var", "=x"]],
)
def test_options_that_make_no_sense(
    cli: Callable, engine, project: Path, arguments: list[str]
) -> None:
    assert cli("run", *arguments).status == 2
    assert engine.requests == []


def test_the_summary_is_on_stdout_and_progress_on_stderr(
    cli: Callable, engine, project: Path
) -> None:
    def run(request, listener) -> UpdateSummary:
        Recorder(Origin("p", "sales", "u1"), [listener]).update_progress("RUNNING")
        return DONE

    engine.run = run
    result = cli("run").assert_success()
    assert result.out.startswith("sales: COMPLETED in 1.5 s\n")
    assert f"tables are in {Path('.millpond', 'dev')}. Look" in result.out
    assert '  millpond sql "SELECT * FROM main.silver.a LIMIT 10"\n' in result.out
    assert "RUNNING    update" in result.err


def test_the_sql_command_leads_to_the_same_tables(
    cli: Callable, engine, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.run = lambda request, listener: DONE
    assert 'LIMIT 10" --state other\n' in cli("run", "--state", "other").assert_success().out
    monkeypatch.chdir(project.parent)
    out = cli("run", project.name, "-t", "dev").assert_success().out
    assert f'LIMIT 10" {project.name} --target dev\n' in out


def test_json_is_the_only_thing_on_stdout(cli: Callable, engine, project: Path) -> None:
    def run(request, listener) -> UpdateSummary:
        print("a user's print")  # noqa: T201 - what pipeline source does
        return DONE

    engine.run = run
    result = cli("run", "--output", "json").assert_success()
    assert json.loads(result.out) == DONE.to_json()
    assert "a user's print" in result.err


def test_mistakes_in_the_source_end_with_2_and_are_shown_in_place(
    cli: Callable, engine, project: Path
) -> None:
    error = ErrorSummary.of(mistake(project / "src" / "sales.sql"))
    engine.run = lambda request, listener: replace(DONE, state="FAILED", errors=(error,))
    result = cli("run")
    assert result.status == 2
    assert "sales: FAILED" in result.out
    assert result.err.endswith(
        f"error[INVALID_NAME]: {error.message}\n"
        f"  --> {Path('src', 'sales.sql')}:1:26\n"
        "   |\n"
        " 1 | CREATE MATERIALIZED VIEW a AS SELECT 1\n"
        "   |                          ^\n"
        f"hint: {error.hint}\n"
    )


def test_a_flow_that_fails_ends_with_1(cli: Callable, engine, project: Path) -> None:
    failed = ErrorSummary.of(MillpondError(FLOW_FAILED, flow="f", error="boom"))
    wrong = ErrorSummary.of(mistake(project / "src" / "sales.sql"))
    engine.run = lambda request, listener: replace(DONE, state="FAILED", errors=(wrong, failed))
    assert cli("run").status == 1


def test_an_update_that_fails_without_an_error_ends_with_1(
    cli: Callable, engine, project: Path
) -> None:
    engine.run = lambda request, listener: replace(DONE, state="FAILED")
    assert cli("run").status == 1


def test_an_error_before_the_update_is_in_the_json_too(
    cli: Callable, engine, project: Path
) -> None:
    result = cli("run", "--target", "dve", "--output", "json")
    document = json.loads(result.out)
    assert result.status == 2
    assert (document["schema_version"], document["update_id"]) == (1, None)
    assert (document["state"], document["datasets"]) == ("FAILED", [])
    assert [error["code"] for error in document["errors"]] == ["BUNDLE_TARGET_UNKNOWN"]
    assert "error[BUNDLE_TARGET_UNKNOWN]" in result.err


def test_several_errors_are_shown_one_after_another(cli: Callable, engine, project: Path) -> None:
    def run(request, listener) -> UpdateSummary:
        raise Failures([mistake(project / "src" / "sales.sql")] * 2)

    engine.run = run
    result = cli("run", "--output", "json")
    assert (result.status, result.err.count("error[INVALID_NAME]")) == (2, 2)
    files = [error["file"] for error in json.loads(result.out)["errors"]]
    assert files == ["src/sales.sql", "src/sales.sql"]


def test_a_path_that_is_not_there(cli: Callable, engine, tmp_path: Path) -> None:
    result = cli("run", str(tmp_path / "gone"), "--output", "json")
    assert result.status == 2
    assert [error["code"] for error in json.loads(result.out)["errors"]] == ["PATH_NOT_FOUND"]


def test_a_bug_of_ours_ends_with_3_and_leaves_its_traceback_in_a_file(
    cli: Callable, engine, project: Path
) -> None:
    def run(request, listener) -> UpdateSummary:
        request.state.mkdir(parents=True)
        raise ZeroDivisionError("oh\nno")

    engine.run = run
    result = cli("run", "--output", "json")
    assert result.status == 3
    (error,) = json.loads(result.out)["errors"]
    assert error["code"] == "INTERNAL_ERROR"
    assert error["message"] == "ZeroDivisionError: oh"
    (report,) = (project / ".millpond" / "dev").glob("millpond-crash-*.txt")
    assert str(report) in error["hint"]
    assert "ZeroDivisionError: oh\nno" in report.read_text()
    assert "Traceback" not in result.err


def test_a_folder_of_something_else_is_not_used_as_state(
    cli: Callable, engine, project: Path
) -> None:
    photos = project / "photos"
    photos.mkdir()
    (photos / "cat.jpg").touch()
    result = cli("run", "--state", "photos", "--output", "json")
    assert result.status == 2
    assert [error["code"] for error in json.loads(result.out)["errors"]] == ["STATE_NOT_OURS"]
    assert engine.requests == []


def test_the_default_state_is_kept_out_of_git(cli: Callable, engine, project: Path) -> None:
    cli("run").assert_success()
    assert (project / ".millpond" / ".gitignore").read_text() == "*\n"


def inputs_file(file: Path, local: str) -> None:
    """A file of local inputs that maps one volume."""
    file.write_text(f"paths:\n  /Volumes/a/b/c: {local}\n")


def test_inputs_are_those_beside_the_bundle(cli: Callable, engine, project: Path) -> None:
    inputs_file(project / "millpond.yml", "beside")
    cli("run").assert_success()
    assert [each.written for each in engine.requests[0].inputs.paths] == ["beside"]


def test_inputs_of_a_file_named_on_the_command_line(cli: Callable, engine, project: Path) -> None:
    inputs_file(project / "millpond.yml", "beside")
    inputs_file(project / "other.yml", "named")
    cli("run", "--inputs", "other.yml").assert_success()
    assert [each.written for each in engine.requests[0].inputs.paths] == ["named"]


def test_a_project_without_inputs(cli: Callable, engine, project: Path) -> None:
    cli("run").assert_success()
    assert engine.requests[0].inputs.paths == ()


def test_a_file_of_inputs_that_is_not_there(cli: Callable, engine, project: Path) -> None:
    result = cli("run", "--inputs", "gone.yml", "--output", "json")
    assert result.status == 2
    assert [error["code"] for error in json.loads(result.out)["errors"]] == ["INPUTS_NOT_FOUND"]
    assert not (project / ".millpond").exists()


def test_stdout_is_itself_again_after_a_run(cli: Callable, engine, project: Path) -> None:
    before = sys.stdout
    cli("run")
    assert sys.stdout is before


def test_source_that_ends_the_process_does_not_end_it_silently(
    cli: Callable, engine, project: Path
) -> None:
    def run(request, listener) -> UpdateSummary:
        sys.exit("goodbye")

    engine.run = run
    result = cli("run")
    assert result.status == 3
    assert "SystemExit: goodbye" in result.err


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "/small/millpond-state.json.new"),
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("py4j: java.io.IOException: No space left on device"),
    ],
)
def test_a_full_disk_is_no_bug_of_ours(cli: Callable, engine, error: Exception) -> None:
    def run(request, listener) -> UpdateSummary:
        raise error

    engine.run = run
    result = cli("run", "--output", "json")
    assert result.status == 2
    (shown,) = json.loads(result.out)["errors"]
    assert shown["code"] == "FILE_NOT_USABLE"
    place = getattr(error, "filename", None) or ".millpond/dev"
    assert f"{place}: No space left on device" in shown["message"]
