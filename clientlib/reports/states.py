"""How a run went, in words: its state, and where it failed."""

from collections import Counter
from collections.abc import Sequence

from clientlib.figures.wording import clean, shorten
from clientlib.language import join, tell, translate
from clientlib.reports.record import STATES, Failure, Run

LONGEST_MESSAGE = 200


def name_state(state: str) -> str:
    """Name a state for people.

    Parameters
    ----------
    state : str
        Of a run.

    Returns
    -------
    str
        In the language that is spoken, with a capital.
    """
    names = {
        "done": translate("Done"),
        "failed": translate("Failed"),
        "skipped": translate("Skipped"),
    }
    return names[state]


def count_states(runs: Sequence[Run]) -> str:
    """Count runs by their state.

    Parameters
    ----------
    runs : sequence of Run
        The runs.

    Returns
    -------
    str
        ``4 done and 1 failed``.
    """
    counts = Counter(run.state for run in runs)
    said = {
        "done": tell("{count:count} done", count=counts["done"]),
        "failed": tell("{count:count} failed", count=counts["failed"]),
        "skipped": tell("{count:count} skipped", count=counts["skipped"]),
    }
    return join([str(said[state]) for state in STATES if counts[state]])


def tell_failure(failure: Failure, length: int = LONGEST_MESSAGE) -> str:
    """Tell in one line where and why a run failed.

    Parameters
    ----------
    failure : Failure
        Of the run.
    length : int, in characters
        Most of its message that is told.

    Returns
    -------
    str
        ``Cell 7, “How late”: InputError: no rows``.
    """
    said = {
        "cell": failure.cell_number,
        "heading": clean(failure.heading),
        "error": clean(failure.error_name),
        "message": shorten(clean(failure.message.partition("\n")[0]), length),
    }
    if failure.cell_number and failure.heading:
        return tell("Cell {cell:count}, “{heading}”: {error}: {message}", **said)
    if failure.cell_number:
        return tell("Cell {cell:count}: {error}: {message}", **said)
    return tell("{error}: {message}", **said)
