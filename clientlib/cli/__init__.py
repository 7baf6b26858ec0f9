"""The command ``clientlib``."""

import sys

import typer

from clientlib import __version__
from clientlib.cli import (
    commenting,
    deciding,
    exporting,
    lab,
    linting,
    matching,
    projects,
    releasing,
    replaying,
    running,
    scheduling,
    standing,
    warehousing,
)
from clientlib.cli.output import ERROR, say_error
from clientlib.errors import ClientlibError

STOPPED = 130  # by Ctrl-C

app = typer.Typer(
    name="clientlib",
    help="Exports in, a checked warehouse, notebooks on it, reports out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"clientlib {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Hold the options that every command shares."""


for command in (
    projects.init,
    projects.sample,
    warehousing.load,
    releasing.release,
    matching.match,
    warehousing.build,
    warehousing.check,
    running.run,
    running.parameters,
    commenting.comment,
    deciding.decide,
    replaying.replay,
    exporting.export,
    linting.lint,
    standing.status,
    scheduling.schedule,
    warehousing.show,
    warehousing.changes,
    lab.lab,
    projects.demo,
):
    app.command()(command)


def main() -> None:
    """Run the command: exit 0 when done, 1 on a stated failure, 2 on wrong use, 130 on Ctrl-C."""
    try:
        app()
    except ClientlibError as error:
        say_error(error)
        sys.exit(1)
    except SystemExit as ended:
        if ended.code == STOPPED:
            ERROR.print("stopped")
        raise
    except RuntimeError as error:
        if "interrupted" not in str(error).lower():
            raise
        ERROR.print("stopped")  # in the middle of a query; DuckDB makes Ctrl-C an error of its own
        sys.exit(STOPPED)
