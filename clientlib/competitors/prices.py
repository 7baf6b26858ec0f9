"""Where are competitors dearer or cheaper than we are: matched geometric price indices.

Convention everywhere: 100 = our price; 108 = the competitor is 8 % dearer.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.competitors.levels import MatchedProducts, bootstrap_levels, pool_levels
from clientlib.competitors.matching import IndexRules, MatchedPrices, match_prices, name_competitors
from clientlib.language import Claim, Sentence, join, jot, tell, together

CONVENTION = "100 = our price; 108 = the competitor is 8 % dearer."
OK, TOO_LITTLE = "ok", "not enough data"
DEARER, CHEAPER, UNCLEAR = "dearer", "cheaper", "no clear difference"
INDEX_COLUMNS = (
    "price_index",
    "price_index_low",
    "price_index_high",
    "verdict",
    "jevons_index",
    "weighted_index",
    "matched_count",
    "revenue_covered_share",
    "median_age_days",
    "list_price_share",
    "unknown_terms_share",
    "status",
    "reason",
)

MOST_NAMED = 5  # of more competitors a headline gives the number


@dataclass(frozen=True)
class PriceIndex:
    """Price levels of competitors against ours.

    Parameters
    ----------
    as_of : Timestamp
        Observations and sales after it were not used.
    rules : IndexRules
        The limits and weights.
    seed : int
        Of the bootstrap.
    competitors : DataFrame, one row per competitor, cheapest first
        competitor_id, name and `INDEX_COLUMNS`: price_index with its 90 % interval (families
        pooled and weighed by our revenue; null where status is not "ok"), verdict, plain
        Jevons and revenue-weighted index of the matches, and what they rest on.
    families : DataFrame, one row per competitor and family with a match
        The same, with family.
    matches : DataFrame, one row per competitor and product
        The prices used, see `match_prices`; ``is_trimmed`` marks those set aside.
    left_out : DataFrame
        competitor_id, reason, observations_count: what was not used and why.
    convention : str
        How to read the index.
    note, headline : str
        What could be answered, and the main finding in a sentence.
    """

    as_of: pd.Timestamp
    rules: IndexRules
    seed: int
    competitors: pd.DataFrame
    families: pd.DataFrame
    matches: pd.DataFrame
    left_out: pd.DataFrame
    convention: str
    note: str
    headline: str

    @property
    def indexed(self) -> pd.DataFrame:
        """The rows of ``competitors`` that have enough matched prices for an index."""
        return self.competitors[self.competitors["status"] == OK]

    @property
    def indexed_count(self) -> int:
        """Competitors with enough matched prices for an index."""
        return len(self.indexed)

    @property
    def matched_count(self) -> int:
        """Pairs of a competitor and a product of ours that were compared."""
        return int((~self.matches["is_trimmed"].astype(bool)).sum())

    @property
    def index_message(self) -> str:
        """Who stands apart from our price, as far as the intervals say so, for a chart's title."""
        templates = _NET_TITLES if self.rules.net_prices_only else _ALL_TITLES
        if self.indexed.empty:
            return tell(templates["nothing"])
        for word, rows in ((CHEAPER, self.indexed.head(1)), (DEARER, self.indexed.tail(1))):
            if rows["verdict"].iloc[0] == word:
                return _name_level(rows.iloc[0], templates[word])
        return tell(
            templates[UNCLEAR],
            low=float(self.indexed["price_index"].min()),
            high=float(self.indexed["price_index"].max()),
        )


def _name_level(row: pd.Series, template: str) -> Sentence:
    index = float(row["price_index"])
    low, high = float(row["price_index_low"]), float(row["price_index_high"])
    claim = Claim(index, low, high, against=100.0)
    return tell(template, name=row["name"], index=index).resting_on(claim)


# Titles where known list prices are left out, and where they are let in.
_NET_TITLES = {
    "nothing": "Price level for the basket we sell (100 = our price)",
    CHEAPER: "{name} is cheaper than we are: its price level is {index:number1}, where ours is 100",
    DEARER: "{name} is dearer than we are: its price level is {index:number1}, where ours is 100",
    UNCLEAR: "No clear difference to our price level of 100: competitors lie between {low:number1} "
    "and {high:number1}",
}
_ALL_TITLES = {
    "nothing": "Price level with list prices let in (100 = our price)",
    CHEAPER: "With list prices let in, {name} is cheaper than we are: {index:number1}, where ours "
    "is 100",
    DEARER: "With list prices let in, {name} is dearer than we are: {index:number1}, where ours "
    "is 100",
    UNCLEAR: "With list prices let in, no clear difference to our price level of 100: competitors "
    "lie between {low:number1} and {high:number1}",
}


def price_index(
    price_pairs: pd.DataFrame,
    product_months: pd.DataFrame,
    products: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    competitors: pd.DataFrame | None = None,
    rules: IndexRules | None = None,
    seed: int = 0,
) -> PriceIndex:
    """Estimate each competitor's price level for the basket that we sell.

    ln(competitor's price / our price) of identical and equivalent products, weighed by match
    probability, age half-life and our revenue of twelve months; the farthest few are set
    aside; family means are partially pooled towards the competitor's and weighed by our
    revenue in the families where it has a match. The interval resamples products.

    Parameters
    ----------
    price_pairs, product_months, products : DataFrame
        marts.price_pairs, marts.product_months, marts.products.
    as_of : str or Timestamp
        The day of the analysis.
    competitors : DataFrame, optional
        marts.competitors, for names; its competitors without any match are kept, with the
        reason.
    rules : IndexRules, optional
        Limits and weights.
    seed : int
        Of the bootstrap.

    Returns
    -------
    PriceIndex
        With a note, and rows "not enough data", where nothing could be matched.

    Raises
    ------
    InputError
        A column is missing.

    References
    ----------
    ILO et al., Consumer Price Index Manual, 2020, chapter 8 (Jevons, geometric weights); the
    pooling and its interval: see `levels`.
    """
    limits = rules or IndexRules()
    matched = match_prices(price_pairs, product_months, products, as_of=as_of, rules=limits)
    wholes, parts = [], []
    for competitor, rows in matched.matches.groupby("competitor_id", sort=True):
        estimates = _estimate(rows, matched.family_revenue, limits, seed)
        wholes.append({"competitor_id": competitor, **_whole(rows, matched, estimates, limits)})
        for family, own in rows.groupby("family", sort=True):
            part = _part(own, matched, estimates, limits)
            parts.append({"competitor_id": competitor, "family": family, **part})
    table = _all_competitors(wholes, competitors)
    table = table.sort_values(["price_index", "competitor_id"], ignore_index=True)
    family_columns = ["competitor_id", "family", *INDEX_COLUMNS]
    return PriceIndex(
        as_of=pd.Timestamp(as_of),
        rules=limits,
        seed=seed,
        competitors=table,
        families=name_competitors(pd.DataFrame(parts, columns=family_columns), competitors),
        matches=matched.matches,
        left_out=matched.left_out,
        convention=tell(CONVENTION),
        note=_note(table, matched),
        headline=_headline(table),
    )


def verdict(low: float, high: float) -> str:
    """Say in words what an index interval allows to say.

    Parameters
    ----------
    low, high : float
        Ends of the interval; 100 = our price; nan where there is no estimate.

    Returns
    -------
    str
        "dearer" or "cheaper" (the competitor, than we are) only where the whole interval
        lies on that side of 100; else "no clear difference"; "not enough data" for nan.
    """
    if np.isnan(low) or np.isnan(high):
        return TOO_LITTLE
    if low > 100:
        return DEARER
    return CHEAPER if high < 100 else UNCLEAR


def _estimate(
    rows: pd.DataFrame, family_revenue: pd.Series, rules: IndexRules, seed: int
) -> pd.DataFrame:
    """Pool one competitor's families; one row a family and one, '', for the basket."""
    used = _used(rows)
    names = sorted(used["family"].unique())
    if not names:
        return pd.DataFrame(columns=list(INDEX_COLUMNS[:3]), dtype=float)
    revenue = family_revenue.reindex(names).to_numpy(dtype=np.float64)
    arrays = MatchedProducts(
        log_ratio=used["log_ratio"].to_numpy(dtype=np.float64),
        weight=used["weight"].to_numpy(dtype=np.float64),
        family=used["family"].map({name: place for place, name in enumerate(names)}).to_numpy(),
        family_share=revenue / revenue.sum(),
    )
    point = pool_levels(arrays)
    levels, families = bootstrap_levels(arrays, repeats=rules.repeats, seed=seed)
    tails = [(1 - rules.level) / 2, (1 + rules.level) / 2]
    low, high = np.quantile(np.column_stack([families, levels]), tails, axis=0)
    found = np.column_stack([np.append(point.family_level, point.level), low, high])
    return pd.DataFrame(100 * np.exp(found), index=[*names, ""], columns=list(INDEX_COLUMNS[:3]))


def _used(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["is_trimmed"] & (rows["weight"] > 0)]


def _whole(
    rows: pd.DataFrame, matched: MatchedPrices, estimates: pd.DataFrame, rules: IndexRules
) -> dict[str, object]:
    revenue = float(matched.family_revenue.sum())
    covered = _covered(rows, revenue)
    reason = _too_few(rows, rules)
    if not reason and covered < rules.coverage_floor:
        reason = jot(
            "matches cover {covered:share1} of our revenue, {least:share} needed",
            covered=covered,
            least=rules.coverage_floor,
        )
    return _index_row(rows, estimates.reindex([""]).iloc[0], revenue, reason)


def _part(
    rows: pd.DataFrame, matched: MatchedPrices, estimates: pd.DataFrame, rules: IndexRules
) -> dict[str, object]:
    family = rows["family"].iloc[0]
    revenue = float(matched.family_revenue.get(family, 0.0))
    return _index_row(rows, estimates.reindex([family]).iloc[0], revenue, _too_few(rows, rules))


def _too_few(rows: pd.DataFrame, rules: IndexRules) -> str:
    if not (rows["weight"] > 0).any():
        return jot("none of the matched products was sold in the last twelve months")
    count = len(_used(rows))
    if count < rules.min_matches:
        return jot(
            "{count:count} matched products, {least:count} needed",
            count=count,
            least=rules.min_matches,
        )
    return ""


def _covered(rows: pd.DataFrame, revenue: float) -> float:
    return float(rows["revenue_12m_amount"].sum()) / revenue if revenue > 0 else 0.0


def _index_row(
    rows: pd.DataFrame, estimate: pd.Series, revenue: float, reason: str
) -> dict[str, object]:
    """Put an estimate, or its absence, beside what it rests on."""
    shown = estimate if not reason else estimate * float("nan")
    plain = float(np.exp(rows["log_ratio"].mean())) * 100
    used = _used(rows)
    weighted = np.exp(np.average(used["log_ratio"], weights=used["weight"])) if len(used) else 0.0
    return {
        **{str(name): value for name, value in shown.items()},
        "verdict": verdict(shown["price_index_low"], shown["price_index_high"]),
        "jevons_index": plain if not reason else float("nan"),
        "weighted_index": float(weighted) * 100 if not reason else float("nan"),
        "matched_count": len(used),
        "revenue_covered_share": _covered(rows, revenue),
        "median_age_days": float(rows["age_days"].median()),
        "list_price_share": float(rows["list_price_share"].mean()),
        "unknown_terms_share": float(rows["unknown_terms_share"].mean()),
        "status": TOO_LITTLE if reason else OK,
        "reason": reason,
    }


def _all_competitors(
    rows: list[dict[str, object]], competitors: pd.DataFrame | None
) -> pd.DataFrame:
    """Keep the competitors without a match beside the others."""
    found = {row["competitor_id"] for row in rows}
    known = [] if competitors is None else sorted(competitors["competitor_id"])
    absent = {"matched_count": 0, "revenue_covered_share": 0.0, "status": TOO_LITTLE}
    absent |= {"verdict": TOO_LITTLE, "reason": jot("no usable price of a matched product")}
    rows = rows + [{"competitor_id": key, **absent} for key in known if key not in found]
    table = pd.DataFrame(rows, columns=["competitor_id", *INDEX_COLUMNS])
    return name_competitors(table, competitors)


def _note(table: pd.DataFrame, matched: MatchedPrices) -> str:
    if matched.matches.empty:
        return tell(
            "Not enough data: no observed price of an identical or equivalent product is usable."
        )
    left_out = int(matched.left_out["observations_count"].sum())
    enough = int((table["status"] == OK).sum())
    counts = tell(
        "{enough:count} of {all:count} competitors have enough matched prices; "
        "{left_out:count} observations were not used.",
        enough=enough,
        all=len(table),
        left_out=left_out,
    )
    return together(tell(CONVENTION), counts)


def _headline(table: pd.DataFrame) -> str:
    enough = table[table["status"] == OK]
    if enough.empty:
        return tell("Not enough data: no competitor has enough matched prices for an index.")
    said = []
    for word in (CHEAPER, DEARER, UNCLEAR):
        names = [str(name) for name in enough.loc[enough["verdict"] == word, "name"]]
        if names:
            said.append(_say_verdict(word, names, len(enough)))
    return tell("For the basket that we sell, {clauses}.", clauses=together(*said, by="; "))


def _say_verdict(word: str, names: list[str], all_count: int) -> Sentence:
    one, several, counted = _CLAUSES[word]
    if all_count > MOST_NAMED:
        return tell(counted, count=len(names), all=all_count)
    return tell(several if names[1:] else one, names=join(names))


# One competitor, several competitors, and so many that they are counted.
_CLAUSES = {
    CHEAPER: (
        "{names} is cheaper than we are",
        "{names} are cheaper than we are",
        "{count:count} of {all:count} competitors {count:is|are} cheaper than we are",
    ),
    DEARER: (
        "{names} is dearer than we are",
        "{names} are dearer than we are",
        "{count:count} of {all:count} competitors {count:is|are} dearer than we are",
    ),
    UNCLEAR: (
        "{names} shows no clear difference",
        "{names} show no clear difference",
        "{count:count} of {all:count} competitors {count:shows|show} no clear difference",
    ),
}
