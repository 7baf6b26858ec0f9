"""What is asked of a model: its kind, directions and pairs; and which kind the rows can bear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from clientlib.errors import InputError, nearest

AUTOMATIC = "auto"
KINDS = ("rules", "scorecard", "ebm", "blend", "boosted", "accuracy")
GLASS_BOX_ROWS = 50_000
FEWEST_EVENTS = 20


class Choices(TypedDict, total=False):
    """What a model may be told.

    Parameters
    ----------
    kind : str
        "rules", "scorecard", "ebm", "blend" (the two before), "boosted", "accuracy", or "auto":
        by the rows.
    monotone : mapping of str to int
        +1 where the risk may only rise with a feature, -1 where it may only fall.
    pairs : int
        Most pairs of features that the glass box may name.
    seed : int
        Of folds, bags and simulations.
    haste : bool
        Lets a glass box learn in wider steps, from fewer bags and coarser pairs, and calibrates
        it on three folds: many times as fast, for models that are fitted again and again. With
        "auto" it is blended with a scorecard, which learns more from few rows.
    """

    kind: str
    monotone: Mapping[str, int]
    pairs: int
    seed: int
    haste: bool


@dataclass(frozen=True)
class Recipe:
    """A checked request for a model; see `Choices`."""

    kind: str = AUTOMATIC
    monotone: Mapping[str, int] = field(default_factory=dict)
    pairs: int = 10
    seed: int = 0
    haste: bool = False

    def __post_init__(self) -> None:
        _check_kind(self.kind)
        wrong = {name: way for name, way in self.monotone.items() if way not in (-1, 0, 1)}
        if wrong:
            raise InputError(
                "a direction must be +1 (the risk rises with the feature) or -1 (it falls)",
                rows=f"{len(wrong)} of {len(self.monotone)} directions",
                example=repr(next(iter(wrong.items()))),
            )
        if self.pairs < 0:
            raise InputError("the number of pairs cannot be negative", example=str(self.pairs))

    def direction(self, name: str) -> int:
        """Tell whether the risk may only rise (+1) or fall (-1) with a feature; 0 is both.

        Parameters
        ----------
        name : str
            The feature.

        Returns
        -------
        int
            -1, 0 or 1.
        """
        return self.monotone.get(name, 0)


def choose_kind(recipe: Recipe, rows: int, events: int, other: int) -> tuple[str, str]:
    """Choose the kind of model that so many rows and events can bear.

    Parameters
    ----------
    recipe : Recipe
        A kind that it names is kept.
    rows, events, other : int
        Rows, those where it happened and those where it did not.

    Returns
    -------
    (str, str)
        The kind, and why, in a sentence of plain English.
    """
    if recipe.kind != AUTOMATIC:
        return recipe.kind, "The kind of model was asked for."
    rarer = min(events, other)
    if rarer < FEWEST_EVENTS:
        return "rules", (
            f"Of {rows:,} rows {events:,} are events; a model needs {FEWEST_EVENTS} events and as "
            "many others, so plain rules are used."
        )
    if rows < GLASS_BOX_ROWS and recipe.haste:
        return "blend", (
            f"{rows:,} rows are below {GLASS_BOX_ROWS:,}, and haste was asked for: a quick glass "
            "box is weighed with a scorecard."
        )
    if rows < GLASS_BOX_ROWS:
        return "ebm", f"{rows:,} rows are below {GLASS_BOX_ROWS:,}: the glass box is used."
    return "boosted", f"{rows:,} rows are {GLASS_BOX_ROWS:,} or more: boosted trees are used."


def _check_kind(kind: str) -> None:
    known = (AUTOMATIC, *KINDS)
    if kind not in known:
        near = nearest(kind, known)
        raise InputError(
            f"there is no kind of model named {kind!r}",
            rows=f"the kinds are {', '.join(known)}",
            hint=f"is it {near!r}?" if near else None,
        )
