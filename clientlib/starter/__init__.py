"""A starter project: configuration, notebooks, and places for exports and reports."""

import json
import shutil
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from clientlib.config import CONFIG_NAME
from clientlib.errors import ConfigError, InputError
from clientlib.sources import find_files, fits, read_preset

PACKAGE = Path(str(files("clientlib")))
SAMPLE_PRESET = "sample_company"

_SOURCE = """[sources.{name}]
preset = "{preset}"
{place}
recorded_within_days = 45                  # rows of a later export count from the day they happened
"""


def write_project(folder: Path, preset: str = SAMPLE_PRESET, export: Path | None = None) -> Path:
    """Write a starter project.

    Parameters
    ----------
    folder : Path
        Folder of the project; made where it does not exist.
    preset : str
        Preset that its one source uses.
    export : Path, optional
        A file or folder that is copied to ``data/raw`` as the source's export.

    Returns
    -------
    Path
        Its ``clientlib.toml``.

    Raises
    ------
    ConfigError
        There is a project or a file already, or no such preset.
    InputError
        The export does not exist or holds no file that fits the preset.
    """
    check_place(folder)
    whole = export.name if export and is_whole_export(export, preset) else None
    text = starter_config(preset, whole)
    exports = _exports(export, preset) if export else {}
    return fill_project(folder, text, source_name(preset), exports)


def check_place(folder: Path) -> None:
    """Refuse a place where a project cannot be written.

    Parameters
    ----------
    folder : Path
        Folder of the project.

    Raises
    ------
    ConfigError
        There is a project or a file already.
    """
    if (folder / CONFIG_NAME).exists():
        raise ConfigError(
            f"{folder.name or folder} is a project already", hint=f"edit its {CONFIG_NAME}"
        )
    if folder.is_file():
        raise ConfigError(f"{folder.name} is a file, no folder", hint="choose another place")


def fill_project(folder: Path, text: str, source: str, exports: Mapping[Path, Path]) -> Path:
    """Write a project: its configuration, its exports and its notebooks.

    Parameters
    ----------
    folder : Path
        Folder of the project; made where it does not exist.
    text : str
        Text of its ``clientlib.toml``.
    source : str
        Name of its source.
    exports : mapping of Path to Path
        Files that are copied to ``data/raw``, by their place in the source's folder.

    Returns
    -------
    Path
        Its ``clientlib.toml``.
    """
    raw = folder / "data" / "raw" / source
    raw.mkdir(parents=True, exist_ok=True)
    for place, path in exports.items():
        (raw / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, raw / place)
    (folder / "reports").mkdir(exist_ok=True)
    copy_notebooks(folder / "notebooks")
    config = folder / CONFIG_NAME
    config.write_text(text, encoding="utf-8")
    return config


def starter_config(preset: str, file: str | None = None) -> str:
    """Write the configuration of a starter project.

    Parameters
    ----------
    preset : str
        Preset that its one source uses.
    file : str, optional
        The one file that the source reads, whatever it is called; else all that fit.

    Returns
    -------
    str
        Text of ``clientlib.toml``.

    Raises
    ------
    ConfigError
        There is no such preset.
    """
    name = source_name(preset)
    source = _SOURCE.format(name=name, preset=preset, place=_place(preset, file))
    company = "Sample company" if preset == SAMPLE_PRESET else "Our company"
    return fill_template(company, read_preset(preset).currency, source)


def _place(preset: str, file: str | None) -> str:
    if token_variable(preset):
        return f'crm = {{ token_env = "{token_variable(preset)}" }}'
    path = f"data/raw/{source_name(preset)}" + (f"/{file}" if file else "")
    return f"path = {json.dumps(path, ensure_ascii=False)}"


def token_variable(preset: str) -> str | None:
    """Name the environment variable that a starter project takes a CRM's token from.

    Parameters
    ----------
    preset : str
        Name of the preset.

    Returns
    -------
    str or None
        None where the preset reads files.
    """
    return f"{preset.upper()}_TOKEN" if read_preset(preset).api else None


def fill_template(company: str, currency: str, source: str) -> str:
    """Fill the template of a starter project's configuration.

    Parameters
    ----------
    company, currency : str
        Whose history it is, and in which money.
    source : str
        Its source, as TOML.

    Returns
    -------
    str
        Text of ``clientlib.toml``.
    """
    template = (PACKAGE / "starter" / "clientlib.toml.txt").read_text(encoding="utf-8")
    return (
        template.replace("{company}", company)
        .replace("{currency}", currency)
        .replace("{source}", source.strip())
    )


def source_name(preset: str) -> str:
    """Name the source, and its folder under data/raw, that a preset gets in a starter project.

    Parameters
    ----------
    preset : str
        Name of the preset.

    Returns
    -------
    str
        ``sample`` for the sample company, else the preset's own name.
    """
    return "sample" if preset == SAMPLE_PRESET else preset


def copy_notebooks(folder: Path) -> None:
    """Copy the reports' notebooks, and what they say in other languages, into a project.

    What is there already stays as it is.

    Parameters
    ----------
    folder : Path
        The project's folder of notebooks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(_notebooks().glob("*.ipynb")):
        if not (folder / notebook.name).exists():
            shutil.copy2(notebook, folder / notebook.name)
    for catalogue in sorted((_notebooks() / "locale").rglob("notebooks.[mp]o")):
        target = folder / catalogue.relative_to(_notebooks())
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(catalogue, target)


def _notebooks() -> Path:
    installed = PACKAGE / "starter" / "notebooks"
    return installed if installed.is_dir() else PACKAGE.parent / "notebooks"


def _exports(export: Path, preset: str) -> dict[Path, Path]:
    """Find the files of an export that a preset reads, by their place in its folder."""
    if not export.exists():
        raise InputError(f"there is no file or folder {export}", hint="mend --from")
    mappings = [m for m in read_preset(preset).files if m.file]
    if not mappings:
        raise InputError(
            f"preset {preset} reads no files but the CRM itself",
            hint=f"leave out --from, and set the token in {token_variable(preset)}",
        )
    patterns = [mapping.file or "" for mapping in mappings]
    is_packed = export.suffix.lower() == ".zip"
    if export.is_file() and not is_packed:
        if not is_whole_export(export, preset):
            _check_fit(export, preset, patterns)
        return {Path(export.name): export}
    optional = [mapping.model_copy(update={"optional": True}) for mapping in mappings]
    found = {file.path for mapping in optional for file in find_files(export, mapping)}
    if found and is_packed:
        return {Path(export.name): export}
    if not found:
        raise InputError(
            f"nothing in {export.name} fits preset {preset}",
            example=f"it looks for {', '.join(patterns)}",
            hint="is it another preset, or another folder?",
        )
    return {path.relative_to(export): path for path in sorted(found)}


def is_whole_export(export: Path, preset: str) -> bool:
    """Say whether one file is all that a preset reads, so that its name does not matter.

    Parameters
    ----------
    export : Path
        The file.
    preset : str
        Name of the preset.

    Returns
    -------
    bool
        True for a file, not an archive, and a preset of one family of files.
    """
    files = read_preset(preset).files
    is_one = len(files) == 1 and files[0].file is not None
    return is_one and export.is_file() and export.suffix.lower() != ".zip"


def _check_fit(export: Path, preset: str, patterns: list[str]) -> None:
    if not any(fits(export.name, pattern) for pattern in patterns):
        raise InputError(
            f"{export.name} fits no file of preset {preset}",
            example=f"it looks for {', '.join(patterns)}",
            hint="is it another preset? else give the file such a name",
        )
