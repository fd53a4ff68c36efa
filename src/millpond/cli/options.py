"""Options that several subcommands take, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])


def path_argument(command: _F) -> _F:
    """PATH: a bundle, or a file or folder of pipeline source; the current folder if absent."""
    return click.argument("path", default=".", type=click.Path(path_type=Path))(command)


def target_option(command: _F) -> _F:
    """--target: which target of the bundle."""
    return click.option(
        "-t", "--target", metavar="T", help="Target of the bundle; its default one if not given."
    )(command)


def variable_option(command: _F) -> _F:
    """--var: values of the bundle's variables."""
    return click.option(
        "--var",
        "variables",
        metavar="KEY=VALUE",
        multiple=True,
        callback=pairs,
        help="Value of a bundle variable; may be repeated.",
    )(command)


def pipeline_options(command: _F) -> _F:
    """--target, --pipeline, --var, --set, --catalog and --schema: which pipeline, how set."""
    options = (
        target_option,
        click.option("-p", "--pipeline", metavar="P", help="Pipeline of the bundle, by its key."),
        variable_option,
        click.option(
            "--set",
            "settings",
            metavar="KEY=VALUE",
            multiple=True,
            callback=pairs,
            help="Value in the pipeline's configuration; may be repeated.",
        ),
        click.option("--catalog", metavar="C", help="Default catalog, instead of the pipeline's."),
        click.option("--schema", metavar="S", help="Default schema, instead of the pipeline's."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def state_option(command: _F) -> _F:
    """--state: the state folder."""
    return click.option(
        "--state",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder for tables, checkpoints and the event log; .millpond/<target> of the "
        "project if not given.",
    )(command)


def output_option(*forms: str) -> Callable[[_F], _F]:
    """--output: one of the forms given, the first if absent."""
    return click.option(
        "-o",
        "--output",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help="Form of what is printed on standard output.",
    )


def names(
    context: click.Context, parameter: click.Parameter, value: Iterable[str]
) -> tuple[str, ...]:
    """Callback: dataset names from an option that takes `a,b` and may be repeated."""
    parts = (part.strip() for text in value for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def pairs(
    context: click.Context, parameter: click.Parameter, value: Iterable[str]
) -> dict[str, str]:
    """The values of an option that is given as KEY=VALUE, once or several times.

    Raises:
        click.BadParameter: there is no `=`, or nothing before it.
    """
    found: dict[str, str] = {}
    for text in value:
        key, equals, setting = text.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(f"{text!r} is not KEY=VALUE.", context, parameter)
        found[key.strip()] = setting
    return found
