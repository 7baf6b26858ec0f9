"""Places on a slide, in inches."""

from dataclasses import dataclass

from pptx.util import Inches, Length


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide.

    Parameters
    ----------
    left, top, width, height : float, in inches
        From the slide's upper left corner.
    """

    left: float
    top: float
    width: float
    height: float

    @property
    def lengths(self) -> tuple[Length, Length, Length, Length]:
        """The rectangle as python-pptx takes it."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)

    def split_across(self, share: float, *, gap: float = 0.0) -> tuple["Box", "Box"]:
        """Split into a left and a right part.

        Parameters
        ----------
        share : float
            Of the width that the left part gets.
        gap : float, in inches
            Left free between them.

        Returns
        -------
        tuple of (Box, Box)
            Left and right.
        """
        left = (self.width - gap) * share
        rest = self.width - gap - left
        return (
            Box(self.left, self.top, left, self.height),
            Box(self.left + left + gap, self.top, rest, self.height),
        )

    def split_down(self, share: float) -> tuple["Box", "Box"]:
        """Split into an upper and a lower part.

        Parameters
        ----------
        share : float
            Of the height that the upper part gets.

        Returns
        -------
        tuple of (Box, Box)
            Upper and lower.
        """
        upper = self.height * share
        return (
            Box(self.left, self.top, self.width, upper),
            Box(self.left, self.top + upper, self.width, self.height - upper),
        )
