"""Prices of competitors that stand beside our own: one column for each competitor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from clientlib.sources.proposals.candidates import Candidate
from clientlib.sources.proposals.contents import MOST, REPEATS, Profile
from clientlib.sources.proposals.headings import Vocabulary, words_of
from clientlib.sources.proposals.proposed import ProposedColumn, ProposedTable
from clientlib.sources.proposals.sampling import Sample

PRICE_WORDS = {"price", "kaina"}
OWN_PRICES = ("unit_price", "list_price", "price")
DAYS = ("ordered_on", "observed_on", "starts_on")
FEWEST = 2  # columns that stand beside each other
TIMES = 5.0  # a price of the same product is not so many times ours
HALF = 0.5
FILLED_IN = 0.1  # of the rows from which equal prices are pointed out


@dataclass(frozen=True)
class OwnRow:
    """Headings of our own product, day and price, and what else names the product."""

    product: str
    day: str
    price: str | None
    name: str
    family: str | None


def find_prices_beside(
    sample: Sample,
    profiles: Mapping[str, Profile],
    held: Sequence[Candidate],
    vocabulary: Vocabulary,
) -> list[ProposedTable]:
    """Propose tables for prices of competitors that stand in the rows of our products.

    Parameters
    ----------
    sample : Sample
        First rows of a file.
    profiles : mapping of str to Profile
        Its columns.
    held : sequence of Candidate
        Tables that it holds.
    vocabulary : Vocabulary
        Known headings of prices of competitors.

    Returns
    -------
    list of ProposedTable
        For each competitor its name, products, their matches with ours and prices, to be confirmed.
    """
    own = _own_row(held)
    if own is None or sample.rows.duplicated([own.product, own.day]).mean() > REPEATS:
        return []
    headings = [name for name, profile in profiles.items()
                if _is_of_one_competitor(name, vocabulary) and _is_price(profile)
                and _is_near(sample.rows[name], own, sample)]  # fmt: skip
    if len(headings) < FEWEST:
        return []
    return [table for heading in headings for table in _tables(heading, own, sample)]


def _own_row(held: Sequence[Candidate]) -> OwnRow | None:
    found = {name: match for candidate in held for name, match in candidate.matches.items()}
    days = [found[name].heading for name in DAYS if name in found]
    if "product_id" not in found or not days:
        return None
    product = found["product_id"].heading
    products = next((c.matches for c in held if c.shape.table == "products"), {})
    prices = [found[name].heading for name in OWN_PRICES if name in found]
    name = products["name"].heading if "name" in products else product
    family = products["family"].heading if "family" in products else None
    return OwnRow(product, days[0], next(iter(prices), None), name, family)


def _is_of_one_competitor(heading: str, vocabulary: Vocabulary) -> bool:
    """Say whether a heading is a word for a competitor with a number or a letter."""
    words = set(words_of(heading)) - PRICE_WORDS
    known = words & set(vocabulary.side_by_side)
    rest = words - known
    return len(known) == 1 and len(rest) == 1 and all(w.isdigit() or len(w) == 1 for w in rest)


def _is_price(profile: Profile) -> bool:
    return bool(profile.filled) and profile.share_of("money") >= MOST


def _is_near(cells: "pd.Series[str]", own: OwnRow, sample: Sample) -> bool:
    """Say whether most prices are of the size of our own, where that is known."""
    if own.price is None:
        return True
    times = _numbers(cells) / _numbers(sample.rows[own.price])
    return bool(times.dropna().between(1 / TIMES, TIMES).mean() >= HALF)


def _numbers(cells: "pd.Series[str]") -> "pd.Series[float]":
    return pd.to_numeric(cells.str.replace(",", "."), errors="coerce")


def _tables(heading: str, own: OwnRow, sample: Sample) -> list[ProposedTable]:
    """Write the four tables of one competitor; what follows from its column is not asked again."""
    literal = "'" + heading.replace("'", "''") + "'"
    who = _assumed("competitor_id", literal, f"is {heading} one competitor in all rows?")
    name = _assumed("name", literal, "no heading names the competitor")
    item = _read("competitor_product_id", own.product, "as ours")
    called = _read("name", own.name, "as ours")
    family = [_read("family", own.family, "as ours")] if own.family else []
    ours = _read("product_id", own.product, "the price stands in its row")
    kind = _assumed("kind", "'equivalent'", "its price stands beside ours: taken for equivalent")
    certain = _assumed("probability", "1", "its price stands beside ours: taken for certain")
    day = _read("observed_on", own.day, "the day of our own price")
    price = ProposedColumn(
        "price",
        heading,
        (heading,),
        is_sure=False,
        is_required=True,
        evidence=_said_of_price(heading, own, sample),
    )
    columns = {
        "competitors": (who, name),
        "competitor_products": (who, item, called, *family),
        "product_matches": (ours, who, item, kind, certain),
        "competitor_prices": (who, item, day, price),
    }
    return [ProposedTable(table, cells, table != "competitor_prices", None, ())
            for table, cells in columns.items()]  # fmt: skip


def _said_of_price(heading: str, own: OwnRow, sample: Sample) -> str:
    said = "one of several prices side by side"
    if own.price is None:
        return said
    equal = (sample.rows[heading] == sample.rows[own.price]).mean()
    filled_in = f"; {equal:.0%} of them equal ours to the cent: filled in?"
    return said + (filled_in if equal >= FILLED_IN else "")


def _read(name: str, heading: str, evidence: str) -> ProposedColumn:
    return ProposedColumn(
        name, heading, (heading,), is_sure=True, is_required=True, evidence=evidence
    )


def _assumed(name: str, source: str, evidence: str) -> ProposedColumn:
    return ProposedColumn(name, source, (), is_sure=False, is_required=True, evidence=evidence)
