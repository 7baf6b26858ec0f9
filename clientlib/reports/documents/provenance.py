"""What stands at the foot of each slide and page: what its figures rest on."""

from clientlib.figures.wording import clean
from clientlib.language import tell
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
