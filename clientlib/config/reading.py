"""Reading a project's settings from its file, and saying where the file is wrong."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from clientlib.config.settings import CONFIG_NAME, Settings
from clientlib.errors import ConfigError, nearest

Model = TypeVar("Model", bound=BaseModel)


def find_project(start: Path) -> Path:
    """Find the project's root: the nearest folder upwards that holds clientlib.toml.

    Parameters
    ----------
    start : Path
        Folder to look from.

    Returns
    -------
    Path
        The folder that holds ``clientlib.toml``.

    Raises
    ------
    ConfigError
        No such folder from ``start`` up to the file system's root.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder
    raise ConfigError(
        f"no {CONFIG_NAME} in {start.name or start} or any folder above it",
        hint="go to a project's folder, or make one: clientlib init DIR",
    )


def load_settings(root: Path) -> Settings:
    """Read a project's settings.

    Parameters
    ----------
    root : Path
        Folder that holds ``clientlib.toml``.

    Returns
    -------
    Settings
        The settings, with ``root`` resolved.

    Raises
    ------
    ConfigError
        The file is no TOML, has an unknown key, or a value of the wrong kind.
    """
    written = read_toml(root / CONFIG_NAME)
    if "root" in written:
        raise ConfigError(f"{CONFIG_NAME}: unknown key 'root'", hint="remove it")
    return validate(Settings, {**written, "root": root.resolve()}, CONFIG_NAME)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file, naming the line where it is broken.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        What the file says.

    Raises
    ------
    ConfigError
        The file does not exist or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path.name} does not exist", hint="clientlib init DIR") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is no TOML: {error}", hint="mend that line") from error


def validate(model: type[Model], written: dict[str, Any], name: str) -> Model:
    """Hold what a file says against a model of the settings.

    Parameters
    ----------
    model : type
        The pydantic model.
    written : dict
        What the file says.
    name : str
        The file's name, for messages.

    Returns
    -------
    Model
        The frozen settings.

    Raises
    ------
    ConfigError
        The first key that is unknown, missing or of the wrong kind.
    """
    try:
        return model.model_validate(written)
    except ValidationError as error:
        raise _config_error(model, error, name) from error


def _config_error(model: type[BaseModel], error: ValidationError, name: str) -> ConfigError:
    found = error.errors()
    places = {_place(problem["loc"]) for problem in found}
    # A misspelt key is also a missing one: the spelling says more.
    first = next((problem for problem in found if problem["type"] == "extra_forbidden"), found[0])
    where = _place(first["loc"])
    rows = f"{len(places)} keys are wrong" if len(places) > 1 else None
    if first["type"] == "extra_forbidden":
        key = str(first["loc"][-1])
        near = nearest(key, _keys_at(model, first["loc"][:-1]))
        hint = f"did you mean {near!r}?" if near else "remove it"
        return ConfigError(f"{name}: unknown key {where!r}", rows=rows, hint=hint)
    expected = [problem["msg"] for problem in found if _place(problem["loc"]) == where]
    return ConfigError(
        f"{name}: {where}: {' or '.join(text[:1].lower() + text[1:] for text in expected)}",
        rows=rows,
        example=None if first["type"] == "missing" else f"{where} = {first['input']!r}",
    )


def _place(location: tuple[int | str, ...]) -> str:
    """Write where a key stands; pydantic ends it with the kind that it tried of several."""
    parts = [str(part) for part in location]
    return ".".join(parts[:-1] if parts[-1] in ("str", "int", "float", "bool") else parts)


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    for part in location:
        if isinstance(part, str) and part in model.model_fields:
            model = _model_within(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _model_within(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = [_model_within(part) for part in getattr(annotation, "__args__", ())]
    return next((part for part in inner if part), None)
