"""The command as a whole: help, version, usage errors, quiet ends, and a quick start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from millpond import __version__
from millpond.cli import main as entry


def test_help_lists_the_commands_in_order_and_the_exit_statuses(cli: Callable) -> None:
    out = cli("--help").assert_success().out
    places = [out.index(f"\n  {name} ") for name in ("run", "sql", "graph", "doctor", "clean")]
    assert places == sorted(places)
    assert "0 done, 1 the pipeline failed, 2 what was given is wrong, 3 a bug" in " ".join(
        out.split()
    )


@pytest.mark.parametrize("command", ["run", "sql", "graph", "doctor", "clean"])
def test_every_command_and_option_explains_itself(cli: Callable, command: str) -> None:
    out = cli(command, "--help").assert_success().out
    assert out.startswith(f"Usage: millpond {command}")
    options = [line for line in out.splitlines() if line.startswith("  -")]
    assert options


def test_version(cli: Callable) -> None:
    assert cli("--version").assert_success().out == f"millpond {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["rnu"], ["run", "--nope"], ["sql"], ["run", "--output", "xml"]]
)
def test_usage_errors_are_wrong_input(cli: Callable, arguments: list[str]) -> None:
    result = cli(*arguments)
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("Usage: millpond")


def test_an_interruption_is_quiet(cli: Callable, replace_module: Callable) -> None:
    def checks() -> None:
        raise KeyboardInterrupt

    replace_module("millpond.runtime.doctor", checks=checks)
    result = cli("doctor")
    assert (result.status, result.out, result.err.strip()) == (entry.INTERRUPTED, "", "")


def test_starting_imports_nothing_heavy() -> None:
    """Help takes a tenth of a second; a wall clock in a test would be flaky, imports are not."""
    code = (
        "import sys, millpond.cli.main;"
        "print(*{name.split('.')[0] for name in sys.modules}"
        " & {'pyspark', 'rich', 'ruamel', 'sqlglot', 'pandas', 'numpy', 'delta'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


HELP = "import sys; from millpond.cli.main import main; sys.exit(main(['--help']))"
BUFFERED = """
import sys, types
engine = types.ModuleType("millpond.engine.query")
engine.run_sql = lambda *given: (["n"], ((n,) for n in range(100_000)))
sys.modules["millpond.engine.query"] = engine
from millpond.cli.main import main
sys.exit(main(["sql", "SELECT 1", "--state", ".", "--output", "csv"]))
"""


@pytest.mark.parametrize("code", [HELP, BUFFERED])
def test_a_reader_that_leaves_early_gets_no_traceback(code: str) -> None:
    """As in `millpond sql … | head`: the pipe is closed before anything is written."""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), errors) == (entry.INTERRUPTED, b"")


def test_the_package_itself_is_the_command() -> None:
    command = [sys.executable, "-m", "millpond", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("millpond")
