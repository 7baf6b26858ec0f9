"""From observed prices to one log ratio per competitor and product of ours."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.language import jot
from clientlib.panels import as_days, check_columns

NO_FAMILY = jot("(no family)")
INDEX_KINDS = ("identical", "equivalent")
PAIR_COLUMNS = (
    "product_id",
    "competitor_id",
    "competitor_product_id",
    "observed_on",
    "kind",
    "probability",
    "competitor_price",
    "is_net",
    "our_price",
)
MATCH_COLUMNS = (
    "competitor_id",
    "product_id",
    "family",
    "log_ratio",
    "probability",
    "age_days",
    "revenue_12m_amount",
    "weight",
    "list_price_share",
    "unknown_terms_share",
    "observations_count",
    "is_trimmed",
)


@dataclass(frozen=True)
class IndexRules:
    """Limits and weights of the price index.

    Parameters
    ----------
    max_age_days : int, in days
        Older observations are not used.
    half_life_days : float, in days
        An observation of this age counts half.
    min_matches : int
        Matched products below which there is no index, of a family or of the whole.
    coverage_floor : float, 0..1
        Share of our revenue that the matches must cover for a competitor's index.
    trim_share : float, 0..1
        Part of a competitor's matches, farthest from their family's median, set aside.
    max_ratio : float, above 1
        A price that is this many times ours, or ours this many times it, is left out: hardly
        the same product, or not the same unit.
    net_prices_only : bool
        Leave out observations that are known to be list prices.
    level : float, 0..1
        Probability that an interval is meant to hold.
    repeats : int
        Bootstrap samples.
    """

    max_age_days: int = 365
    half_life_days: float = 120.0
    min_matches: int = 5
    coverage_floor: float = 0.10
    trim_share: float = 0.05
    max_ratio: float = 3.0
    net_prices_only: bool = False
    level: float = 0.90
    repeats: int = 999


@dataclass(frozen=True)
class MatchedPrices:
    """What the index is computed from.

    Parameters
    ----------
    matches : DataFrame, one row per competitor and product
        Columns `MATCH_COLUMNS`; log_ratio is ln(competitor's price / our price).
    left_out : DataFrame
        competitor_id, reason, observations_count.
    family_revenue : Series of float, index family
        Our revenue of twelve months, of all products.
    """

    matches: pd.DataFrame
    left_out: pd.DataFrame
    family_revenue: pd.Series


def match_prices(
    price_pairs: pd.DataFrame,
    product_months: pd.DataFrame,
    products: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    rules: IndexRules,
) -> MatchedPrices:
    """Choose the usable prices and weigh them.

    Of every pair of products only the latest observation is used; several counterparts of one
    product are averaged by probability and age, since the product is the unit that is drawn.

    Parameters
    ----------
    price_pairs, product_months, products : DataFrame
        marts.price_pairs, marts.product_months, marts.products.
    as_of : str or Timestamp
        Later observations and sales are not looked at.
    rules : IndexRules
        Limits and weights.

    Returns
    -------
    MatchedPrices
        Sorted by competitor and product.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(price_pairs, PAIR_COLUMNS, name="marts.price_pairs")
    revenue = own_revenue(product_months, products, as_of)
    day = pd.Timestamp(as_of)
    pairs = price_pairs.assign(observed_on=as_days(price_pairs["observed_on"]))
    pairs = _latest(pairs[pairs["observed_on"] <= day])
    pairs = pairs.assign(age_days=(day - pairs["observed_on"]).dt.days.astype("int64"))
    reasons = _reasons(pairs, rules)
    left_out = pairs.assign(reason=reasons)[reasons != ""]
    left_out = left_out.groupby(["competitor_id", "reason"], sort=True, as_index=False).agg(
        observations_count=("product_id", "size")
    )
    matches = _by_product(pairs[reasons == ""], rules)
    matches["family"] = _families(matches["product_id"], products)
    sales = revenue.set_index("product_id")["revenue_12m_amount"]
    matches["revenue_12m_amount"] = matches["product_id"].map(sales).fillna(0.0).astype(float)
    matches["weight"] = matches["evidence"] * matches["revenue_12m_amount"].clip(lower=0.0)
    matches["is_trimmed"] = _farthest(matches, rules.trim_share)
    by_family = revenue.groupby("family", sort=True)["revenue_12m_amount"].sum()
    return MatchedPrices(matches[list(MATCH_COLUMNS)], left_out, by_family)


def own_revenue(
    product_months: pd.DataFrame, products: pd.DataFrame, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    """Read our revenue of twelve months by product, at the last month end until a day.

    Parameters
    ----------
    product_months, products : DataFrame
        marts.product_months and marts.products.
    as_of : str or Timestamp
        Later month ends are not looked at.

    Returns
    -------
    DataFrame
        product_id, family, revenue_12m_amount of the products that sold; credits beyond the
        sales count as none.

    Raises
    ------
    InputError
        A column is missing.
    """
    columns = ("product_id", "month_end", "revenue_12m_amount")
    check_columns(product_months, columns, name="marts.product_months")
    check_columns(products, ("product_id", "name", "family"), name="marts.products")
    days = as_days(product_months["month_end"])
    months = product_months.assign(month_end=days).loc[days <= pd.Timestamp(as_of)]
    last = months[months["month_end"] == months["month_end"].max()]
    sold = last.loc[last["revenue_12m_amount"] > 0, ["product_id", "revenue_12m_amount"]]
    found: pd.DataFrame = sold.assign(family=_families(sold["product_id"], products))
    return found.sort_values("product_id", ignore_index=True)


def name_competitors(rows: pd.DataFrame, competitors: pd.DataFrame | None) -> pd.DataFrame:
    """Put each competitor's name beside its key.

    Parameters
    ----------
    rows : DataFrame
        With a column competitor_id.
    competitors : DataFrame or None
        With competitor_id and name; a competitor without a name goes by its key.

    Returns
    -------
    DataFrame
        The same rows, ``name`` after ``competitor_id``.
    """
    names = {}
    if competitors is not None:
        names = dict(zip(competitors["competitor_id"], competitors["name"], strict=True))
    named = rows.copy()
    keys = named["competitor_id"]
    place = list(named.columns).index("competitor_id") + 1
    named.insert(place, "name", [key if pd.isna(names.get(key)) else names[key] for key in keys])
    return named


def _families(keys: pd.Series, products: pd.DataFrame) -> pd.Series:
    families = dict(zip(products["product_id"], products["family"], strict=True))
    named = [families.get(key) for key in keys]
    return pd.Series([NO_FAMILY if pd.isna(name) else name for name in named], index=keys.index)


def _latest(pairs: pd.DataFrame) -> pd.DataFrame:
    keys = ["competitor_id", "product_id", "competitor_product_id"]
    ordered = pairs.sort_values([*keys, "observed_on", "competitor_price"])
    return ordered.drop_duplicates(keys, keep="last").reset_index(drop=True)


def _reasons(pairs: pd.DataFrame, rules: IndexRules) -> pd.Series:
    """Say of each pair why it cannot be used; empty where it can."""
    price, own = pairs["competitor_price"], pairs["our_price"]
    faults = {
        jot("not identical or equivalent"): ~pairs["kind"].isin(INDEX_KINDS),
        jot("older than {days:plain} days", days=rules.max_age_days): pairs["age_days"]
        > rules.max_age_days,
        jot("we have no recent price"): ~(own > 0),
        jot("the observed price is not above zero"): ~(price > 0),
        jot("the match has no probability"): ~(pairs["probability"] > 0),
        jot("over {times:plain} times apart, hardly the same product", times=rules.max_ratio): ~(
            np.maximum(price / own, own / price) <= rules.max_ratio
        ),
    }
    if rules.net_prices_only:
        faults[jot("a list price")] = (~pairs["is_net"].astype("boolean")).fillna(False)
    reasons = pd.Series("", index=pairs.index, dtype=object)
    for reason, is_fault in faults.items():
        reasons = reasons.mask((reasons == "") & is_fault.astype(bool), reason)
    return reasons


def _by_product(pairs: pd.DataFrame, rules: IndexRules) -> pd.DataFrame:
    """Average a product's counterparts at one competitor by their evidence."""
    evidence = pairs["probability"] * 0.5 ** (pairs["age_days"] / rules.half_life_days)
    ratio = np.log(pairs["competitor_price"].astype(float) / pairs["our_price"].astype(float))
    net = pairs["is_net"].astype("boolean")
    rows = pairs.assign(
        evidence=evidence.astype(float),
        weighted_ratio=(ratio * evidence).astype(float),
        list_price_share=(~net).fillna(False).astype(float),
        unknown_terms_share=net.isna().astype(float),
    )
    found = rows.groupby(["competitor_id", "product_id"], sort=True, as_index=False).agg(
        log_ratio=("weighted_ratio", "sum"),
        total=("evidence", "sum"),
        evidence=("evidence", "max"),
        probability=("probability", "max"),
        age_days=("age_days", "min"),
        list_price_share=("list_price_share", "mean"),
        unknown_terms_share=("unknown_terms_share", "mean"),
        observations_count=("evidence", "size"),
    )
    return found.assign(log_ratio=found["log_ratio"] / found["total"])


def _farthest(matches: pd.DataFrame, trim_share: float) -> pd.Series:
    """Mark, for each competitor, the ratios that lie farthest from their family's median."""
    middle = matches.groupby(["competitor_id", "family"])["log_ratio"].transform("median")
    distance = (matches["log_ratio"] - middle).abs().round(12)
    competitor = matches["competitor_id"]
    place = distance.groupby(competitor).rank(method="first", ascending=False)
    allowed = np.floor(matches.groupby("competitor_id")["log_ratio"].transform("size") * trim_share)
    return pd.Series((place <= allowed) & (distance > 0), index=matches.index, dtype=bool)
