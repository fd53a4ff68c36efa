"""`millpond init`: make a project with a pipeline, data to run it on, and a test that passes."""

from __future__ import annotations

import re
from pathlib import Path

import click

from millpond.cli.reporting import reporting
from millpond.codes import ExitStatus

_TEMPLATES = Path(__file__).parent / "templates"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_PLACEHOLDER = "my_project"
"""The name in the templates, in files and in their names."""


@click.command()
@click.argument("name", default=".")
@click.option(
    "--language",
    type=click.Choice(["python", "sql"]),
    default="python",
    show_default=True,
    help="Language of the pipeline's source.",
)
def init(name: str, language: str) -> int:
    """Make a project in the folder NAME: a bundle with a pipeline, sample data and a test.

    Its name is that of the folder, which must be new or empty.
    """
    with reporting("text"):
        folder = Path(name)
        files = make_project(folder, language)
        click.echo(f"{len(files)} files in {folder.absolute()}:")
        for file in files:
            click.echo(f"  {file.as_posix()}")
        click.echo()
        click.echo("Next:")
        if folder.absolute() != Path.cwd():
            click.echo(f"  cd {folder}")
        click.echo("  millpond run\n  pytest")
    return ExitStatus.DONE


def make_project(folder: Path, language: str) -> list[Path]:
    """Write the files of a new project; returns them, relative to the folder.

    Raises:
        MillpondError: PROJECT_NAME_NOT_VALID for a folder whose name is no bundle name,
            PROJECT_FOLDER_NOT_EMPTY if there is something in it.
    """
    from millpond import codes
    from millpond.errors import MillpondError

    name = folder.absolute().name
    if not _NAME.fullmatch(name):
        raise MillpondError(codes.PROJECT_NAME_NOT_VALID, name=name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise MillpondError(codes.PROJECT_FOLDER_NOT_EMPTY, folder=folder)
    plain = name.replace("-", "_").lower()
    written = []
    for template, inside in _templates(language):
        file = Path(str(inside).replace(_PLACEHOLDER, plain))
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        text = template.read_text(encoding="utf-8").replace(_PLACEHOLDER, plain)
        (folder / file).write_text(text, encoding="utf-8")
        written.append(file)
    return sorted(written)


def _templates(language: str) -> list[tuple[Path, Path]]:
    """The files of a language and those of both, each with its place in the project."""
    return [
        (file, _place(file.relative_to(_TEMPLATES / part)))
        for part in ("common", language)
        for file in sorted((_TEMPLATES / part).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    ]


def _place(file: Path) -> Path:
    """`gitignore` is without its dot here, where it would hide templates."""
    return file.with_name(".gitignore") if file.name == "gitignore" else file
