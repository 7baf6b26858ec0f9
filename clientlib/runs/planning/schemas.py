"""The schemas of a project's reports, for the command and the plan."""

import json
from pathlib import Path
from typing import Any

from clientlib.config import Settings
from clientlib.errors import InputError
from clientlib.runs.planning.parameters import Parameter, ParameterSchema, read_parameters


class UnreadableNotebookError(InputError):
    """A notebook that is not there, or is none."""


class _Node(dict[str, Any]):
    """A part of a notebook; its own library takes a second to import."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        found = self[name]
        is_source = name == "source" and isinstance(found, list)
        return "".join(found) if is_source else found


def schema_of(settings: Settings, report: str) -> ParameterSchema:
    """Read what may be asked of a report.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    report : str
        Name in the configuration.

    Returns
    -------
    ParameterSchema
        In the order of its notebook.

    Raises
    ------
    UnreadableNotebookError
        The notebook is not there, or is none.
    ConfigError
        Its cell of parameters is wrong.
    """
    configured = settings.reports[report]
    notebook = _read(settings.root / configured.notebook)
    return read_parameters(notebook, report, configured.limits)  # type: ignore[arg-type]


def describe_parameter(parameter: Parameter) -> dict[str, Any]:
    """Describe a parameter for people and machines.

    Parameters
    ----------
    parameter : Parameter
        Of a schema.

    Returns
    -------
    dict
        ``name``, ``type``, ``value``, ``limits``, ``unit``, ``help``.
    """
    return {
        "name": parameter.name,
        "type": parameter.kind or "any",
        "value": parameter.default,
        "limits": _limits(parameter),
        "unit": parameter.unit,
        "help": parameter.help,
    }


def _limits(parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(map(str, parameter.choices))
    least, most = parameter.least, parameter.most
    if least is not None and most is not None:
        return f"{least:g} to {most:g}"
    if least is not None:
        return f"at least {least:g}"
    return "" if most is None else f"at most {most:g}"


def _read(path: Path) -> _Node:
    try:
        notebook: _Node = json.loads(path.read_text("utf-8"), object_hook=_Node)
        for cell in notebook["cells"]:
            cell["cell_type"], cell["source"], cell["metadata"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableNotebookError(
            f"{path.name} is no notebook that can be read", example=repr(error)[:200]
        ) from error
    return notebook
