import os
import subprocess
from pathlib import Path

import pytest

_TOOLS = ("sh", "head", "rm")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The folder on PATH of a machine that has a shell and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in _TOOLS:
        source = next(Path(place) / tool for place in ("/bin", "/usr/bin") if _is_in(place, tool))
        (folder / tool).symlink_to(source)
    return folder


def _is_in(place: str, tool: str) -> bool:
    return (Path(place) / tool).exists()


def _python(machine: Path, name: str, version: str, *, fits: bool) -> None:
    """A stand-in for Python that answers the three questions of the script."""
    (machine / name).write_text(
        "#!/bin/sh\n"
        f'case "$1" in --version) echo "Python {version}";; -c) exit {0 if fits else 1};;\n'
        f'-m) echo "{name} $*";; esac\n',
        encoding="utf-8",
    )
    (machine / name).chmod(0o755)


def _run(root: Path, machine: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key != "PYTHON"}
    return subprocess.run(
        ["/bin/sh", str(root / "scripts" / "make_venv.sh"), ".venv"],
        env={**clean, "PATH": str(machine), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_python_that_is_new_enough_is_used(root: Path, machine: Path) -> None:
    _python(machine, "python3.11", "3.11.0", fits=False)  # a stub, or one without ensurepip
    _python(machine, "python3.10", "3.10.1", fits=True)
    _python(machine, "python3", "3.13.0", fits=True)
    done = _run(root, machine)
    assert done.returncode == 0
    assert done.stdout == "python3.10 -m venv .venv\n"


def test_the_user_s_choice_comes_first(root: Path, machine: Path) -> None:
    _python(machine, "python3.11", "3.11.0", fits=True)
    _python(machine, "mine", "3.12.0", fits=True)
    assert _run(root, machine, PYTHON="mine").stdout == "mine -m venv .venv\n"


def test_an_old_python_is_named_in_the_error(root: Path, machine: Path) -> None:
    _python(machine, "python3", "3.8.18", fits=False)
    done = _run(root, machine)
    assert done.returncode == 1
    assert f"{machine}/python3: Python 3.8.18" in done.stderr
    assert "hint: install one" in done.stderr


def test_a_machine_without_python_gets_an_error_and_a_hint(root: Path, machine: Path) -> None:
    done = _run(root, machine)
    assert done.returncode == 1
    assert "no Python 3.10 or newer" in done.stderr
    assert "passed over" not in done.stderr
