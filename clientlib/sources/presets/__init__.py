"""Mappings of well-known exports that a user names instead of writing them."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from clientlib.config import FileMapping, PagedApi, read_toml, validate
from clientlib.errors import ConfigError, nearest


class Preset(BaseModel):
    """A named mapping: what the export is, and how its files become canonical tables."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")
    api: PagedApi | None = None
    files: list[FileMapping] = Field(min_length=1)


def list_presets() -> list[str]:
    """List the presets that the package carries.

    Returns
    -------
    list of str
        Their names, sorted.
    """
    folder = files("clientlib") / "sources" / "presets"
    names = [path.name for path in folder.iterdir()]
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def read_preset(name: str) -> Preset:
    """Read a preset by its name.

    Parameters
    ----------
    name : str
        Name such as ``online_retail``.

    Returns
    -------
    Preset
        Its files and their mapping.

    Raises
    ------
    ConfigError
        There is no such preset; the nearest name is offered.
    """
    known = list_presets()
    if name not in known:
        near = nearest(name, known)
        raise ConfigError(
            f"there is no preset {name!r}",
            hint=f"did you mean {near!r}?" if near else f"known are {', '.join(known)}",
        )
    written: dict[str, Any] = read_toml(
        Path(str(files("clientlib"))) / "sources" / "presets" / f"{name}.toml"
    )
    return validate(Preset, written, f"preset {name}")
