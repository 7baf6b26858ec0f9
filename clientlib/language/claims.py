"""Claims: what a sentence says of a direction, and the interval that must allow it to be said."""

import re
from dataclasses import dataclass

RISING = ("rose", "grew", "increased", "higher", "above", "dearer", "ahead")
FALLING = ("fell", "shrank", "decreased", "declined", "dropped", "lower", "below", "cheaper",
           "behind")  # fmt: skip
EITHER_WAY = ("changed", "improved", "worsened", "better", "worse", "differs", "differ")
CHANGES = ("rose", "grew", "increased", "fell", "shrank", "decreased", "declined", "dropped",
           "changed", "improved", "worsened")  # fmt: skip
_WORDS = re.compile(rf"\b({'|'.join((*RISING, *FALLING, *EITHER_WAY))})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """That a figure lies to one side of what it is compared with.

    Parameters
    ----------
    value : float
        The figure: a change, a ratio, a difference.
    low, high : float
        Ends of its interval. Both equal to the value where nothing was estimated, as with money
        that was booked.
    against : float
        What it is compared with: 0 for a change, 1 for a ratio.
    """

    value: float
    low: float
    high: float
    against: float = 0.0

    @classmethod
    def of_fact(cls, value: float, against: float = 0.0) -> "Claim":
        """Make the claim of a figure that was counted, not estimated.

        Parameters
        ----------
        value, against : float
            The figure, and what it is compared with.

        Returns
        -------
        Claim
            Its interval is the figure itself.
        """
        return cls(value, value, value, against)

    def allows(self, word: str) -> bool:
        """Tell whether the interval allows a word to be said.

        Parameters
        ----------
        word : str
            One that ``find_directions`` finds.

        Returns
        -------
        bool
            Whether the whole interval lies on the side that the word names.
        """
        rises, falls = self.low > self.against, self.high < self.against
        if word in RISING:
            return rises
        return falls if word in FALLING else rises or falls


def find_directions(template: str) -> list[str]:
    """Find the words of an English sentence that claim a direction.

    Parameters
    ----------
    template : str
        As given to ``tell``: what stands in braces is a value and claims nothing.

    Returns
    -------
    list of str
        In small letters, in the order of the sentence.
    """
    words = re.sub(r"\{[^}]*\}", " ", template)
    return [found.lower() for found in _WORDS.findall(words)]
