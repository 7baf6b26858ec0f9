"""What stands at the foot of each slide and page: what its figures rest on."""

from clientlib.figures import Note, Table
from clientlib.figures.wording import clean
from clientlib.language import tell
from clientlib.reports.documents.parts import Chart
from clientlib.reports.documents.reading import Document
from clientlib.reports.record import Run


def list_provenance(run: Run, coverage: str = "") -> list[str]:
    """List what the figures of a slide or page rest on.

    Parameters
    ----------
    run : Run
        The run that made them.
    coverage : str
        How much of its rows an exhibit shows; empty where there is none.

    Returns
    -------
    list of str
        As-of day, edition, snapshot, run, and coverage.
    """
    parts: list[str] = [tell("As of {day:day}", day=run.as_of), clean(run.reader)]
    if run.snapshot:
        parts.append(tell("snapshot {snapshot}", snapshot=run.snapshot))
    parts.append(tell("run {run}", run=run.run_id))
    return [*parts, coverage] if coverage else parts


def say_coverage(document: Document) -> str:
    """Say how much of what it could show a report shows.

    Parameters
    ----------
    document : Document
        Of a run.

    Returns
    -------
    str
        How many charts and tables there are, how many of them show their first rows only, and
        how many have not enough data.
    """
    parts = [item.part for item in document.items]
    tables = [part for part in parts if isinstance(part, Table)]
    tables += [part.description.table for part in parts if isinstance(part, Chart)
               and part.description]  # fmt: skip
    return tell(
        "{exhibits:count} charts and tables; first rows only in {cut:count}, "
        "not enough data for {missing:count}",
        exhibits=sum(isinstance(part, Chart | Table) for part in parts),
        cut=sum(len(table.rows) < table.rows_total for table in tables),
        missing=sum(isinstance(part, Note) for part in parts),
    )
