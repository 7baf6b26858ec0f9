"""The models of a day: what was known of all clients, learnt from, and tested on later months."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd

from clientlib.reliability.events import LossRules
from clientlib.reliability.leaks import Evidence, check_known_in_time, find_leaks
from clientlib.reliability.risks import (
    ATTRIBUTES,
    SIGNS,
    RiskPanels,
    add_targets,
    build_signs,
    read_risk_panels,
)
from clientlib.reliability.risks.training import RiskModel, Training, train_risks
from clientlib.reliability.timing import (
    TimingBacktest,
    TimingModel,
    backtest_timing,
    fit_timing,
    join_outcomes,
)

HORIZON_MONTHS = 6
MONTHS_OF_HISTORY = 13  # yearly statements and grades need not have changed before
WITHOUT_HISTORY = "without history"


@dataclass(frozen=True)
class Assessment:
    """All that is known and foretold of the clients on a day.

    Parameters
    ----------
    as_of : Timestamp
        Nothing known later was used.
    horizon_months : int
        How far ahead the events are foretold.
    rules : LossRules
        What counts as an event.
    panels : RiskPanels
        What was known at every month end.
    signs, outcomes : DataFrame, one row per client and month end
        From `build_signs` and `add_targets`.
    training : Training
        Features, kind and seed of the models.
    models : dict of str to RiskModel
        By event.
    invoices : DataFrame, one row per invoice
        From `join_outcomes`.
    timing : TimingModel or None
        When invoices are paid; None where there was too little to learn from.
    timing_tested : TimingBacktest
        The same on later windows, beside the plain rule.
    """

    as_of: pd.Timestamp
    horizon_months: int
    rules: LossRules
    panels: RiskPanels
    signs: pd.DataFrame
    outcomes: pd.DataFrame
    training: Training
    models: dict[str, RiskModel]
    invoices: pd.DataFrame
    timing: TimingModel | None
    timing_tested: TimingBacktest

    @property
    def now(self) -> pd.DataFrame:
        """Signs of the day: the rows of the last month end, one per client."""
        return _last(self.signs)

    @property
    def known(self) -> pd.DataFrame:
        """Panel rows of the day, in the order of ``now``."""
        return _last(self.panels.rows)

    @property
    def open_invoices(self) -> pd.DataFrame:
        """Invoices that were not paid by the day."""
        return self.invoices[self.invoices["paid_days"].isna()].reset_index(drop=True)


def assess_clients(
    read: Callable[..., pd.DataFrame],
    *,
    as_of: str | pd.Timestamp,
    horizon_months: int = HORIZON_MONTHS,
    known_in_time: str | Collection[str] = (),
    kind: str = "auto",
    rules: LossRules | None = None,
    seed: int = 0,
) -> Assessment:
    """Learn from the past what clients will do, and test it on later months.

    Features are all signs of the catalogue, and those attributes of clients that the company
    confirms to be known in time: what a client list says today may have been written after the
    fact, so nothing else of it is learnt from.

    Parameters
    ----------
    read : callable
        ``Warehouse.read``: gives a table as it stood on a day.
    as_of : str or Timestamp
        The day of the analysis.
    horizon_months : int, in months
        How far ahead events are foretold.
    known_in_time : str or collection of str
        Attributes that are confirmed, as a list or in one text with commas: industry, region,
        size_band, country.
    kind : str
        Of models, as in ``learning.fit_model``.
    rules : LossRules, optional
        What counts as an event.
    seed : int
        Of folds and bootstraps.

    Returns
    -------
    Assessment
        Events with too little data have a model that says so.

    Raises
    ------
    InputError
        A confirmed attribute does not exist, or a sign is suspected to know the future.
    """
    day, counted = pd.Timestamp(as_of), rules or LossRules()
    panels = read_risk_panels(read, as_of=day)
    signs = build_signs(panels)
    features = (*(sign.name for sign in SIGNS), *read_names(known_in_time))
    _refuse_leaks(signs, features, read_names(known_in_time), day)
    outcomes = add_targets(panels, counted, horizon_months=horizon_months)
    training = Training(features, kind=kind, seed=seed)
    invoices = _read_invoices(read, day)
    return Assessment(
        as_of=day,
        horizon_months=horizon_months,
        rules=counted,
        panels=panels,
        signs=signs,
        outcomes=outcomes,
        training=training,
        models=train_risks(signs, outcomes, training, as_of=day, horizon_months=horizon_months),
        invoices=invoices,
        timing=fit_timing(invoices, day, seed=seed),
        timing_tested=backtest_timing(invoices, as_of=day, seed=seed),
    )


def read_names(text: str | Collection[str]) -> tuple[str, ...]:
    """Read a list of names from a parameter, which can only be one text.

    Parameters
    ----------
    text : str or collection of str
        Names with commas between them, or a list already.

    Returns
    -------
    tuple of str
        Without spaces around them; empty for an empty text.
    """
    names = text.split(",") if isinstance(text, str) else text
    return tuple(name.strip() for name in names if name.strip())


def _refuse_leaks(
    signs: pd.DataFrame, features: tuple[str, ...], confirmed: tuple[str, ...], day: pd.Timestamp
) -> None:
    current = [sign.name for sign in ATTRIBUTES if sign.name in features]
    suspects = find_leaks(signs, features, last_known_on=day, evidence=Evidence(current=current))
    if signs["month_end"].nunique() < MONTHS_OF_HISTORY:
        still = (suspects["kind"] == WITHOUT_HISTORY) & ~suspects["feature"].isin(current)
        suspects = suspects[~still]
    check_known_in_time(suspects, features, known_in_time=confirmed)


def _read_invoices(read: Callable[..., pd.DataFrame], day: pd.Timestamp) -> pd.DataFrame:
    histories = read("marts.invoice_histories", as_of=day)
    return join_outcomes(histories, read("marts.invoice_outcomes", as_of=day), day)


def _last(rows: pd.DataFrame) -> pd.DataFrame:
    last: pd.DataFrame = rows[rows["month_end"] == rows["month_end"].max()]
    return last.reset_index(drop=True)
