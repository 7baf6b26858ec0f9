"""A proposal as the text of a configuration, with what speaks for each line, and what is open."""

import json
from collections.abc import Iterator, Sequence

from clientlib.sources.proposals.proposed import ProposedColumn, ProposedFile, ProposedTable

TEXT_COLUMN = 56  # where the remarks begin


def write_mappings(source: str, files: Sequence[ProposedFile]) -> str:
    """Write the files of a source as TOML.

    What nobody need confirm stands as it is. What is in doubt and not required is commented out;
    what is in doubt and required stands, since nothing loads without it, and says ``confirm``.

    Parameters
    ----------
    source : str
        Name of the source.
    files : sequence of ProposedFile
        What is proposed.

    Returns
    -------
    str
        ``[[sources.NAME.files]]`` and what belongs to them.
    """
    parts = []
    for file in files:
        if any(not table.missing for table in file.tables):
            parts.append("\n".join(_file_lines(source, file)))
        else:
            parts.append("\n".join(_left_out(file)))
    return "\n\n".join(parts) + "\n"


def open_points(files: Sequence[ProposedFile]) -> list[str]:
    """List all that somebody must confirm or complete.

    Parameters
    ----------
    files : sequence of ProposedFile
        What is proposed.

    Returns
    -------
    list of str
        One sentence each, file by file.
    """
    points = []
    for file in files:
        name = file.sample.glob
        points += [f"{name}: {doubt}" for doubt in file.doubts]
        points += [
            f"{name}: {table.table} lacks {', '.join(table.missing)}"
            for table in file.tables
            if table.missing
        ]
        points += [f"{name}: {doubt}" for doubt in _column_doubts(file)]
        if not file.tables:
            points.append(f"{name}: no canonical table was recognised")
        if file.unused:
            points.append(f"{name}: not used: {', '.join(file.unused)}")
    return points


def _column_doubts(file: ProposedFile) -> list[str]:
    """Say once what is in doubt of a column, for all tables of the file that have it."""
    tables: dict[tuple[str, str, str], list[str]] = {}
    for table in file.tables:
        for column in table.columns:
            if not column.is_sure:
                doubt = (column.name, column.source, column.evidence)
                tables.setdefault(doubt, []).append(f"{table.table}.{column.name}")
    return [
        f"{', '.join(dict.fromkeys(names))} = {source}: {evidence}"
        for (_, source, evidence), names in tables.items()
    ]


def _file_lines(source: str, file: ProposedFile) -> Iterator[str]:
    sample = file.sample
    whole = "all" if sample.is_whole else "the first"
    count = f"{sample.files} files like " if sample.files > 1 else ""
    yield f"# Proposed from {count}{sample.name}: {whole} {len(sample.rows):,} rows were read."
    yield from (f"# confirm: {_one_line(doubt)}" for doubt in file.doubts)
    yield f"[[sources.{source}.files]]"
    yield f"name = {_text(_family_name(sample.glob))}"
    yield f"file = {_text(sample.glob)}"
    yield from (f"{key} = {_text(value)}" for key, value in file.written.items())
    if file.unused:
        yield f"# not used: {_one_line(', '.join(file.unused))}"
    for table in file.tables:
        yield ""
        yield from _table_lines(source, table)


def _table_lines(source: str, table: ProposedTable) -> Iterator[str]:
    off = "# " if table.missing else ""
    if table.missing:
        yield f"# confirm: {table.table} lacks {', '.join(table.missing)}, which it must have"
    yield f"{off}[[sources.{source}.files.tables]]"
    yield f"{off}table = {_text(table.table)}"
    if table.one_per_key:
        yield f'{off}one_per_key = "last"'
    if table.where:
        yield f"{off}where = {_text(table.where)}"
    yield ""
    yield f"{off}[sources.{source}.files.tables.columns]"
    for column in table.columns:
        yield _column_line(column, off)


def _column_line(column: ProposedColumn, off: str) -> str:
    is_kept = column.is_sure or column.is_required
    line = f"{off or ('' if is_kept else '# ')}{column.name} = {_text(column.source)}"
    remark = column.evidence if column.is_sure else f"confirm: {column.evidence}"
    return f"{line:<{TEXT_COLUMN}}  # {_one_line(remark)}"


def _left_out(file: ProposedFile) -> Iterator[str]:
    sample = file.sample
    headings = ", ".join(map(str, sample.rows.columns))
    yield f"# {_one_line(sample.name)} is left out: it has {_one_line(headings)}"
    for table in file.tables:
        yield f"# nearest is {table.table}, which lacks {', '.join(table.missing)}"


def _family_name(glob: str) -> str:
    stem = glob.rpartition("/")[2].partition(".")[0]
    return "".join(letter if letter.isalnum() else "_" for letter in stem).strip("_") or "files"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _one_line(text: str) -> str:
    """Keep a remark on its line: what comes from a file may hold line ends."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
