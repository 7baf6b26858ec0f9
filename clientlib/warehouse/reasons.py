"""Reasons of bad rows, for people: in words, and counted."""

from dataclasses import dataclass

import duckdb

COUNT_REASONS = """
select table_name, concat_ws(' ', reason."column", reason.message), count(*)
from (select table_name, unnest(reasons) as reason from about.quarantine)
where reason."rule" <> 'repeats_key' and reason."rule" <> 'line_shape' group by all
union all
select table_name, 'repeats a key with other contents', count(*)
from about.quarantine where reasons[1]."rule" = 'repeats_key' group by all
union all
select table_name, 'line of the wrong shape', count(*)
from about.quarantine where reasons[1]."rule" = 'line_shape' group by all
order by all
"""


@dataclass(frozen=True)
class ReasonCount:
    """How many rows are bad for one reason, and the first of them."""

    column: str | None
    message: str
    rows: int
    example: str | None
    example_row: int


def count_reasons(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[ReasonCount, ...]:
    """Count the reasons of bad rows, numbers within their words left out.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The connection.
    relation : str
        A table, or a query in parentheses, with ``file_row`` and ``reasons``.

    Returns
    -------
    tuple of ReasonCount
        Most frequent first; a row may have several.
    """
    rows = connection.execute(
        f"""
        with given as (select file_row, unnest(reasons) as reason from {relation})
        select
            reason."column", regexp_replace(reason.message, '\\d+', '…', 'g') as said, count(*),
            first(reason."value" order by file_row), min(file_row)
        from given
        group by reason."column", said
        order by count(*) desc, min(file_row), reason."column"
        """
    ).fetchall()
    return tuple(ReasonCount(*row) for row in rows)


def in_words(reasons: list[dict[str, str | None]]) -> str:
    """Say the reasons of a bad row in words.

    Parameters
    ----------
    reasons : list of dict
        Each with rule, column, value and message.

    Returns
    -------
    str
        The reasons, with semicolons between.
    """
    return "; ".join(
        " ".join(
            str(part) for part in (reason["column"], reason["value"], reason["message"]) if part
        )
        for reason in reasons
    )
