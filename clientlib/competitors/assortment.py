"""How far a competitor's range and ours overlap, what only they have and what only we have."""

from dataclasses import dataclass

import pandas as pd

from clientlib.competitors.matching import INDEX_KINDS, name_competitors, own_revenue
from clientlib.language import jot, tell
from clientlib.panels import as_days, check_columns

OK, TOO_LITTLE = "ok", "not enough data"
LIKELY = 0.5
OVERLAP_COLUMNS = (
    "competitor_id",
    "name",
    "own_count",
    "their_count",
    "expected_matched_count",
    "soft_jaccard_share",
    "overlap_coefficient_share",
    "contested_revenue_amount",
    "contested_revenue_share",
    "gaps_count",
    "strongholds_count",
    "status",
    "reason",
)
_MEASURES = OVERLAP_COLUMNS[2:-2]


@dataclass(frozen=True)
class Assortment:
    """Overlap of ranges.

    Parameters
    ----------
    as_of : Timestamp
        Judgements, ranges and sales after it were not used.
    overlap : DataFrame, one row per competitor, most contested revenue first
        Columns `OVERLAP_COLUMNS`. soft_jaccard_share = expected matches / union of both
        ranges; overlap_coefficient_share = expected matches / the smaller range;
        contested_revenue = our revenue of twelve months, each product weighed by the
        probability that it has a counterpart there.
    gaps : DataFrame
        Their products that probably (50 %) have no counterpart with us: competitor_id, name,
        competitor_product_id, product_name, family, seen_on.
    strongholds : DataFrame, highest revenue first
        Our products without a probable counterpart at any competitor: product_id, name,
        family, revenue_12m_amount, counterpart_probability.
    note : str
        What could be answered.
    """

    as_of: pd.Timestamp
    overlap: pd.DataFrame
    gaps: pd.DataFrame
    strongholds: pd.DataFrame
    note: str


def compare_ranges(
    match_judgements: pd.DataFrame,
    competitor_ranges: pd.DataFrame,
    product_months: pd.DataFrame,
    products: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    competitors: pd.DataFrame | None = None,
) -> Assortment:
    """Measure how far ranges overlap, from judged matches and their probabilities.

    Our range is what sold in the last twelve months; theirs is what was collected of it, so
    gaps and strongholds are only as complete as that collection. Substitutes do not count.

    Parameters
    ----------
    match_judgements, competitor_ranges, product_months, products : DataFrame
        marts.match_judgements, marts.competitor_ranges, marts.product_months, marts.products.
    as_of : str or Timestamp
        The day of the analysis.
    competitors : DataFrame, optional
        marts.competitors, for names.

    Returns
    -------
    Assortment
        With a note, and empty tables, where no range of a competitor is known.

    Raises
    ------
    InputError
        A column is missing.

    References
    ----------
    Jaccard, New Phytologist 11, 1912, with expected counts for the intersection; overlap
    coefficient: Szymkiewicz, 1934, and Simpson, 1943.
    """
    day = pd.Timestamp(as_of)
    own = own_revenue(product_months, products, day)
    theirs = _known_ranges(competitor_ranges, day)
    matches = _latest_judgements(match_judgements, day)
    matches = matches[matches["product_id"].isin(own["product_id"])]
    if theirs.empty or own.empty:
        table = pd.DataFrame(columns=list(OVERLAP_COLUMNS))
        note = tell(
            "Not enough data: no competitor's range has been collected, or we have sold nothing."
        )
        return Assortment(day, table, _gaps(theirs, matches, None), _strong(own, matches), note)
    gaps = _gaps(theirs, matches, competitors)
    rows = [
        _overlap(str(key), own, part, matches[matches["competitor_id"] == key])
        for key, part in theirs.groupby("competitor_id", sort=True)
    ]
    overlap = name_competitors(pd.DataFrame(rows), competitors)[list(OVERLAP_COLUMNS)]
    order = ["contested_revenue_amount", "competitor_id"]
    overlap = overlap.sort_values(order, ascending=[False, True], ignore_index=True)
    strongholds = _strong(own, matches, products)
    note = tell(
        "{own:count} products of ours against {theirs:count} collected ones of "
        "{competitors:count} competitors; what was not collected shows as a stronghold of ours.",
        own=len(own),
        theirs=len(theirs),
        competitors=len(overlap),
    )
    return Assortment(day, overlap, gaps, strongholds, note)


def _known_ranges(ranges: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    columns = ("competitor_id", "competitor_product_id", "known_on", "name", "family", "seen_on")
    check_columns(ranges, columns, name="marts.competitor_ranges")
    known = ranges[~(as_days(ranges["known_on"]) > day)]
    keys = ["competitor_id", "competitor_product_id"]
    return known.sort_values(keys).drop_duplicates(keys).reset_index(drop=True)


def _latest_judgements(judgements: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    keys = ["competitor_id", "product_id", "competitor_product_id"]
    columns = (*keys, "kind", "probability", "judged_on")
    check_columns(judgements, columns, name="marts.match_judgements")
    judged = as_days(judgements["judged_on"])
    known = judgements.assign(judged_on=judged)[~(judged > day)]
    latest = known.sort_values([*keys, "judged_on"]).drop_duplicates(keys, keep="last")
    return latest[latest["kind"].isin(INDEX_KINDS)].reset_index(drop=True)


def _any(matches: pd.DataFrame, key: str) -> pd.Series:
    """Give the probability that a product has at least one counterpart."""
    none = (1 - matches["probability"].astype(float).clip(0, 1)).groupby(matches[key]).prod()
    return 1 - none


def _overlap(
    competitor: str, own: pd.DataFrame, theirs: pd.DataFrame, matches: pd.DataFrame
) -> dict[str, object]:
    ours_has = own["product_id"].map(_any(matches, "product_id")).fillna(0.0)
    theirs_has = theirs["competitor_product_id"].map(_any(matches, "competitor_product_id"))
    expected = min(float(ours_has.sum()), float(theirs_has.fillna(0.0).sum()))
    contested = float((own["revenue_12m_amount"] * ours_has).sum())
    if matches.empty:
        why = {"status": TOO_LITTLE, "reason": jot("no match of this competitor has been judged")}
        sizes = {"own_count": len(own), "their_count": len(theirs)}
        return {"competitor_id": competitor, **dict.fromkeys(_MEASURES), **sizes, **why}
    return {
        "competitor_id": competitor,
        "own_count": len(own),
        "their_count": len(theirs),
        "expected_matched_count": expected,
        "soft_jaccard_share": expected / (len(own) + len(theirs) - expected),
        "overlap_coefficient_share": expected / min(len(own), len(theirs)),
        "contested_revenue_amount": contested,
        "contested_revenue_share": contested / float(own["revenue_12m_amount"].sum()),
        "gaps_count": int((theirs_has.fillna(0.0) < LIKELY).sum()),
        "strongholds_count": int((ours_has < LIKELY).sum()),
        "status": OK,
        "reason": "",
    }


def _gaps(
    theirs: pd.DataFrame, matches: pd.DataFrame, competitors: pd.DataFrame | None
) -> pd.DataFrame:
    keys = ["competitor_id", "competitor_product_id"]
    none = (1 - matches["probability"].astype(float).clip(0, 1)).groupby(
        [matches[key] for key in keys]
    )
    has = 1 - none.prod().rename("has_none")
    found = theirs[keys].join(has, on=keys)["has_none"].fillna(0.0)
    lacking = found < LIKELY
    rows = theirs.loc[lacking, [*keys, "name", "family", "seen_on"]]
    return name_competitors(rows.rename(columns={"name": "product_name"}), competitors).reset_index(
        drop=True
    )


def _strong(
    own: pd.DataFrame, matches: pd.DataFrame, products: pd.DataFrame | None = None
) -> pd.DataFrame:
    has = own["product_id"].map(_any(matches, "product_id")).fillna(0.0)
    rows = own.assign(counterpart_probability=has.astype(float))[has < LIKELY]
    names = (
        {} if products is None else dict(zip(products["product_id"], products["name"], strict=True))
    )
    rows.insert(1, "name", [names.get(key, key) for key in rows["product_id"]])
    order = ["revenue_12m_amount", "product_id"]
    return rows.sort_values(order, ascending=[False, True], ignore_index=True)
