"""Well-known sets as analysts would meet them: named features, target, directions, roles."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from clientlib.errors import InputError
from clientlib.reliability.learning.ratios import RATIOS

GERMAN_COLUMNS = (
    "checking_account",
    "duration_months",
    "credit_history",
    "purpose",
    "credit_amount",
    "savings",
    "employed_since",
    "instalment_percent",
    "personal_status",
    "other_debtors",
    "resident_years",
    "property",
    "age_years",
    "other_instalment_plans",
    "housing",
    "credits_count",
    "job",
    "dependants_count",
    "telephone",
    "foreign_worker",
)
PERSONAL = ("personal_status", "age_years", "foreign_worker")


@dataclass(frozen=True)
class KnownSet:
    """A known set, ready for `fit_model`.

    Parameters
    ----------
    rows : DataFrame, shape (n_rows, n_features)
        Features under readable names.
    target : Series of 0 and 1, shape (n_rows,)
        1 is the bad outcome.
    monotone : mapping of str to int
        Directions that the business would state.
    groups : Series of int, shape (n_rows,)
        Rows that are exact copies of each other have one value, and must not stand on both
        sides of a fold.
    left_out : DataFrame
        Columns that a decision rule must not use, to judge fairness with.
    """

    rows: pd.DataFrame
    target: pd.Series
    monotone: Mapping[str, int] = field(default_factory=dict)
    groups: pd.Series = field(default_factory=lambda: pd.Series(dtype=int))
    left_out: pd.DataFrame = field(default_factory=pd.DataFrame)


def german_credit(table: pd.DataFrame, *, with_personal: bool = False) -> KnownSet:
    """Prepare German credit: 1,000 applications, 30 % of them bad.

    Sex and marital status, age and origin are left out: a decision must not rest on them.

    Parameters
    ----------
    table : DataFrame, shape (n_rows, 21)
        ``german.data`` as `read_published` gives it: the class last, 1 good and 2 bad.
    with_personal : bool
        Keeps the personal columns, to compare with figures published for all 20.

    Returns
    -------
    KnownSet
        The risk may only rise with the months and with the share of income that is paid.

    Raises
    ------
    InputError
        The table has another form.
    """
    _check_form(table, 21, table.columns[-1], {1, 2})
    named = table.set_axis([*GERMAN_COLUMNS, "class"], axis=1)
    rows = named.drop(columns="class")
    return KnownSet(
        rows=rows if with_personal else rows.drop(columns=list(PERSONAL)),
        target=(named["class"] == 2).astype(int).rename("is_bad"),
        monotone={"duration_months": 1, "instalment_percent": 1},
        groups=_group_copies(named),
        left_out=rows[list(PERSONAL)],
    )


def polish_bankruptcy(table: pd.DataFrame) -> KnownSet:
    """Prepare the Polish bankruptcies: 64 ratios of statements, and what came of the company.

    No direction is stated: many ratios have denominators near zero or below, where a large
    value means the opposite of what it means elsewhere.

    Parameters
    ----------
    table : DataFrame, shape (n_rows, 65)
        ``1year.parquet`` as `read_published` gives it: Attr1 to Attr64 and class, 1 bankrupt.

    Returns
    -------
    KnownSet
        With the ratios named for what they divide.

    Raises
    ------
    InputError
        The table has another form.
    """
    _check_form(table, len(RATIOS) + 1, "class", {0, 1})
    names = {f"Attr{number}": name for number, name in enumerate(RATIOS, start=1)}
    named = table.rename(columns=names)
    return KnownSet(
        rows=named[list(RATIOS)],
        target=named["class"].astype(int).rename("is_bankrupt"),
        groups=_group_copies(named),
    )


def _group_copies(table: pd.DataFrame) -> pd.Series:
    groups = table.groupby(list(table.columns), sort=False, dropna=False).ngroup()
    return groups.rename("copy_of")


def _check_form(table: pd.DataFrame, width: int, target: object, known: set[int]) -> None:
    if table.shape[1] != width or target not in table.columns:
        raise InputError(
            "the table does not have the form of the published set",
            rows=f"{table.shape[1]} columns, {width} are expected",
            hint="read it by clientlib.sources.published.read_published",
        )
    odd = set(table[target].unique()) - known
    if odd:
        raise InputError(
            "the class of the published set holds something else than it should",
            example=repr(sorted(map(str, odd))[0]),
            hint=f"it holds {' and '.join(map(str, sorted(known)))} only",
        )
