"""What is proposed for the files of an unknown export."""

from dataclasses import dataclass

from clientlib.sources.proposals.sampling import Sample


@dataclass(frozen=True)
class ProposedColumn:
    """A canonical column: what it is read from, and why.

    Attributes
    ----------
    name, source : str
        The column, and a heading or an expression.
    headings : tuple of str
        Headings that it reads.
    is_sure : bool
        Nobody need confirm it.
    is_required : bool
        A row without it goes to quarantine.
    evidence : str
        What speaks for it.
    """

    name: str
    source: str
    headings: tuple[str, ...]
    is_sure: bool
    is_required: bool
    evidence: str


@dataclass(frozen=True)
class ProposedTable:
    """A canonical table as it is proposed.

    Attributes
    ----------
    table : str
        Its name.
    columns : tuple of ProposedColumn
        In its order.
    one_per_key : bool
        Rows of the file are folded to it.
    where : str or None
        Rows that it is made of, where rows without its key belong to others only.
    missing : tuple of str
        Required columns without a heading.
    """

    table: str
    columns: tuple[ProposedColumn, ...]
    one_per_key: bool
    where: str | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class ProposedFile:
    """A family of files as it is proposed, its form of dates and numbers, and what is in doubt."""

    sample: Sample
    written: dict[str, str]
    tables: tuple[ProposedTable, ...]
    unused: tuple[str, ...]
    doubts: tuple[str, ...]
