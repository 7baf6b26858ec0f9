"""Counts of rows and reasons of bad ones, as loads, trials and releases print them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from clientlib.cli.output import ERROR, say
from clientlib.warehouse import LoadCount, ReasonCount


def describe_count(count: LoadCount) -> list[str]:
    """Say what became of the rows of a file and table.

    Parameters
    ----------
    count : LoadCount
        The counts.

    Returns
    -------
    list of str
        Columns of a line.
    """
    parts = [
        f"read {count.read_count:,}",
        f"new {count.new_count:,}",
        f"changed {count.changed_count:,}",
        f"same {count.same_count:,}",
        f"quarantined {count.quarantined_count:,}",
        count.file_name,
    ]
    if count.superseded_count:
        parts.append(f"superseded {count.superseded_count:,} of {count.same_count:,} same")
    if count.vanished_count:
        parts.append(f"vanished {count.vanished_count:,} of {count.believed_count:,}")
    if count.where:
        parts.append(f"of {count.file_rows:,} rows: {count.where}")
    return parts


def sum_counts(counts: Sequence[LoadCount]) -> tuple[int, int, int, int]:
    """Add up what became of rows.

    Parameters
    ----------
    counts : sequence of LoadCount
        Per file and table.

    Returns
    -------
    tuple of int
        Rows read, loaded, same as before, and quarantined: the first is the sum of the others.
    """
    return (
        sum(count.read_count for count in counts),
        sum(count.loaded_count for count in counts),
        sum(count.same_count for count in counts),
        sum(count.quarantined_count for count in counts),
    )


def say_reasons(reasons: Sequence[ReasonCount]) -> None:
    """Print why rows are bad, a line for each reason.

    Parameters
    ----------
    reasons : sequence of ReasonCount
        Most frequent first.
    """
    for reason in reasons:
        column = f"{reason.column} " if reason.column else ""
        example = f"{reason.example!r} in row" if reason.example is not None else "row"
        say("  bad", f"{column}{reason.message}", f"{reason.rows:,} rows",
            f"first: {example} {reason.example_row:,}")  # fmt: skip


@contextmanager
def taking_back(told: Sequence[object], what: str) -> Iterator[None]:
    """Say that what ends early keeps nothing, where its lines have said otherwise.

    Parameters
    ----------
    told : sequence
        What was told so far.
    what : str
        What is under way.
    """
    try:
        yield
    except BaseException:
        if told:
            ERROR.print(f"nothing of this {what} is kept, what is told above neither:")
        raise
