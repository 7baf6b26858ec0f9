"""Which tables a notebook reads, where its code says it beyond doubt."""

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

OPENS = "open_warehouse"
HARMLESS = frozenset({"currency", "month_ends", "close", "about", "path"})  # known to every file


class _Doubt(Exception):  # noqa: N818
    """The code does something with the warehouse that may read any table."""


def tables_read_by(notebook: Path) -> frozenset[str] | None:
    """List the tables that a notebook reads.

    A reader's file then holds these and no others. What is given to the warehouse's ``read`` must
    be a plain text; a warehouse that is handed on, or asked anything else, may read any table.

    Parameters
    ----------
    notebook : Path
        The notebook; nothing of it is executed.

    Returns
    -------
    frozenset of str or None
        Such as ``marts.client_orders``; None where it may read any table, or cannot be read.
    """
    try:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        trees = [ast.parse(source) for source in code]
        return frozenset(_reads(trees))
    except (OSError, ValueError, KeyError, TypeError, SyntaxError, _Doubt):
        return None


def _reads(trees: list[ast.Module]) -> Iterator[str]:
    names = set(_warehouses(trees))
    parents = {child: node for tree in trees for node in ast.walk(tree)
               for child in ast.iter_child_nodes(node)}  # fmt: skip
    for node in parents:
        if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
            yield from _read_of(node, parents)


def _warehouses(trees: list[ast.Module]) -> Iterator[str]:
    """Name the variables that hold a warehouse; each opening must give one its name."""
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Assign | ast.withitem) and _opens(_value(node)):
            yield _target(node)
    named = sum(_opens(_value(node)) for tree in trees for node in ast.walk(tree)
                if isinstance(node, ast.Assign | ast.withitem))  # fmt: skip
    calls = sum(_opens(node) for tree in trees for node in ast.walk(tree))
    mentions = sum(_mentions(node) for tree in trees for node in ast.walk(tree))
    if not named == calls == mentions:
        raise _Doubt


def _read_of(name: ast.Name, parents: dict[ast.AST, ast.AST]) -> Iterable[str]:
    attribute = parents[name]
    if not isinstance(attribute, ast.Attribute):
        raise _Doubt
    if attribute.attr in HARMLESS:
        return ()
    call = parents.get(attribute)
    is_call = isinstance(call, ast.Call) and call.func is attribute
    if attribute.attr != "read" or not is_call or not isinstance(call, ast.Call) or not call.args:
        raise _Doubt
    table = call.args[0]
    if not isinstance(table, ast.Constant) or not isinstance(table.value, str):
        raise _Doubt
    return (table.value,)


def _opens(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == OPENS


def _mentions(node: ast.AST) -> bool:
    """Tell uses of the opening function, and of whatever else may open a warehouse."""
    if isinstance(node, ast.Attribute):
        return node.attr in (OPENS, "Warehouse")
    return isinstance(node, ast.Name) and node.id in (OPENS, "Warehouse", "duckdb")


def _value(node: ast.Assign | ast.withitem) -> ast.AST:
    return node.value if isinstance(node, ast.Assign) else node.context_expr


def _target(node: ast.Assign | ast.withitem) -> str:
    targets = node.targets if isinstance(node, ast.Assign) else [node.optional_vars]
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        raise _Doubt
    return targets[0].id
