"""What counts as losing a client: events in money and days, which a company may change."""

from dataclasses import dataclass

STOPS_BUYING, STOPS_PAYING, UNPROFITABLE = "stops buying", "stops paying", "unprofitable"


@dataclass(frozen=True)
class LossRules:
    """Definitions of the three events, in money and days, and the costs behind the last.

    Parameters
    ----------
    silence_days : int, in days
        No client has stopped buying before it was silent for so long.
    silence_gaps : float, in typical gaps
        Nor before its silence was so many times its typical gap, where it has one.
    min_order_days : int
        Days with orders below which a client has no typical gap; ``silence_days`` alone counts.
    overdue_days : int, in days
        An unpaid invoice is seriously overdue so long after it was due.
    overdue_share : float, 0..1
        A client has stopped paying when more than this share of its exposure is seriously
        overdue.
    least_overdue_amount : float, in money
        And when it is more than this.
    contribution_months : int, in months
        Months that a client must have been known before its contribution of 12 months counts.
    order_cost, contact_cost : float, in money
        What handling an order, and a contact of ours, costs.
    capital_cost_share : float, share a year
        What money that is owed to us costs.
    """

    silence_days: int = 180
    silence_gaps: float = 3.0
    min_order_days: int = 3
    overdue_days: int = 60
    overdue_share: float = 0.10
    least_overdue_amount: float = 0.0
    contribution_months: int = 12
    order_cost: float = 0.0
    contact_cost: float = 0.0
    capital_cost_share: float = 0.0
