"""The rules of the segments, and what each segment asks for."""

from dataclasses import dataclass

from clientlib.language import tell

NEW, ACTIVE, SLOWING = "new", "active", "slowing"
AT_RISK, LOST, RETURNED = "at risk", "lost", "returned"
STATES = (NEW, ACTIVE, SLOWING, AT_RISK, LOST, RETURNED)
LARGE, MIDDLE, SMALL, NO_VALUE = "large", "middle", "small", "none"
TIERS = (LARGE, MIDDLE, SMALL, NO_VALUE)

KEY_ACCOUNTS, MANAGER, HEAD, DESK = (
    "key-account manager",
    "client manager",
    "head of sales",
    "sales desk",
)


@dataclass(frozen=True)
class SegmentRules:
    """Thresholds of the segments; each is an argument, none is learnt.

    Parameters
    ----------
    abc_cuts : (float, float), 0..1
        Cumulative revenue shares that close class A (tier large) and class B (tier middle).
    tier_margin : float, 0..1
        A client leaves a value tier only when its revenue is past the cut by this part.
    slowing_after, at_risk_after, lost_after : float, in typical gaps
        Silence, in multiples of the client's typical gap, that starts each state.
    lost_days : int, in days
        Nobody is lost before this silence, however short its gap.
    new_days : int, in days
        A client is new until this long after its first order.
    returned_months : int
        A client that was lost at one of so many month ends, and ordered since, has returned.
    min_order_days : int
        Days with orders below which a client has no rhythm of its own yet.
    shortest_gap_days : float, in days
        Shorter typical gaps count as this, so that a weekend is no silence.
    year_end_month : int, 1..12
        Amount cuts are fitted at the end of this month and stay for a year.
    """

    abc_cuts: tuple[float, float] = (0.80, 0.95)
    tier_margin: float = 0.25
    slowing_after: float = 2.0
    at_risk_after: float = 3.0
    lost_after: float = 4.0
    lost_days: int = 180
    new_days: int = 180
    returned_months: int = 6
    min_order_days: int = 3
    shortest_gap_days: float = 7.0
    year_end_month: int = 12

    def say(self) -> str:
        """State the life-state rule in words.

        Returns
        -------
        str
            One paragraph for the page.
        """
        return tell(
            "Silence is measured in the client's own typical gap between order days: slowing "
            "from {slowing:plain} gaps, at risk from {at_risk:plain}, lost from {lost:plain} gaps "
            "but not before {lost_days:count} days. New: first order within {new_days:count} "
            "days. Returned: lost within the last {returned:count} month ends and ordering again. "
            "With fewer than {least:count} order days the portfolio's median gap is used. A "
            "silent client keeps its value tier until its revenue of twelve months is gone.",
            slowing=self.slowing_after,
            at_risk=self.at_risk_after,
            lost=self.lost_after,
            lost_days=self.lost_days,
            new_days=self.new_days,
            returned=self.returned_months,
            least=self.min_order_days,
        )


# (name, action, owner) of each value tier and life state.
SEGMENTS = {
    (LARGE, NEW): ("Large newcomers", "Agree a yearly plan and named contacts", KEY_ACCOUNTS),
    (LARGE, ACTIVE): ("Core accounts", "Review terms and next year's volumes", KEY_ACCOUNTS),
    (LARGE, SLOWING): ("Core accounts slowing", "Call this week and ask why", KEY_ACCOUNTS),
    (LARGE, AT_RISK): ("Core accounts at risk", "Visit with an offer to keep them", HEAD),
    (LARGE, LOST): ("Lost large accounts", "Review the loss and plan to win back", HEAD),
    (LARGE, RETURNED): ("Large accounts won back", "Mend what drove them away", KEY_ACCOUNTS),
    (MIDDLE, NEW): ("Middle newcomers", "Show the whole range within a month", MANAGER),
    (MIDDLE, ACTIVE): ("Steady middle", "Offer what like clients buy", MANAGER),
    (MIDDLE, SLOWING): ("Middle slowing", "Call and ask about the next order", MANAGER),
    (MIDDLE, AT_RISK): ("Middle at risk", "Call with a dated offer", MANAGER),
    (MIDDLE, LOST): ("Lost middle", "Ask once why they left, record it", MANAGER),
    (MIDDLE, RETURNED): ("Middle won back", "Confirm terms, keep the rhythm", MANAGER),
    (SMALL, NEW): ("Small newcomers", "Send the welcome pack and price list", DESK),
    (SMALL, ACTIVE): ("Steady small", "Serve by desk, bundle orders", DESK),
    (SMALL, SLOWING): ("Small slowing", "Send a reminder", DESK),
    (SMALL, AT_RISK): ("Small at risk", "Send a last reminder with an offer", DESK),
    (SMALL, LOST): ("Lost small", "Leave until they ask", DESK),
    (SMALL, RETURNED): ("Small won back", "Send the current range", DESK),
    (NO_VALUE, LOST): ("Former clients", "Keep the record, offer on occasion", DESK),
}
OTHERWISE = ("Without revenue this year", "Check credits and open orders", MANAGER)
