"""What the page of validation says: the answer, what each test found, and titles of its charts."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import Sentence, tell, translate
from clientlib.reliability.validation.drift import ALARM, ALARM_LEVEL, WATCH
from clientlib.reliability.validation.examining import (
    FALLEN,
    IDLE,
    RANKING_ONLY,
    RANKS,
    RELIABLE,
    RIGHT,
    SURE,
    TOO_HIGH,
    TOO_LITTLE,
    TOO_LOW,
    UNRELIABLE,
    Examined,
)
from clientlib.reliability.validation.measured import LEVEL, OK
from clientlib.reliability.validation.page import Validation
from clientlib.reliability.validation.rivals import CHALLENGER, SURE_ENOUGH
from clientlib.reliability.validation.subjects import EVENTS, MODEL
from clientlib.reliability.validation.tables import (
    list_classes,
    list_features,
    list_months,
    list_slices,
    list_stabilities,
)

MOST_CURVES = 6


@dataclass(frozen=True)
class Curve:
    """A reliability curve with its title.

    Parameters
    ----------
    rows : DataFrame
        From `draw_reliability`.
    title : Sentence
        What became of the group with the highest probabilities.
    """

    rows: pd.DataFrame
    title: Sentence


def say_headline(validation: Validation) -> Sentence:
    """Answer the question of the page.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    Sentence
        How many models can be relied on, and until when.
    """
    counts = {
        "reliable": validation.count(RELIABLE),
        "ranking": validation.count(RANKING_ONLY),
        "unreliable": validation.count(UNRELIABLE),
        "unknown": validation.count(TOO_LITTLE),
        "all": len(validation.examined),
    }
    day = validation.next_check_on
    if day is None:
        return tell("Not enough data: none of {all:count} models could be fitted.", **counts)
    return tell(
        "Of {all:count} models {reliable:count} can be relied on and {ranking:count} for ranking "
        "alone; {unreliable:count} cannot, and of {unknown:count} too little is known. The first "
        "expires on {day:day}.",
        **counts,
        day=day,
    )


def say_ranking(validation: Validation) -> Sentence:
    """Say how many models rank, and how many do so as in development.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    Sentence
        With the chance of a false alarm.
    """
    judged = [each for each in validation.examined if each.has_data]
    if not judged:
        return tell("Not enough data to say whether the models rank.")
    return tell(
        "Of {judged:count} models with enough events {ranks:count} rank better than chance. "
        "{fallen:count} of {compared:count} rank worse in the last window than in those before "
        "it; of models as good as ever {sure:share} are accused of it by chance.",
        judged=len(judged),
        ranks=sum(each.ranking == RANKS for each in judged),
        fallen=sum(each.development == FALLEN for each in judged),
        compared=sum(each.against.status == OK for each in judged),
        sure=SURE,
    )


def say_level(validation: Validation) -> Sentence:
    """Say of how many models the probabilities are right.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    Sentence
        And how many errors lie inside the band of a perfect model.
    """
    judged = [each for each in validation.examined if each.has_data]
    if not judged:
        return tell("Not enough data to say whether the probabilities are right.")
    return tell(
        "In the probabilities of {right:count} of {judged:count} models no error was found. The "
        "squared error of {inside:count} lies inside the band that a perfect model would show.",
        right=sum(each.level == RIGHT for each in judged),
        judged=len(judged),
        inside=sum(each.brier.is_inside for each in judged),
    )


def list_curves(validation: Validation) -> list[Curve]:
    """Give the reliability curves, at most six: those that rest on the most events.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    list of Curve
        In the order of the page; none without data.
    """
    judged = [each for each in validation.examined if len(each.curve)]
    most = sorted(judged, key=lambda each: -each.auc.events_count)[:MOST_CURVES]
    return [Curve(each.curve, _title_curve(each)) for each in judged if each in most]


def say_classes(validation: Validation) -> Sentence:
    """Say how many classes raise an alarm, and how many would by chance.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    Sentence
        Chance: of each model 5 % on either side.
    """
    rows = list_classes(validation)
    tested = rows[rows["alarm"] != TOO_LITTLE]
    if tested.empty:
        return tell("Not enough data to test any class.")
    return tell(
        "Of {tested:count} classes with enough rows {low:count} were given too low a probability "
        "and {high:count} too high a one. If all were right, about {chance:number1} would be "
        "accused by chance.",
        tested=len(tested),
        low=int((tested["alarm"] == TOO_LOW).sum()),
        high=int((tested["alarm"] == TOO_HIGH).sum()),
        chance=2 * SURE * tested["event"].nunique(),
    )


def say_stability(validation: Validation) -> Sentence:
    """Say how many models score clients of today otherwise than those they learnt from.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    Sentence
        And how many signs have moved, with and without weight.
    """
    scores, signs = list_stabilities(validation), list_features(validation)
    if scores.empty:
        return tell("Not enough data to measure any drift.")
    return tell(
        "The scores of {alarms:count} of {models:count} models raise the alarm of drift (PSI "
        "{level:number2} or more, and more than chance gives), those of {watch:count} are to be "
        "watched. Of {signs:count} signs {moved:count} {moved:has|have} moved as far and "
        "{moved:moves|move} scores, {idle:count} without moving them.",
        alarms=int((scores["level"] == ALARM).sum()),
        watch=int((scores["level"] == WATCH).sum()),
        models=len(scores),
        level=ALARM_LEVEL,
        signs=len(signs),
        moved=int((signs["finding"] == ALARM).sum()),
        idle=int((signs["finding"] == IDLE).sum()),
    )


def title_drift(validation: Validation) -> Sentence:
    """Say how far scores have come since training, for the title of the chart.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    Sentence
        With the largest PSI of any month.
    """
    rows = list_months(validation)
    known = rows[rows["psi"].notna()] if len(rows) else rows
    if known.empty:
        return tell("Scores since training cannot be followed yet")
    furthest = known.loc[known["psi"].astype(float).idxmax()]
    return tell(
        "The farthest that scores of a month lie from those of training is a PSI of "
        "{psi:number2}: {event}",
        psi=float(furthest["psi"]),
        event=str(furthest["name"]),
    )


def say_contests(validation: Validation) -> list[Sentence]:
    """Say whom the contests leave in charge, and where that is not who scores today.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    list of Sentence
        On the plain rule, on models that score without having won, and on earlier models.
    """
    held = [each for each in validation.examined if each.contest.status == OK]
    won = [each for each in held if each.contest.decision == CHALLENGER]
    apart = [each for each in held if each not in won and each.subject.method == MODEL]
    first = tell("Not enough data to hold any model against the plain rule.")
    if held:
        first = tell(
            "{won:count} of {held:count} models are surely better than the plain rule: in "
            "{sure:share} of the samples of clients, by squared error.",
            won=len(won),
            held=len(held),
            sure=SURE_ENOUGH,
        )
    return [first, *map(_say_apart, apart), _say_succession(validation)]


def say_slices(validation: Validation) -> Sentence:
    """Say in how many regions and sizes the level is off, and in how many it would be by chance.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    Sentence
        Chance: one in ten, since intervals are of 90 %.
    """
    rows = list_slices(validation)
    tested = rows[rows["finding"] != TOO_LITTLE]
    if tested.empty:
        return tell("Not enough data to judge any region or size.")
    return tell(
        "In {off:count} of {tested:count} regions and sizes with enough events the probabilities "
        "are off; about {chance:number1} would be by chance. Nothing is said of {unknown:count} "
        "others, which have too few events.",
        off=int(tested["is_off"].sum()),
        tested=len(tested),
        chance=(1 - LEVEL) * len(tested),
        unknown=len(rows) - len(tested),
    )


def _title_curve(examined: Examined) -> Sentence:
    highest = examined.curve.iloc[-1]
    return tell(
        "{event}: in the group with the highest probabilities {observed:share} came true, and "
        "{predicted:share} were foretold",
        event=translate(EVENTS[examined.event]),
        observed=float(highest["observed_share"]),
        predicted=float(highest["predicted_share"]),
    )


def _say_apart(examined: Examined) -> Sentence:
    better = examined.contest.measures.set_index("measure")["better_share"]["brier"]
    return tell(
        "{event}: the model scores clients, though it is better in only {better:share} of these "
        "samples; training asks for less.",
        event=translate(EVENTS[examined.event]),
        better=float(better),
    )


def _say_succession(validation: Validation) -> Sentence:
    followed = [each for each in validation.examined if each.succession is not None]
    if not followed:
        return tell("No earlier model has been issued, so none can be held against today's.")
    held = [each for each in followed if each.succession and each.succession.status == OK]
    won = [each for each in held if each.succession and each.succession.decision == CHALLENGER]
    return tell(
        "Of {followed:count} models that were issued earlier {held:count} have enough events "
        "since: {aged:count} of them rank worse than when they were made, and today's is surely "
        "better than {won:count}.",
        followed=len(followed),
        held=len(held),
        aged=sum(each.aged is not None and each.aged.has_fallen for each in held),
        won=len(won),
    )
