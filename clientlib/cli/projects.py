"""Commands on a project: init, sample, demo."""

from pathlib import Path
from typing import Annotated

import typer

from clientlib.cli.matching import match_project
from clientlib.cli.output import OUT, say
from clientlib.cli.reporting import run_project
from clientlib.cli.warehousing import build_project, check_project, load_project, project_settings
from clientlib.config import CONFIG_NAME, Settings, load_settings
from clientlib.errors import ConfigError
from clientlib.sample import write_sample
from clientlib.sources import list_presets
from clientlib.starter import SAMPLE_PRESET, write_project

TRUTH_NAME = "sample_truth.json"

Seed = Annotated[int, typer.Option(min=0, help="Seed: the same seed gives the same files.")]
Clients = Annotated[int, typer.Option(help="Clients of the sample company, 50 to 5,000.")]


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new project.")],
    preset: Annotated[
        str, typer.Option(help=f"Known export to start from: {', '.join(list_presets())}.")
    ] = SAMPLE_PRESET,
    export: Annotated[
        Path | None,
        typer.Option("--from", metavar="PATH", help="The export, copied to data/raw."),
    ] = None,
) -> None:
    """Write a starter project: clientlib.toml, notebooks/, data/raw/, reports/."""
    write_project(folder, preset, export)
    say("wrote", f"{folder}/{CONFIG_NAME}", f"preset {preset}")
    first = "clientlib sample && " if preset == SAMPLE_PRESET else ""
    OUT.print(f"next: cd {folder} && {first}clientlib load && clientlib build && clientlib run")


def sample(seed: Seed = 7, clients: Clients = 600) -> None:
    """Write the sample company's exports to data/raw/."""
    write_sample_exports(project_settings(), seed, clients)


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Project; made where there is none.")
    ] = Path(),
    seed: Seed = 7,
    clients: Clients = 600,
) -> None:
    """Do it all on the sample company: sample, load, match, build, check, run."""
    if not (folder / CONFIG_NAME).is_file():
        write_project(folder)
    settings = load_settings(folder)
    write_sample_exports(settings, seed, clients)
    load_project(settings)
    match_project(settings)
    build_project(settings)
    check_project(settings)
    ended = run_project(settings, [])
    OUT.print((settings.output_folder / "index.html").as_posix())
    if any(run.state == "failed" for run in ended):
        raise typer.Exit(1)


def write_sample_exports(settings: Settings, seed: int, clients: int) -> None:
    """Write the sample company's exports where the project's sample source looks for them.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    seed, clients : int
        Seed and size of the simulation.

    Raises
    ------
    ConfigError
        The project has no source with the sample company's preset.
    """
    paths = [s.path for s in settings.sources.values() if s.preset == SAMPLE_PRESET]
    if not paths:
        raise ConfigError(
            f"no source of this project has the preset {SAMPLE_PRESET!r}",
            hint="make a project for it: clientlib init DIR",
        )
    summary = write_sample(
        settings.root / paths[0],
        seed=seed,
        clients=clients,
        truth_path=settings.root / "data" / TRUTH_NAME,
    )
    say(
        "wrote",
        paths[0].as_posix(),
        f"{len(summary.rows_by_file)} files",
        f"{summary.rows_count:,} rows",
    )
