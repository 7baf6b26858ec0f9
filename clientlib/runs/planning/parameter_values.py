"""Values that are given to a notebook, held against what may be asked of it."""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from clientlib.errors import ConfigError
from clientlib.runs.planning.parameters import SUPPLIED, Parameter, ParameterSchema, offer
from clientlib.runs.secrecy import REFERENCE

WHOLE = re.compile(r"[+-]?\d+")
TRUTHS = {"true": True, "false": False}
KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "list": "a list",
    "dict": "a JSON object",
}


def check_parameters(schema: ParameterSchema, given: Mapping[str, Any]) -> dict[str, Any]:
    """Hold given values against a schema, and turn texts of a command line into values.

    Parameters
    ----------
    schema : ParameterSchema
        What may be asked.
    given : mapping
        Values by name; texts such as ``"60"``, ``"true"``, ``"a,b"`` or JSON are converted.

    Returns
    -------
    dict
        By name, each of the type that the notebook expects; only what was given.

    Raises
    ------
    ConfigError
        All that is wrong: unknown names, wrong types, values out of their range.
    """
    checked: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for name, value in given.items():
        try:
            checked[name] = _check(schema, name, value)
        except _ValueProblem as problem:
            problems.append((problem.what, problem.hint))
    if problems:
        raise _error(schema.report, problems)
    return checked


class _ValueProblem(Exception):  # noqa: N818
    """One value that cannot be taken."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what, self.hint = what, hint


def _error(report: str, problems: list[tuple[str, str]]) -> ConfigError:
    if len(problems) == 1:
        ((what, hint),) = problems
        return ConfigError(f"{report}: {what}", hint=hint)
    listed = "\n".join(f"           {what}: {hint}" for what, hint in problems)
    return ConfigError(
        f"{report}: {len(problems)} parameters cannot be taken", rows=listed.lstrip()
    )


def _check(schema: ParameterSchema, name: str, value: Any) -> Any:  # noqa: ANN401
    if name in SUPPLIED:
        hint = "give it as --as-of" if name == "as_of" else "leave it out"
        raise _ValueProblem(f"{name} is supplied by the suite", hint)
    if name not in schema.parameters:
        raise _ValueProblem(f"there is no parameter {name!r}", offer(name, schema.open_names))
    parameter = schema.parameters[name]
    converted = _convert(parameter, value)
    _check_range(parameter, converted)
    return converted


def _convert(parameter: Parameter, value: Any) -> Any:  # noqa: ANN401
    if parameter.may_be_none and value in (None, "none"):
        return None
    is_reference = isinstance(value, str) and REFERENCE.fullmatch(value) is not None
    if not parameter.kind or (is_reference and parameter.kind == "str"):
        return value
    try:
        return CONVERT[parameter.kind](value)
    except ValueError:
        shown = f"{parameter.name} = {value!r} is not {KINDS[parameter.kind]}"
        raise _ValueProblem(shown, f"such as {_written(parameter.default)}") from None


def _to_int(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, str) and WHOLE.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError
    return value


def _to_float(value: Any) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _to_text(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str):
        raise ValueError
    return value


def _to_bool(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, str) and value.strip().lower() in TRUTHS:
        return TRUTHS[value.strip().lower()]
    if not isinstance(value, bool):
        raise ValueError
    return value


def _to_list(value: Any) -> list[Any]:  # noqa: ANN401
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            value = json.loads(value)
        else:
            value = [_plain(part.strip()) for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise ValueError
    return list(value)


def _to_dict(value: Any) -> dict[str, Any]:  # noqa: ANN401
    found = json.loads(value) if isinstance(value, str) else value
    if not isinstance(found, dict):
        raise ValueError
    return found


def _plain(part: str) -> str | int | float:
    """Read a part of a comma separated list, a number where it is one."""
    for convert in (_to_int, _to_float):
        try:
            return convert(part)
        except ValueError:
            continue
    return part


CONVERT: dict[str, Callable[[Any], Any]] = {
    "int": _to_int,
    "float": _to_float,
    "str": _to_text,
    "bool": _to_bool,
    "list": _to_list,
    "dict": _to_dict,
}


def _check_range(parameter: Parameter, value: Any) -> None:  # noqa: ANN401
    if parameter.choices and value is not None:
        for part in value if isinstance(value, list) else [value]:
            if part not in parameter.choices:
                known = [str(choice) for choice in parameter.choices]
                shown = f"{parameter.name} = {part!r} is none of its choices"
                raise _ValueProblem(shown, offer(str(part), known))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    too_small = parameter.least is not None and value < parameter.least
    too_large = parameter.most is not None and value > parameter.most
    if too_small or too_large:
        raise _ValueProblem(f"{parameter.name} = {value!r} is out of range", _range(parameter))


def _range(parameter: Parameter) -> str:
    least, most = (None if end is None else f"{end:g}" for end in (parameter.least, parameter.most))
    if least and most:
        said = f"{least} to {most}"
    else:
        said = f"at least {least}" if least else f"at most {most}"
    return f"{said} {parameter.unit}".rstrip()


def _written(value: Any) -> str:  # noqa: ANN401
    return json.dumps(value, ensure_ascii=False, default=str)
