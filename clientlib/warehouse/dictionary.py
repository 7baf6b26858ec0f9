"""The data dictionary: every table with its columns and rules, written from the contracts.

``python -m clientlib.warehouse.dictionary`` writes docs/data-dictionary.md anew.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from clientlib.warehouse.build import build_order, tables_read
from clientlib.warehouse.contracts import Contract, read_contracts

PAGE = Path("docs/data-dictionary.md")

_INTRODUCTION = """# Data dictionary

Written from the headers of the SQL files in `clientlib/sql` by
`python -m clientlib.warehouse.dictionary`; do not edit it.

Types: `text`, `date`, `flag` (true or false), `count` (whole number), `number` and `money`
(18 digits, 4 of them decimals; money in the warehouse's one currency), `share` (0..1, 6 decimals).
Names: `_id` key, `_on` date, `_amount` money, `_share` 0..1, `_count`, `_days`."""

_CANONICAL = """## Canonical tables

What exports are mapped to. A row that breaks a rule goes to quarantine with its reasons; a broken
`refers` is told by `clientlib check` and stops nothing. Each table also has `known_on` (day on
which we knew of the row; may be mapped) and `source`. `raw` keeps every version of a row,
`staging` the current one."""

_MARTS = """## Marts

What notebooks read: `warehouse.read("marts.client_orders", as_of="2025-06-30")`. A table with
*As of* gives only rows whose dates there are not later than the day asked for, and of rows that
were replaced the version believed then; the others come as they are now. A broken rule stops the
build. *Readers see* tells which rows stand in the file of one reader: docs/how-to/editions.md."""

_READERS = {
    "all": "all rows",
    "none": "nothing",
    "remade": "what comes of the rows that they see",
    "client": "rows of their clients (`{of}`)",
    "follows": "rows that go with those that they see (`{of}`)",
    "own": "their own rows (`{of}`)",
}


def write_dictionary(path: Path) -> None:
    """Write the data dictionary of the package's contracts.

    Parameters
    ----------
    path : Path
        The Markdown file.
    """
    path.write_text(render_dictionary(read_contracts()), encoding="utf-8")


def render_dictionary(contracts: dict[str, Contract]) -> str:
    """Render contracts as a page: canonical tables by name, then marts by name.

    Parameters
    ----------
    contracts : dict of str to Contract
        By ``schema.table``.

    Returns
    -------
    str
        Markdown; the same contracts give the same text.
    """
    readers = _readers(contracts)
    parts = [_INTRODUCTION]
    for schema, introduction in (("staging", _CANONICAL), ("marts", _MARTS)):
        parts.append(introduction)
        names = sorted(name for name in contracts if contracts[name].schema == schema)
        parts += ["\n".join(_render_table(contracts[name], readers[name])) for name in names]
    parts.append("\n".join(_render_order(contracts)))
    return "\n\n".join(parts) + "\n"


def _readers(contracts: dict[str, Contract]) -> dict[str, list[str]]:
    readers: dict[str, list[str]] = {name: [] for name in contracts}
    for name in sorted(contracts):
        for table in tables_read(contracts[name]) - {name}:
            readers[table].append(name)
    return readers


def _render_table(contract: Contract, readers: list[str]) -> Iterator[str]:
    yield f"### {contract.name}"
    yield ""
    yield f"{contract.about} Grain: {_names(contract.grain)}."
    yield ""
    yield from _render_columns(contract)
    yield ""
    yield from _render_facts(contract, readers)


def _render_columns(contract: Contract) -> Iterator[str]:
    if contract.schema == "staging":
        yield "| column | type | required | meaning |"
        yield "|---|---|---|---|"
    else:
        yield "| column | meaning |"
        yield "|---|---|"
    for column in contract.columns:
        cells = [f"`{column.name}`", _cell(column.meaning)]
        if contract.schema == "staging":
            cells[1:1] = [str(column.type), "yes" if column.is_required else ""]
        yield f"| {' | '.join(cells)} |".replace("|  |", "| |")


def _render_facts(contract: Contract, readers: list[str]) -> Iterator[str]:
    reads = sorted(tables_read(contract, ("raw", "staging", "marts")) - {contract.name})
    facts = {
        "Happened": _names([contract.happened] if contract.happened else []),
        "As of": _names(contract.as_of),
        "Believed until": _names([contract.until] if contract.until else []),
        "Readers see": _seen_by_readers(contract),
        "Rules": _names(map(str, contract.checks)),
        "Reads": _names(reads),
        "Read by": _names(readers),
    }
    for label, text in facts.items():
        if text:
            yield f"* {label}: {text}"


def _seen_by_readers(contract: Contract) -> str:
    rule = _READERS.get(contract.readers.kind, "").format(of=contract.readers)
    if contract.others:
        rule += f"; {_names(contract.others)} blank where another reader's"
    return f"{rule}; never {_names(contract.hidden)}" if contract.hidden else rule


def _render_order(contracts: dict[str, Contract]) -> Iterator[str]:
    yield "## Order of building"
    yield ""
    order = [name for name in build_order(contracts) if contracts[name].schema == "marts"]
    yield f"Canonical tables, then {_names(order)}."


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    write_dictionary(PAGE)
