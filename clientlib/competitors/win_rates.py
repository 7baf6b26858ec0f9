"""How often we win against each competitor, as far as deals name it."""

from dataclasses import dataclass

import pandas as pd

from clientlib.competitors.matching import name_competitors
from clientlib.language import Sentence, jot, tell, together
from clientlib.panels import as_days, check_columns
from clientlib.pooling import pool_shares

RESULTS = ("won", "lost_to_it", "lost_to_other", "lost_unknown", "no_decision")
OK, TOO_LITTLE = "ok", "not enough data"
MORE, LESS, UNCLEAR = "we win more often", "we win less often", "no clear difference"
LEVEL = 0.90
RATE_COLUMNS = (
    "competitor_id",
    "name",
    "deals_count",
    *(f"{result}_count" for result in RESULTS),
    "decided_count",
    "raw_win_share",
    "win_share",
    "win_share_low",
    "win_share_high",
    "win_share_all_unknown_to_it",
    "win_share_present",
    "probability_below_overall",
    "verdict",
    "status",
    "reason",
)


@dataclass(frozen=True)
class WinRates:
    """Win rates against named competitors.

    Parameters
    ----------
    as_of : Timestamp
        Deals closed after it were not used.
    within_days : int
        Deals closed longer before were not used either.
    overall_win_share : float, 0..1
        Won / (won + lost to the named rival), over all rivals together; a won deal counts for
        each rival that it names, a lost one for the winner only. nan without deals.
    rates : DataFrame, one row per competitor, most deals first
        Columns `RATE_COLUMNS`. decided_count = won + lost to it. raw_win_share = won /
        decided, the case that none of the unknown winners was this competitor;
        win_share_all_unknown_to_it the case that all were. win_share with its 90 % interval
        is pooled over competitors. win_share_present = won / all deals won or lost in which
        it was named. no_decision_count stays apart from all of them.
    note, headline : str
        What could be answered, and the main finding in a sentence.
    """

    as_of: pd.Timestamp
    within_days: int
    overall_win_share: float
    rates: pd.DataFrame
    note: str
    headline: str

    @property
    def message(self) -> str:
        """Against whom we win least or most often, as far as intervals say so, for a title."""
        known = self.rates[self.rates["win_share"].notna()]
        if known.empty:
            return tell("Our win rate against each competitor")
        verdicts = list(known["verdict"])
        word = next((word for word in (LESS, MORE) if word in verdicts), UNCLEAR)
        row = known[known["verdict"] == word].iloc[0]
        return tell(_TITLES[word], name=row["name"], share=float(row["win_share"]))


_TITLES = {
    LESS: "Against {name} we win {share:share} of the deals that one of us wins, clearly less than "
    "overall",
    MORE: "Against {name} we win {share:share} of the deals that one of us wins, clearly more than "
    "overall",
    UNCLEAR: "Against no competitor do we win clearly more or less than overall; against {name} it "
    "is {share:share}",
}


def win_rates(
    deal_rivals: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    closed_deals: pd.DataFrame | None = None,
    competitors: pd.DataFrame | None = None,
    within_days: int = 730,
    min_deals: int = 5,
) -> WinRates:
    """Estimate our win rate against each competitor, pooled to the overall rate.

    Of the deals that either we or the competitor won, the share that we won. Few deals say
    little: the share is drawn towards the overall one by a beta-binomial model whose own
    uncertainty widens the interval.

    Parameters
    ----------
    deal_rivals : DataFrame
        marts.deal_rivals: deal_id, competitor_id, closed_on, result.
    as_of : str or Timestamp
        The day of the analysis.
    closed_deals : DataFrame, optional
        marts.closed_deals; lets the note say how many lost deals name nobody.
    competitors : DataFrame, optional
        marts.competitors, for names.
    within_days : int, in days
        How far back deals are counted.
    min_deals : int
        Decided deals below which a rate is not shown.

    Returns
    -------
    WinRates
        With an empty table and a note where no deal names a competitor.

    Raises
    ------
    InputError
        A column is missing.

    References
    ----------
    `pool_shares`; Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, section 5.3.
    """
    columns = ("deal_id", "competitor_id", "closed_on", "result")
    check_columns(deal_rivals, columns, name="marts.deal_rivals")
    day = pd.Timestamp(as_of)
    counts = _count(_recent(deal_rivals, day, within_days))
    decided = float(counts["decided_count"].sum())
    unnamed = _unnamed(closed_deals, deal_rivals["deal_id"], day, within_days)
    if not decided > 0:
        nothing = tell("Not enough data: no decided deal names a competitor.")
        note = together(nothing, unnamed)
        table = pd.DataFrame(columns=list(RATE_COLUMNS))
        return WinRates(day, within_days, float("nan"), table, note, note)
    overall = float(counts["won_count"].sum()) / decided
    rates = _rate(counts, overall, min_deals)
    rates = name_competitors(rates.reset_index(), competitors)[list(RATE_COLUMNS)]
    order = ["deals_count", "competitor_id"]
    rates = rates.sort_values(order, ascending=[False, True], ignore_index=True)
    enough = int((rates["status"] == OK).sum())
    named = tell(
        "{enough:count} of {all:count} named competitors have at least {least:count} decided "
        "deals; overall we won {share:share} of {pairs:count} pairings of a deal with a named "
        "competitor, so that a deal counts once for each that it names.",
        enough=enough,
        all=len(rates),
        least=min_deals,
        share=overall,
        pairs=decided,
    )
    note, headline = together(named, unnamed), _headline(rates, overall)
    return WinRates(day, within_days, overall, rates, note, headline)


def _recent(deals: pd.DataFrame, day: pd.Timestamp, within_days: int) -> pd.DataFrame:
    closed = as_days(deals["closed_on"])
    return deals[(closed <= day) & (closed > day - pd.Timedelta(days=within_days))]


def _count(deals: pd.DataFrame) -> pd.DataFrame:
    once = deals.drop_duplicates(["deal_id", "competitor_id"])
    table = pd.crosstab(once["competitor_id"], once["result"])
    counts = table.reindex(columns=list(RESULTS), fill_value=0).astype("int64")
    counts = counts.add_suffix("_count").rename_axis(columns=None).sort_index()
    return counts.assign(
        deals_count=counts.sum(axis=1),
        decided_count=counts["won_count"] + counts["lost_to_it_count"],
    )


def _rate(counts: pd.DataFrame, overall: float, min_deals: int) -> pd.DataFrame:
    won, decided = counts["won_count"], counts["decided_count"]
    pooled = pool_shares(won, decided, below=overall, level=LEVEL).add_prefix("win_")
    pooled = pooled.rename(columns={"win_probability_below": "probability_below_overall"})
    closed = counts["deals_count"] - counts["no_decision_count"]
    raw = {
        "raw_win_share": won / decided.where(decided > 0),
        "win_share_all_unknown_to_it": _share(won, decided + counts["lost_unknown_count"]),
        "win_share_present": _share(won, closed),
    }
    enough = decided >= min_deals
    shown = pooled.where(enough)
    reason = decided.map(lambda count: _say_few(int(count), min_deals)).astype(object)
    return counts.assign(**raw, **{str(name): shown[name] for name in shown}).assign(
        verdict=[
            _verdict(low, high, overall)
            for low, high in zip(shown["win_share_low"], shown["win_share_high"], strict=True)
        ],
        status=enough.map({True: OK, False: TOO_LITTLE}),
        reason=reason.mask(enough, ""),
    )


def _say_few(count: int, least: int) -> str:
    return jot("{count:count} decided deals, {least:count} needed", count=count, least=least)


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0)


def _verdict(low: float, high: float, overall: float) -> str:
    if pd.isna(low):
        return TOO_LITTLE
    if high < overall:
        return LESS
    return MORE if low > overall else UNCLEAR


def _unnamed(
    closed_deals: pd.DataFrame | None, named: pd.Series, day: pd.Timestamp, within_days: int
) -> str:
    if closed_deals is None or closed_deals.empty:
        return ""
    columns = ("deal_id", "closed_on", "outcome")
    check_columns(closed_deals, columns, name="marts.closed_deals")
    recent = _recent(closed_deals, day, within_days)
    lost = recent.loc[recent["outcome"] == "lost", "deal_id"].drop_duplicates()
    nobody = int((~lost.isin(named)).sum())
    return tell(
        "{nobody:count} of {lost:count} lost deals name no competitor at all.",
        nobody=nobody,
        lost=len(lost),
    )


def _headline(rates: pd.DataFrame, overall: float) -> str:
    groups = {word: list(rates.loc[rates["verdict"] == word, "name"]) for word in (LESS, MORE)}
    who = {word: ", ".join(names) for word, names in groups.items() if names}
    if not who:
        return tell(
            "We win {share:share} of our pairings with named competitors; against no single one "
            "clearly more or less.",
            share=overall,
        )
    return _say_stands(who, overall)


def _say_stands(who: dict[str, str], overall: float) -> Sentence:
    if MORE not in who:
        return tell(
            "Compared with {share:share} overall, we win less often against {names}.",
            share=overall,
            names=who[LESS],
        )
    if LESS not in who:
        return tell(
            "Compared with {share:share} overall, we win more often against {names}.",
            share=overall,
            names=who[MORE],
        )
    return tell(
        "Compared with {share:share} overall, we win less often against {less} and we win more "
        "often against {more}.",
        share=overall,
        less=who[LESS],
        more=who[MORE],
    )
