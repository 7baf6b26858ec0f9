"""What a company decides about credit: how much loss it bears, for whom, for how long."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clientlib.errors import InputError
from clientlib.reliability.learning.points import Scale

CLASSES = ("A", "B", "C", "D", "E")


@dataclass(frozen=True)
class CreditPolicy:
    """The settings behind classes, limits and terms; a company sets its own.

    Parameters
    ----------
    class_bounds : tuple of float, rising, 0..1
        Probability of default within the horizon from which a client is B, C, D, E.
    loss_share : float, 0..1
        Part of a defaulted exposure that is lost, before any history of one's own.
    loss_budget_share : float, 0..1
        Part of the margin that a client brings within the horizon which expected loss may take.
    equity_share : float, 0..1
        Most that a client may owe, as a part of its equity.
    months_valid : mapping of str to int
        By class, months until a limit expires.
    payment_days : mapping of str to int
        By class, most days to pay; 0 means payment before delivery.
    deposit_shares : mapping of str to float
        By class, part of an order that is paid in advance.
    scale : Scale
        How probabilities become points.

    References
    ----------
    The loss share of 0.45 is that of senior claims without security in the foundation approach
    of Basel II (Basel Committee, 2006, paragraph 287).
    """

    class_bounds: tuple[float, float, float, float] = (0.005, 0.02, 0.05, 0.15)
    loss_share: float = 0.45
    loss_budget_share: float = 0.20
    equity_share: float = 0.10
    months_valid: Mapping[str, int] = field(
        default_factory=lambda: {"A": 12, "B": 12, "C": 6, "D": 3, "E": 1}
    )
    payment_days: Mapping[str, int] = field(
        default_factory=lambda: {"A": 60, "B": 45, "C": 30, "D": 14, "E": 0}
    )
    deposit_shares: Mapping[str, float] = field(
        default_factory=lambda: {"A": 0.0, "B": 0.0, "C": 0.0, "D": 0.3, "E": 1.0}
    )
    scale: Scale = field(default_factory=Scale)

    def __post_init__(self) -> None:
        shares = (*self.class_bounds, self.loss_share, self.loss_budget_share, self.equity_share)
        wrong = [share for share in shares if not 0 <= share <= 1]
        if wrong or list(self.class_bounds) != sorted(set(self.class_bounds)):
            raise InputError(
                "a credit policy needs shares from 0 to 1 and class bounds that rise",
                example=str(wrong[0] if wrong else self.class_bounds),
                hint="class_bounds are the probabilities from which a client is B, C, D and E",
            )
        tables = (self.months_valid, self.payment_days, self.deposit_shares)
        missing = [name for table in tables for name in CLASSES if name not in table]
        if missing:
            raise InputError(
                "a credit policy must say validity, days to pay and deposit for every class",
                example=f"class {missing[0]} is missing",
            )
