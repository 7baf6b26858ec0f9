"""The command export: a report's page as one file."""

from pathlib import Path
from typing import Annotated

import typer

from clientlib.cli.output import say
from clientlib.reports.standalone import write_standalone


def export(
    page: Annotated[
        Path,
        typer.Argument(help="A report's page, such as reports/2025-06-30/reliability/all.html."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="File to write; else beside it, as all-alone.html.",
        ),
    ] = None,
) -> None:
    """Write a report's page as one file with all that it needs, to be sent and opened anywhere."""
    written = write_standalone(page, output)
    say("wrote", written.as_posix(), f"{written.stat().st_size / 1e6:.1f} MB")
