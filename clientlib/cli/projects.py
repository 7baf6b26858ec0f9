"""Commands on a project: init, sample, demo."""

from pathlib import Path
from typing import Annotated

import typer

from clientlib.cli.matching import match_project
from clientlib.cli.output import OUT, say
from clientlib.cli.running import run_project
from clientlib.cli.warehousing import build_project, check_project, load_project, project_settings
from clientlib.config import CONFIG_NAME, Settings, load_settings
from clientlib.errors import ConfigError
from clientlib.sample import write_sample
from clientlib.sources import list_presets
from clientlib.sources.proposals import ColumnShape, TableShape
from clientlib.starter import SAMPLE_PRESET, token_variable, write_project
from clientlib.starter.proposed import ProposedProject, write_proposed_project
from clientlib.warehouse.contracts import read_contracts
from clientlib.warehouse.mapping import KNOWN_ON

TRUTH_NAME = "sample_truth.json"

Seed = Annotated[int, typer.Option(min=0, help="Seed: the same seed gives the same files.")]
Clients = Annotated[int, typer.Option(help="Clients of the sample company, 50 to 5,000.")]


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new project.")],
    preset: Annotated[
        str | None,
        typer.Option(help=f"Known export to start from: {', '.join(list_presets())}."),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="PATH",
            help="The export, copied to data/raw; without --preset its mapping is proposed.",
        ),
    ] = None,
) -> None:
    """Write a starter project: clientlib.toml, notebooks/, data/raw/, reports/."""
    if export is not None and preset is None:
        _say_proposed(folder, write_proposed_project(folder, export, canonical_shapes()))
        return
    preset = preset or SAMPLE_PRESET
    write_project(folder, preset, export)
    say("wrote", f"{folder}/{CONFIG_NAME}", f"preset {preset}")
    first = "clientlib sample && " if preset == SAMPLE_PRESET else ""
    if variable := token_variable(preset):
        OUT.print(f"set the token of the CRM in the environment: {variable}")
    OUT.print(f"next: cd {folder} && {first}clientlib load && clientlib build && clientlib run")


def canonical_shapes() -> dict[str, TableShape]:
    """Give the canonical tables as proposals need them.

    Returns
    -------
    dict of str to TableShape
        By table, ``known_on`` among the columns of each.
    """
    shapes = {}
    for contract in read_contracts().values():
        if contract.schema == "staging":
            allowed = {check.arguments[0]: check.arguments[1:] for check in contract.checks
                       if check.rule == "one_of"}  # fmt: skip
            columns = tuple(
                ColumnShape(c.name, c.type or "text", c.is_required, allowed.get(c.name, ()))
                for c in (*contract.columns, KNOWN_ON)
            )
            shapes[contract.table] = TableShape(contract.table, contract.grain, columns)
    return shapes


def _say_proposed(folder: Path, project: ProposedProject) -> None:
    say("wrote", f"{folder}/{CONFIG_NAME}", "a proposed mapping")
    for file, tables in project.tables.items():
        say("proposed", file, ", ".join(tables))
    for point in project.points:
        say("confirm", point)
    OUT.print(f"next: cd {folder} && clientlib load --dry-run, and mend {CONFIG_NAME}")


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
    batched = run_project(settings)
    OUT.print((settings.output_folder / "index.html").as_posix())
    if any(run.state == "failed" for run in batched.runs):
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
    paths = [s.path for s in settings.sources.values() if s.preset == SAMPLE_PRESET and s.path]
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
