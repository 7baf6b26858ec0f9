"""What the linter finds, and by which rule."""

from dataclasses import dataclass

RULES = {
    "title-sentence": "a chart's title is a sentence with a verb, built from a figure",
    "title-length": "a title fits into two lines",
    "title-figure": "every figure in a title stands in its chart",
    "claim-missing": "a word for a direction rests on an interval",
    "claim-unsupported": "a word for a direction is allowed by its interval",
    "axis-zero": "bars begin at zero, and no axis of bars is cut",
    "scale-equal": "charts of one kind and unit in one section have one scale",
    "drawn-numbers": "what is drawn stands in the chart's own table",
    "sign-with-colour": "good and bad are told by a sign as well as by a colour",
    "contrast": "text stands out from its ground by at least 4.5 to 1",
    "footer": "as-of day, scope, snapshot, run and coverage stand on every page and slide",
    "notes": "each slide with figures has notes that say where they come from",
}


@dataclass(frozen=True)
class Finding:
    """One thing that breaks a rule.

    Parameters
    ----------
    rule : str
        Its id, of ``RULES``.
    where : str
        The chart's title, the sentence, or the slide.
    what : str
        What is wrong, with a value.
    """

    rule: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.what} [{self.where}]"
