"""What the sample company sells: products, list prices that rise each January, unit costs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.sample.names import invent_stems
from clientlib.sample.plan import NEVER, Counts, Floats, Plan
from clientlib.sample.workdays import Days
from clientlib.sample.world import INDUSTRIES

PRODUCTS_COUNT = 250


@dataclass(frozen=True)
class Family:
    """One product family.

    Parameters
    ----------
    weight : float
        Relative number of products and of demand.
    price : float
        Median list price in the first year, EUR per unit, without VAT.
    cost_share : float
        Mean unit cost as a share of the list price.
    unit : str
        What quantities are counted in.
    """

    weight: float
    price: float
    cost_share: float
    unit: str


FAMILIES = {
    "Fasteners": Family(1.5, 0.35, 0.63, "pcs"),
    "Hand tools": Family(1.0, 19.0, 0.69, "pcs"),
    "Power tools": Family(0.7, 145.0, 0.77, "pcs"),
    "Cables": Family(1.1, 1.4, 0.75, "m"),
    "Lighting": Family(0.9, 24.0, 0.66, "pcs"),
    "Work wear": Family(0.9, 32.0, 0.65, "pcs"),
    "Adhesives": Family(0.8, 7.5, 0.64, "pcs"),
    "Abrasives": Family(0.7, 2.2, 0.62, "pcs"),
    "Cleaning": Family(0.8, 6.0, 0.68, "l"),
    "Packaging": Family(0.9, 1.1, 0.71, "pcs"),
    "Pipes and fittings": Family(1.0, 8.5, 0.7, "m"),
}
FAMILY_NAMES = tuple(FAMILIES)
JANUARY_RISE_MEAN = 0.042
NEW_SHARE, ENDED_SHARE = 0.08, 0.04


@dataclass(frozen=True)
class Assortment:
    """Products with their prices and costs over time.

    Parameters
    ----------
    products : DataFrame
        The contract's columns of ``products`` and the hidden ``family_no``, ``popularity``,
        ``pack`` and ``stand_in`` (the product sold where this one is not on offer).
    list_prices : array of float, shape (n_products, n_years)
        EUR per unit without VAT, from 1 January of each year.
    unit_costs : array of float, shape (n_products, n_quarters)
        EUR per unit.
    tastes : array of float, shape (n_industries, n_families)
        Share of the families in what a line of business buys.
    first_year : int
        Year of the first column of ``list_prices``.
    """

    products: pd.DataFrame
    list_prices: Floats
    unit_costs: Floats
    tastes: Floats
    first_year: int

    def prices_on(self, products: Counts, days: Days) -> Floats:
        """Look up list prices, EUR per unit, for product numbers and days of one shape."""
        years = days.astype("datetime64[Y]").astype(int) + 1970 - self.first_year
        return np.asarray(self.list_prices[products, years])

    def costs_on(self, products: Counts, days: Days) -> Floats:
        """Look up unit costs, EUR per unit, for product numbers and days of one shape."""
        months = days.astype("datetime64[M]").astype(int) - 12 * (self.first_year - 1970)
        return np.asarray(self.unit_costs[products, months // 3])

    def on_offer(self, products: Counts, days: Days) -> Counts:
        """Replace products that are not on offer on their day by their stand-ins."""
        launched = self.products["launched_on"].to_numpy(dtype="datetime64[D]")[products]
        ended = self.products["ended_on"].to_numpy(dtype="datetime64[D]")[products]
        is_gone = (days < launched) | (days > ended)
        return np.where(is_gone, self.products["stand_in"].to_numpy()[products], products)


def draw_assortment(plan: Plan) -> Assortment:
    """Draw the range, its prices and costs.

    Parameters
    ----------
    plan : Plan
        Options of the run.

    Returns
    -------
    Assortment
        Products and their prices over the years of the plan.
    """
    draws = plan.draws("products")
    products = _draw_products(plan, draws)
    prices = _draw_prices(products, len(plan.years), draws)
    products["list_price"] = prices[:, -1]
    costs = _draw_costs(products, prices, draws)
    tastes = draws.dirichlet([f.weight * 0.9 for f in FAMILIES.values()], size=len(INDUSTRIES))
    return Assortment(products, prices, costs, tastes, plan.years[0])


def _draw_products(plan: Plan, draws: np.random.Generator) -> pd.DataFrame:
    weight = np.array([f.weight for f in FAMILIES.values()])
    share = np.cumsum(weight) / weight.sum()
    family_no = np.searchsorted(share, (np.arange(PRODUCTS_COUNT) + 0.5) / PRODUCTS_COUNT)
    products = pd.DataFrame({"family_no": family_no})
    products["product_id"] = [f"P{1000 + n}" for n in range(PRODUCTS_COUNT)]
    products["family"] = np.array(FAMILY_NAMES)[family_no]
    products["unit"] = products["family"].map({name: f.unit for name, f in FAMILIES.items()})
    brands = draws.choice(invent_stems(18, draws), size=PRODUCTS_COUNT)
    models = draws.integers(10, 99, size=PRODUCTS_COUNT)
    products["name"] = [
        f"{family} {brand} {model}-{n % 10}{chr(65 + n % 23)}"
        for n, (family, brand, model) in enumerate(
            zip(products["family"], brands, models, strict=True)
        )
    ]
    products["popularity"] = np.exp(draws.normal(0, 1.0, size=PRODUCTS_COUNT))
    _draw_life(products, plan, draws)
    return products


def _draw_life(products: pd.DataFrame, plan: Plan, draws: np.random.Generator) -> None:
    before = plan.first_day - draws.integers(30, 3000, size=PRODUCTS_COUNT).astype("timedelta64[D]")
    span = int((plan.last_day - plan.first_day).astype(int))
    within = plan.first_day + draws.integers(20, span - 60, size=PRODUCTS_COUNT).astype(
        "timedelta64[D]"
    )
    lot = draws.random(PRODUCTS_COUNT)
    best = products.groupby("family_no")["popularity"].idxmax()
    products["stand_in"] = products["family_no"].map(best).to_numpy()
    is_safe = (products["stand_in"] == products.index).to_numpy()
    is_new, is_ended = ~is_safe & (lot < NEW_SHARE), ~is_safe & (lot > 1 - ENDED_SHARE)
    products["launched_on"] = plan.not_after(np.where(is_new, within, before))
    products["ended_on"] = np.where(is_ended, within, NEVER)


def _draw_prices(products: pd.DataFrame, years: int, draws: np.random.Generator) -> Floats:
    median = products["family"].map({name: f.price for name, f in FAMILIES.items()}).to_numpy()
    first = median * np.exp(draws.normal(0, 0.65, size=PRODUCTS_COUNT))
    family_rise = draws.normal(JANUARY_RISE_MEAN, 0.014, size=(len(FAMILIES), years))
    rises = family_rise[products["family_no"].to_numpy()] + draws.normal(
        0, 0.008, (PRODUCTS_COUNT, years)
    )
    rises[:, 0] = 0.0
    prices = first[:, None] * np.exp(np.cumsum(np.maximum(rises, 0.0), axis=1))
    products["pack"] = np.select([first < 0.7, first < 3, first < 12], [100, 25, 5], default=1)
    return np.asarray(np.where(first[:, None] < 3, prices.round(3), prices.round(2)))


def _draw_costs(products: pd.DataFrame, prices: Floats, draws: np.random.Generator) -> Floats:
    quarters = 4 * prices.shape[1]
    mean = products["family"].map({name: f.cost_share for name, f in FAMILIES.items()}).to_numpy()
    share = mean + draws.normal(0, 0.03, size=PRODUCTS_COUNT)
    steps = draws.normal(JANUARY_RISE_MEAN / 4, 0.012, size=(PRODUCTS_COUNT, quarters))
    path = np.exp(np.cumsum(steps, axis=1) - steps[:, :1])
    return np.asarray((prices[:, :1] * share[:, None] * path).round(4))
