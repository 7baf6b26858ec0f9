"""How a competitor's price level is estimated: families pooled, then weighed as we sell them.

Everything is in log ratios, ln(competitor's price / our price), one per product. A family's
mean is drawn towards the competitor's mean, the more so the fewer matches it has and the
more alike the competitor's families are (normal-normal empirical Bayes).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_TINY = 1e-12


@dataclass(frozen=True)
class MatchedProducts:
    """The matched products of one competitor, as arrays.

    Parameters
    ----------
    log_ratio : array, shape (n_products,)
        ln(competitor's price / our price).
    weight : array, shape (n_products,)
        What each product counts for inside its family; not negative.
    family : array of int, shape (n_products,)
        Place of the product's family in ``family_share``.
    family_share : array, shape (n_families,)
        Our revenue by family, as shares that add up to 1.
    """

    log_ratio: Floats
    weight: Floats
    family: npt.NDArray[np.int64]
    family_share: Floats


@dataclass(frozen=True)
class PooledLevels:
    """Estimates for one competitor, or for each bootstrap sample of its products.

    Parameters
    ----------
    family_level : array, shape (..., n_families)
        Pooled mean log ratio of each family.
    level : array, shape (...)
        The families' levels weighed by our revenue.
    family_spread, product_spread : array, shape (...)
        Standard deviations between families and between products of a family.
    hidden_spread : array, shape (..., n_families)
        Standard deviation of the family's true level that resampling does not show.
    """

    family_level: Floats
    level: Floats
    family_spread: Floats
    product_spread: Floats
    hidden_spread: Floats


def pool_levels(matched: MatchedProducts, times: Floats | None = None) -> PooledLevels:
    """Estimate family levels, partially pooled, and the level of our whole basket.

    Parameters
    ----------
    matched : MatchedProducts
        One competitor's products.
    times : array, shape (n_samples, n_products), optional
        How often each product was drawn in each bootstrap sample; once each if left out.

    Returns
    -------
    PooledLevels
        With a leading axis of samples where ``times`` is given.

    References
    ----------
    Variance components by the method of moments: DerSimonian and Laird, Controlled Clinical
    Trials 7, 1986. Shrinkage: Efron and Morris, Journal of the American Statistical
    Association 70, 1975.
    """
    drawn = np.ones((1, len(matched.weight))) if times is None else times
    mean, size, variance = _family_means(matched, drawn)
    spread = np.maximum(variance, _TINY)[:, None]
    precision = np.where(size > 0, size / spread, 0.0)
    between = _variance_between(mean, precision)[:, None]
    kept = between * precision / (1 + between * precision)
    pull = precision / (1 + between * precision)
    centre = (pull * mean).sum(axis=1) / np.maximum(pull.sum(axis=1), _TINY)
    few = np.where(size > 0, kept**2 * spread / np.maximum(size, 1.0) ** 2, 0.0)
    family_level = centre[:, None] + kept * (mean - centre[:, None])
    found = PooledLevels(
        family_level=family_level,
        level=family_level @ matched.family_share,
        family_spread=np.sqrt(between[:, 0]),
        product_spread=np.sqrt(variance),
        hidden_spread=np.sqrt((1 - kept) ** 2 * between + few),
    )
    return found if times is not None else _first(found)


def bootstrap_levels(matched: MatchedProducts, *, repeats: int, seed: int) -> tuple[Floats, Floats]:
    """Draw products anew, and add what pooling hides, to see how unsure the levels are.

    A resampled family mean moves only as far as shrinkage lets it, while the true level of a
    family may lie off the competitor's mean by the spread between families; and the mean of
    n resampled products varies by (n - 1) / n too little. Both parts are put back as a random
    draw with variance (1 - kept)^2 tau^2 + kept^2 sigma^2 / n^2.

    Parameters
    ----------
    matched : MatchedProducts
        One competitor's products; the product is the unit that is drawn.
    repeats : int
        Bootstrap samples.
    seed : int
        Of the random numbers.

    Returns
    -------
    (array, shape (repeats,); array, shape (repeats, n_families))
        Levels of the basket, and of the families.

    References
    ----------
    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 6; empirical Bayes
    intervals: Morris, Journal of the American Statistical Association 78, 1983.
    """
    random = np.random.default_rng(seed)
    count = len(matched.weight)
    times = random.multinomial(count, np.full(count, 1 / count), size=repeats).astype(np.float64)
    found = pool_levels(matched, times)
    hidden = found.hidden_spread
    families = found.family_level + hidden * random.standard_normal(hidden.shape)
    return families @ matched.family_share, families


def _family_means(matched: MatchedProducts, times: Floats) -> tuple[Floats, Floats, Floats]:
    """Weighted mean and effective number of products by family, and the variance inside."""
    member = (matched.family[:, None] == np.arange(len(matched.family_share))).astype(np.float64)
    total = (times * matched.weight) @ member
    safe = np.where(total > 0, total, 1.0)
    mean = (times * (matched.weight * matched.log_ratio)) @ member / safe
    squares = (times * (matched.weight * matched.log_ratio**2)) @ member / safe - mean**2
    size = total**2 / np.maximum((times * matched.weight**2) @ member, _TINY * safe**2)
    freedom = np.where(total > 0, size - 1, 0.0).sum(axis=1)
    inside = (size * np.maximum(squares, 0.0)).sum(axis=1) / np.maximum(freedom, _TINY)
    return mean, size, np.where(freedom > 0.5, inside, _overall_variance(matched, times))


def _overall_variance(matched: MatchedProducts, times: Floats) -> Floats:
    """Stand in for the variance inside families where each has but one product."""
    total = times.sum(axis=1)
    mean = times @ matched.log_ratio / total
    variance: Floats = times @ matched.log_ratio**2 / total - mean**2
    return np.maximum(variance, 0.0)


def _variance_between(mean: Floats, precision: Floats) -> Floats:
    """Estimate what the family means differ beyond their sampling error (method of moments)."""
    total = precision.sum(axis=1)
    centre = (precision * mean).sum(axis=1) / np.maximum(total, _TINY)
    distance = (precision * (mean - centre[:, None]) ** 2).sum(axis=1)
    freedom = np.maximum((precision > 0).sum(axis=1) - 1, 0)
    scale = total - (precision**2).sum(axis=1) / np.maximum(total, _TINY)
    variance = np.maximum(distance - freedom, 0.0) / np.maximum(scale, _TINY)
    return np.where(scale > _TINY, variance, 0.0)


def _first(found: PooledLevels) -> PooledLevels:
    return PooledLevels(**{name: value[0] for name, value in vars(found).items()})
