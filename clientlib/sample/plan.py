"""What one run of the sample company is asked for: seed, size, period."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.errors import InputError
from clientlib.sample.workdays import Days, last_working_days, shift_days, working_calendar

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER = np.datetime64("NaT", "D")
FEWEST_CLIENTS, MOST_CLIENTS = 50, 5_000
SHORTEST_DAYS, LONGEST_DAYS = 365, 3_653

# One stream of random numbers per subject, by place in this list: append, never reorder.
SUBJECTS = (
    "clients",
    "habits",
    "products",
    "rivals",
    "deals",
    "orders",
    "service",
    "lines",
    "deliveries",
    "complaints",
    "credits",
    "money",
    "payments",
    "ranges",
    "observations",
    "entry",
    "twins",
    "mess",
    "cards",
    "service records",
    "contacts",
    "assignments",
    "contracts",
    "referrals",
    "obligations",
    "client prices",
    "programmes",
    "quotes",
    "needs",
    "campaigns",
    "touches",
    "interactions",
    "surveys",
    "stock",
    "returns",
    "handoffs",
    "facts",
    "statements",
    "registry",
    "targets",
    "trainings",
    "incidents",
    "relation entry",
)


def known_where(values: object, is_known: object) -> pd.Series:
    """Keep values where they are known, None elsewhere.

    Parameters
    ----------
    values : array-like, shape (n,)
        Texts or flags.
    is_known : array-like of bool, shape (n,)
        Which of them to keep.

    Returns
    -------
    Series of object, shape (n,)
        Numbered from 0.
    """
    kept = np.array(values, dtype=object)
    kept[~np.asarray(is_known, dtype=np.bool_)] = None
    return pd.Series(kept, dtype=object)


@dataclass(frozen=True)
class Plan:
    """The options of a simulated company.

    Parameters
    ----------
    seed : int
        Root of all random numbers.
    clients_count : int
        Companies in the CRM, prospects included, those entered twice counted once.
    start, end : date
        First and last day of trade, both included.
    """

    seed: int
    clients_count: int
    start: date
    end: date

    @property
    def first_day(self) -> np.datetime64:
        """First day of trade."""
        return np.datetime64(self.start, "D")

    @property
    def last_day(self) -> np.datetime64:
        """Last day of trade: nothing later is in any export."""
        return np.datetime64(self.end, "D")

    @property
    def years(self) -> list[int]:
        """Calendar years that the period touches."""
        return list(range(self.start.year, self.end.year + 1))

    @cached_property
    def calendar(self) -> np.busdaycalendar:
        """Working days, long enough for deadlines after the end."""
        return working_calendar(self.start.year - 20, self.end.year + 3)

    def draws(self, subject: str) -> np.random.Generator:
        """Open the stream of random numbers of one subject.

        Parameters
        ----------
        subject : str
            One of ``SUBJECTS``.

        Returns
        -------
        numpy.random.Generator
            The same child that ``SeedSequence(seed).spawn`` gives at the subject's place.
        """
        place = SUBJECTS.index(subject)
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(place,)))

    def after(self, days: Days, counts: Counts | int) -> Days:
        """Move days by working days, leaving days off; see ``shift_days``."""
        return shift_days(days, counts, self.calendar)

    def not_after(self, days: Days) -> Days:
        """Move days off back to the working day before; see ``last_working_days``."""
        return last_working_days(days, self.calendar)

    def happened(self, days: Days) -> Flags:
        """Tell which days lie within the period's end; days that never come do not."""
        return np.asarray(days <= self.last_day, dtype=np.bool_)

    def entered(self, days: Days, draws: np.random.Generator) -> Days:
        """Draw the day on which each fact was typed in: 0 to 2 days later, never on a day off.

        Parameters
        ----------
        days : array of datetime64[D], shape (n,)
            When the facts happened.
        draws : numpy.random.Generator
            Stream to draw from.

        Returns
        -------
        array of datetime64[D], shape (n,)
            Not later than the end of the period, by which the books were complete.
        """
        delays = draws.choice(3, size=len(days), p=[0.7, 0.22, 0.08]).astype("timedelta64[D]")
        later = days + delays
        fits = np.is_busday(later, busdaycal=self.calendar) & (later <= self.last_day)
        return np.where(fits, later, days)


def make_plan(seed: int, clients: int, start: date, end: date) -> Plan:
    """Check the options and hold them together.

    Parameters
    ----------
    seed : int, 0 or more
        Root of all random numbers.
    clients : int, 50 to 5,000
        Companies in the CRM.
    start, end : date
        First and last day; one to ten years apart.

    Returns
    -------
    Plan
        The checked options.

    Raises
    ------
    InputError
        An option is out of its bounds.
    """
    if not FEWEST_CLIENTS <= clients <= MOST_CLIENTS:
        raise InputError(
            f"the sample company has {FEWEST_CLIENTS} to {MOST_CLIENTS} clients",
            example=f"clients {clients}",
            hint="choose a number within the bounds",
        )
    if not timedelta(SHORTEST_DAYS - 1) <= end - start <= timedelta(LONGEST_DAYS):
        raise InputError(
            "the sample company trades for one to ten years",
            example=f"{start} to {end}",
            hint="move the first or the last day",
        )
    if seed < 0:
        raise InputError("a seed is 0 or more", example=f"seed {seed}", hint="choose another seed")
    return Plan(seed=seed, clients_count=clients, start=start, end=end)
