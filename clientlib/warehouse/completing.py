"""Completion in notebooks: names of tables and columns where a warehouse is read."""

import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import accumulate
from typing import Any

import duckdb

from clientlib.warehouse.reading import Warehouse

_TABLE = re.compile(
    r"""\b(\w+)\.(?:read|has_rows|is_dated|remake|changes|list_columns)\(\s*["']([\w.]*)$"""
)
_READ = re.compile(r"""\b(\w+)\.read\(\s*["']([\w.]+)["']""")
_COLUMN = re.compile(r"""\bcolumns\s*=\s*\[(?:[^\]]*,)?\s*["'](\w*)$""")


def offer_names() -> None:
    """Let the tabulator complete tables and columns, where this runs in a notebook.

    ``warehouse.read("marts.`` offers tables, and ``columns=["`` in the same call the columns of
    the table. Outside of IPython nothing is done, and nothing imported.
    """
    shell = _find_shell()
    if shell is None or match_names in shell.Completer.custom_matchers:
        return
    completer = sys.modules["IPython.core.completer"]
    completer.context_matcher()(match_names)
    shell.Completer.custom_matchers.append(match_names)


def match_names(context: Any) -> dict[str, Any]:  # noqa: ANN401 - IPython's, which is not imported
    """Complete the name before the cursor, as IPython asks for it.

    Parameters
    ----------
    context : CompletionContext
        A cell, and where in it the cursor stands.

    Returns
    -------
    dict
        IPython's result of a matcher; it leaves other completions out where it has any.
    """
    lines = context.full_text.split("\n")[: context.cursor_line]
    before = "\n".join([*lines, context.text_until_cursor])
    shell = _find_shell()
    begun, names = find_names(before, shell.user_ns if shell else {})
    offered = [name for name in names if name.startswith(begun)]
    make = sys.modules["IPython.core.completer"].SimpleCompletion
    return {
        "completions": [make(text=name, type="instance") for name in offered],
        "matched_fragment": begun,
        "suppress": bool(offered),
        "ordered": True,
    }


def find_names(before: str, variables: dict[str, Any]) -> tuple[str, list[str]]:
    """Find what may stand where the cursor is.

    Parameters
    ----------
    before : str
        The cell up to the cursor.
    variables : dict
        Of the notebook, by name; warehouses among them.

    Returns
    -------
    tuple of str and list of str
        What of the name was typed, and all names that are known there.
    """
    if asked := _TABLE.search(before):
        warehouse = variables.get(asked[1])
        return asked[2], _names_of(warehouse) if isinstance(warehouse, Warehouse) else []
    reads = list(_READ.finditer(before))
    if reads and (column := _COLUMN.search(before, reads[-1].end())):
        warehouse = variables.get(reads[-1][1])
        if isinstance(warehouse, Warehouse) and _is_open(before[reads[-1].end() :]):
            return column[1], _names_of(warehouse, reads[-1][2])
    return "", []


def _names_of(warehouse: Warehouse, table: str | None = None) -> list[str]:
    with suppress(duckdb.Error):  # it was closed
        return warehouse.list_columns(table) if table else warehouse.list_tables()
    return []


def _is_open(text: str) -> bool:
    """Tell whether a call whose bracket opened before this text goes on at its end."""
    steps: Iterable[int] = ((sign == "(") - (sign == ")") for sign in text)
    return min(accumulate(steps, initial=0)) >= 0


def _find_shell() -> Any:  # noqa: ANN401 - IPython's, which is not imported
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None
