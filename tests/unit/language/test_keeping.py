"""Sentences are kept in English and told again, also from the plain text of a table."""

import copy
import pickle
from datetime import date

import pandas as pd
import pytest

from clientlib.language import Kept, jot, retell, speaking, tell
from clientlib.reliability.reasons import TEMPLATES

N = "\u00a0"
VALUES = {
    "late": 91.0, "due": 1335, "share": 0.273, "all_share": 0.004, "late_6m": 3, "due_6m": 12,
    "overdue": 1, "open": 5, "days": -3.456, "settled": 320,
}  # fmt: skip
KEPT = (
    jot("Speak with {name}, silent for too long", name="UAB „Ąžuolas“, silent"),
    jot("{amount:short} {currency} {amount:is|are} overdue", amount=53_812.0, currency="EUR"),
    jot("{amount:short} {currency} {amount:is|are} overdue", amount=1, currency="EUR"),
    jot("{count:deal} worth {amount:short} {currency} {count:is|are} open", count=1,
        amount=3_140_000.0, currency="EUR"),
    jot("nothing new for {days:count} days", days=21),
)  # fmt: skip


def test_kept_sentence_is_english_and_is_told_again_in_the_language_spoken():
    with speaking("lt"):
        kept = jot("nothing new for {days:count} days", days=21)
        assert kept == "nothing new for 21 days"
        assert retell(kept) == f"nieko naujo jau 21{N}dieną"
        assert [told.value for told in retell(kept).told] == [21.0]
    assert retell(kept) == kept


def test_retelling_translates_words_of_ours_and_leaves_the_rest():
    with speaking("lt"):
        assert retell("Core accounts") == "Pagrindiniai klientai"
        assert retell("UAB „Ąžuolas“") == "UAB „Ąžuolas“"
        said = tell("{names} is cheaper than we are", names="Nordvik")
        assert retell(said) is said


def test_text_that_the_catalogue_knows_goes_before_sentences_that_it_could_be():
    with speaking("lt"):  # "{x} against {y}" is a sentence too
        found = retell("late payments of six months against all before")
    assert found == "šešių mėnesių vėlavimai, palyginti su ankstesniais"


def test_kept_sentences_live_through_copies_and_frames():
    kept = jot("{column} is blank", column="hour")
    for again in (pickle.loads(pickle.dumps(kept)), copy.deepcopy(kept)):
        assert (type(again), again, again.values) == (Kept, kept, {"column": "hour"})
    frame = pd.DataFrame({"issue": [kept, "x"]}).sort_values("issue").reset_index(drop=True)
    assert type(pd.concat([frame, frame])["issue"].iloc[0]) is Kept


@pytest.mark.parametrize("template", [each for pair in TEMPLATES.values() for each in pair])
def test_reasons_are_told_again_from_their_plain_text(template):
    kept = jot(template, **VALUES)
    with speaking("lt"):
        assert retell(str(kept)) == retell(kept) != kept
    assert retell(str(kept)) == kept


@pytest.mark.parametrize("kept", KEPT, ids=str)
def test_a_sentence_read_back_has_the_numbers_that_were_shown(kept):
    with speaking("lt"):
        read, known = retell(str(kept)), retell(kept)
        assert read == known != kept
        assert [told.shown for told in read.told] == [told.shown for told in known.told]


def test_what_cannot_be_read_back_surely_stays_as_it_is():
    blurred = jot("Largest: {name} {change}.", name="UAB A B", change="C")
    dated = jot("{name} is the largest client", name=date(2025, 3, 1))
    with speaking("lt"):
        assert retell(str(blurred)) == blurred
        assert retell("91 of 335 invoices were eaten") == "91 of 335 invoices were eaten"
        assert retell("raises the risk: 1.0 of 5 open invoices are overdue").startswith("raises")
        assert retell(str(dated)) == str(dated)
