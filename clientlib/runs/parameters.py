"""Typed parameters: what a notebook takes, read from its parameters cell and never executed."""

import ast
import json
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

from clientlib.config import ParameterLimits, Settings
from clientlib.errors import ConfigError, InputError, nearest

SUPPLIED = ("as_of", "warehouse_path", "edition")  # by the run itself
TAG = "parameters"
NAMED_UNITS = {
    "_days": "days",
    "_months": "months",
    "_weeks": "weeks",
    "_share": "share, 0 to 1",
    "_count": "",
}
AT_LEAST_ONE = ("top_n",)
TYPES = {"int": int, "float": float, "str": str, "bool": bool, "list": list, "dict": dict}


class UnreadableNotebookError(InputError):
    """A notebook that is absent, no notebook, or whose parameters cell is no plain list."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook.

    Attributes
    ----------
    name, type : str
        ``int``, ``float``, ``str``, ``bool``, ``list`` or ``dict``; ``any`` where the default is
        None.
    default : object
        Value in the notebook.
    help : str
        What it means.
    unit : str
        Empty where it has none.
    least, most : float or None
        Limits, themselves allowed.
    choices : tuple
        Values that are allowed; empty where any is.
    """

    name: str
    type: str
    default: Any
    help: str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: tuple[Any, ...] = ()

    @property
    def limits(self) -> str:
        """The limits in words, such as ``1 to 366``."""
        if self.choices:
            return ", ".join(map(str, self.choices))
        if self.least is not None and self.most is not None:
            return f"{self.least:g} to {self.most:g}"
        if self.least is not None:
            return f"at least {self.least:g}"
        return "" if self.most is None else f"at most {self.most:g}"


Schema = Mapping[str, Parameter]


def schema_of(settings: Settings, report: str) -> dict[str, Parameter]:
    """Read what the notebook of a report takes.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    report : str
        Name in the configuration.

    Returns
    -------
    dict of str to Parameter
        As ``read_schema`` gives it.
    """
    configured = settings.reports[report]
    return read_schema(settings.root / configured.notebook, configured.limits)


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
        "type": parameter.type,
        "value": parameter.default,
        "limits": parameter.limits,
        "unit": parameter.unit,
        "help": parameter.help,
    }


def read_schema(path: Path, limits: Mapping[str, ParameterLimits]) -> dict[str, Parameter]:
    """Read what a notebook takes from its cell tagged ``parameters``.

    Each line of the cell is an assignment of a plain value, with its meaning as a comment. Units
    and natural limits come from names (``_days``, ``_share``), further ones from the
    configuration.

    Parameters
    ----------
    path : Path
        The notebook.
    limits : mapping of str to ParameterLimits
        From the configuration of the report.

    Returns
    -------
    dict of str to Parameter
        In the cell's order.

    Raises
    ------
    UnreadableNotebookError
        It cannot be read, has no such cell, or the cell holds more than plain values.
    ConfigError
        The configuration limits a parameter that the notebook does not have.
    """
    number, source = _find_cell(path)
    found = {}
    comments = _comments(source)
    for statement in _parse(path, number, source):
        name, default, annotated = _read_assignment(path, number, statement, source)
        kind = annotated or ("any" if default is None else type(default).__name__)
        found[name] = _with_natural_limits(
            Parameter(name, kind, default, comments.get(statement.end_lineno or 0, ""))
        )
    for name, limit in limits.items():
        _check_known(path.stem, name, found)
        found[name] = _with_configured_limits(found[name], limit)
    return found


def check_parameters(report: str, schema: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
    """Check parameters before anything runs.

    Parameters
    ----------
    report : str
        Name of the report, for messages.
    schema : Schema
        What its notebook takes.
    given : mapping
        Values by name; text from a command line is read as the parameter's type.

    Returns
    -------
    dict
        Values of their types.

    Raises
    ------
    ConfigError
        One or more are unknown, of a wrong type, or outside of their limits; all are named.
    """
    values, problems = {}, []
    for name, value in given.items():
        try:
            _check_known(report, name, schema)
            values[name] = _check_value(schema[name], value)
        except (ConfigError, ValueError) as error:
            problems.append(str(error).replace("\n ", ";"))
    if problems:
        rows = f"{len(problems)} parameters are wrong" if len(problems) > 1 else None
        raise ConfigError(
            f"report {report!r}: {'; '.join(problems)}",
            rows=rows,
            hint=f"clientlib parameters {report} lists what it takes",
        )
    return values


def _check_known(report: str, name: str, schema: Schema) -> None:
    if name in SUPPLIED:
        raise ConfigError(f"{name!r} is given by the run itself")
    if name not in schema:
        near = nearest(name, [known for known in schema if known not in SUPPLIED])
        offer = f", did you mean {near!r}?" if near else ""
        raise ConfigError(f"{report} has no parameter {name!r}{offer}")


def _check_value(parameter: Parameter, value: Any) -> Any:  # noqa: ANN401
    name, typed = parameter.name, _to_type(parameter, value)
    if parameter.choices and typed not in parameter.choices:
        near = nearest(str(typed), map(str, parameter.choices))
        offer = f", did you mean {near!r}?" if near else ""
        raise ValueError(f"{name} = {typed!r} is none of {parameter.limits}{offer}")
    is_low = parameter.least is not None and typed < parameter.least
    if is_low or (parameter.most is not None and typed > parameter.most):
        unit = f" {parameter.unit}" if parameter.unit else ""
        raise ValueError(f"{name} = {typed!r} is not {parameter.limits}{unit}")
    return typed


def _to_type(parameter: Parameter, value: Any) -> Any:  # noqa: ANN401
    wanted = TYPES.get(parameter.type)
    if wanted is None or (isinstance(value, wanted) and not _is_flag_for_number(wanted, value)):
        return value
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            return _from_text(wanted, value)
        except ValueError:
            pass
    raise ValueError(f"{parameter.name} = {value!r} is no {parameter.type}")


def _is_flag_for_number(wanted: type, value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, bool) and wanted is not bool


def _from_text(wanted: type, text: str) -> Any:  # noqa: ANN401
    if wanted is bool:
        if text.lower() not in ("true", "false"):
            raise ValueError(text)
        return text.lower() == "true"
    if wanted is list and not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",")]
    if wanted in (list, dict):
        read = json.loads(text)
        if not isinstance(read, wanted):
            raise ValueError(text)
        return read
    return wanted(text)


def _find_cell(path: Path) -> tuple[int, str]:
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        for number, cell in enumerate(cells, start=1):
            if TAG in cell["metadata"].get("tags", []):
                return number, "".join(cell["source"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableNotebookError(
            f"{path.name} is no notebook that can be read", example=repr(error)[:200]
        ) from error
    raise UnreadableNotebookError(
        f"{path.name} has no cell tagged 'parameters'",
        hint="tag the cell that holds as_of and warehouse_path",
    )


def _parse(path: Path, number: int, source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError as error:
        raise UnreadableNotebookError(
            f"{path.name}: the parameters in cell {number} are no Python",
            example=f"line {error.lineno}: {(error.text or '').strip()}",
        ) from error


def _read_assignment(
    path: Path, number: int, statement: ast.stmt, source: str
) -> tuple[str, Any, str | None]:
    annotated: str | None = None
    target: ast.expr
    try:
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            target, value = statement.target, statement.value
            annotated = ast.unparse(statement.annotation)
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, value = statement.targets[0], statement.value
        else:
            raise ValueError("it is no assignment of one value")
        if not isinstance(target, ast.Name):
            raise ValueError("it assigns to no plain name")
        return target.id, ast.literal_eval(value), annotated if annotated in TYPES else None
    except ValueError as error:
        raise UnreadableNotebookError(
            f"{path.name}: cell {number} must assign plain values to names",
            example=f"line {statement.lineno}: {source.splitlines()[statement.lineno - 1].strip()}",
            hint="move what is computed into the next cell",
        ) from error


def _comments(source: str) -> dict[int, str]:
    """Read the comments of the cell by line."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _with_natural_limits(parameter: Parameter) -> Parameter:
    """Add what a name says by the house's rules."""
    name, is_number = parameter.name, parameter.type in ("int", "float")
    if not is_number:
        return parameter
    unit = next((unit for ending, unit in NAMED_UNITS.items() if name.endswith(ending)), "")
    if name.endswith("_share"):
        return replace(parameter, unit=unit, least=0, most=1)
    least = 1 if name in AT_LEAST_ONE else 0 if _counts(name) else None
    return replace(parameter, unit=unit, least=least)


def _counts(name: str) -> bool:
    return name == "seed" or name.startswith("min_") or name.endswith((*NAMED_UNITS, "_price"))


def _with_configured_limits(parameter: Parameter, limit: ParameterLimits) -> Parameter:
    return replace(
        parameter,
        least=parameter.least if limit.min is None else limit.min,
        most=parameter.most if limit.max is None else limit.max,
        choices=tuple(limit.choices),
        unit=limit.unit or parameter.unit,
        help=limit.help or parameter.help,
    )
