"""What may be asked of a notebook: its parameters, read from its code and never executed."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from clientlib.config import ParameterLimits
from clientlib.errors import ConfigError, nearest

if TYPE_CHECKING:  # nbformat takes a second to import
    from nbformat import NotebookNode

TAG = "parameters"
SUPPLIED = ("as_of", "warehouse_path", "edition")
TYPES = ("int", "float", "str", "bool", "list", "dict")


@dataclass(frozen=True)
class NaturalLimits:
    """What the name of a parameter says of its values, by the rules for names.

    Parameters
    ----------
    unit : str
        Of the value; empty for a bare number.
    least, most : float, optional
        The range in which it means something.
    """

    unit: str = ""
    least: float | None = None
    most: float | None = None


NAMED = (
    (re.compile(r"as_of"), NaturalLimits("date")),
    (re.compile(r"seed"), NaturalLimits(least=0)),
    (re.compile(r"(.+_)?top_n|.+_n|n"), NaturalLimits(least=1)),
    (re.compile(r".+_share"), NaturalLimits("share", 0, 1)),
    (re.compile(r".+_days"), NaturalLimits("days", 0)),
    (re.compile(r".+_months"), NaturalLimits("months", 0)),
    (re.compile(r".+_count"), NaturalLimits("count", 0)),
    (re.compile(r".+_(amount|price|cost)"), NaturalLimits("money")),
    (re.compile(r"min_.+"), NaturalLimits(least=0)),
)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook.

    Parameters
    ----------
    name : str
        As the notebook calls it.
    kind : str
        ``int``, ``float``, ``str``, ``bool``, ``list`` or ``dict``; empty for any.
    default : Any
        What the notebook says itself.
    help : str
        In one line; empty where the notebook says nothing.
    unit : str
        ``days``, ``months``, ``share`` (0 to 1), ``money``, ``count``, ``date``, or another.
    least, most : float, optional
        The values that are allowed, both included.
    choices : tuple
        The only values that are allowed; empty where there is no such list.
    may_be_none : bool
        Whether it may be left without a value.
    """

    name: str
    kind: str
    default: Any
    help: str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: tuple[Any, ...] = ()
    may_be_none: bool = False


@dataclass(frozen=True)
class ParameterSchema:
    """The parameters of one report.

    Parameters
    ----------
    report : str
        Its name, for messages.
    parameters : mapping of str to Parameter
        By name, in the order of the notebook.
    """

    report: str
    parameters: Mapping[str, Parameter]

    @property
    def open_names(self) -> list[str]:
        """Names that may be given; the others are supplied by the suite."""
        return [name for name in self.parameters if name not in SUPPLIED]


def read_parameters(
    notebook: NotebookNode, report: str, limits: Mapping[str, ParameterLimits] | None = None
) -> ParameterSchema:
    """Read what may be asked of a notebook from its cell tagged ``parameters``.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook; nothing of it is executed.
    report : str
        Name of the report, for messages.
    limits : mapping of str to ParameterLimits, optional
        What the configuration says of some of them, before what their names say.

    Returns
    -------
    ParameterSchema
        In the order of the notebook.

    Raises
    ------
    ConfigError
        There is no such cell, it holds something else than literals, or a limit is for a
        parameter that there is not.
    """
    number, source = _parameters_cell(notebook, report)
    comments = _comments(source)
    found: dict[str, Parameter] = {}
    for statement in _statements(source, report, number):
        parameter = _read(statement, comments, f"{report}, cell {number}", source)
        found[parameter.name] = parameter
    for name, said in (limits or {}).items():
        if name not in found:
            raise ConfigError(
                f"{report} has limits for {name!r}, which is no parameter of it",
                hint=offer(name, found),
            )
        found[name] = _limit(found[name], said)
    return ParameterSchema(report, found)


def _parameters_cell(notebook: NotebookNode, report: str) -> tuple[int, str]:
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and TAG in cell.metadata.get("tags", []):
            return number, cell.source
    raise ConfigError(
        f"the notebook of {report} has no cell tagged {TAG!r}",
        hint="tag the cell that holds its defaults",
    )


def _statements(source: str, report: str, number: int) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError as error:
        raise ConfigError(
            f"{report}, cell {number}: line {error.lineno} is no Python",
            example=(error.text or "").strip() or None,
            hint="the cell holds one `name = value` a line",
        ) from error


def _comments(source: str) -> dict[int, str]:
    """List the comments by line, so that one within a text is none."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, IndentationError):
        return {}
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _read(statement: ast.stmt, comments: Mapping[int, str], where: str, source: str) -> Parameter:
    target, value, annotation = _parts(statement)
    try:
        if target is None or value is None:
            raise ValueError
        default = ast.literal_eval(value)
    except (ValueError, TypeError):
        line = (ast.get_source_segment(source, statement) or "").split("\n")[0]
        raise ConfigError(
            f"{where}: line {statement.lineno} gives no plain value to a parameter",
            example=line,
            hint="numbers, texts, true or false, None, and lists and dicts of them",
        ) from None
    kind, may_be_none = _kind(default, annotation)
    natural = next((said for rule, said in NAMED if rule.fullmatch(target)), NaturalLimits())
    return Parameter(
        name=target,
        kind=kind,
        default=default,
        help=comments.get(statement.end_lineno or statement.lineno, ""),
        unit=natural.unit,
        least=natural.least if kind in ("int", "float", "") else None,
        most=natural.most if kind in ("int", "float", "") else None,
        may_be_none=may_be_none,
    )


def _parts(statement: ast.stmt) -> tuple[str | None, ast.expr | None, ast.expr | None]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value, statement.annotation
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        return (target.id if isinstance(target, ast.Name) else None), statement.value, None
    return None, None, None


def _kind(default: Any, annotation: ast.expr | None) -> tuple[str, bool]:  # noqa: ANN401
    """Tell the type by the annotation, or by the default."""
    if annotation is not None:
        words = re.findall(r"\w+", ast.unparse(annotation))
        may_be_none = "None" in words or "Optional" in words
        return next((word for word in words if word in TYPES), ""), may_be_none
    if default is None:
        return "", True
    name = "list" if isinstance(default, tuple) else type(default).__name__
    return (name if name in TYPES else ""), False


def _limit(parameter: Parameter, said: ParameterLimits) -> Parameter:
    return replace(
        parameter,
        help=said.help or parameter.help,
        unit=said.unit or parameter.unit,
        least=parameter.least if said.min is None else said.min,
        most=parameter.most if said.max is None else said.max,
        choices=tuple(said.choices) or parameter.choices,
    )


def offer(name: str, known: Iterable[str]) -> str:
    """Offer the known name that is nearest to one that is not known.

    Parameters
    ----------
    name : str
        As it was written.
    known : iterable of str
        The names that there are.

    Returns
    -------
    str
        A hint: the nearest, or all of them.
    """
    listed = list(known)
    near = nearest(name, listed)
    return f"did you mean {near!r}?" if near else f"known: {', '.join(listed) or 'none'}"
