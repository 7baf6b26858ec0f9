"""Sentences and notes reach the reader letter by letter."""

import json

from clientlib import figures
from clientlib.language import Claim, tell


def test_one_sentence_is_a_paragraph_and_several_are_a_list():
    one = figures.say("All is well.")._repr_mimebundle_()
    assert (one["text/markdown"], one["text/plain"]) == ("All is well.", "All is well.")
    several = figures.say(["One.", "Two."], "Three.")._repr_mimebundle_()
    assert several["text/plain"] == "- One.\n- Two.\n- Three."


def test_sentences_keep_their_figures_and_claims_through_a_notebook():
    rose = tell("Revenue rose {change:share}.", change=0.042).resting_on(Claim.of_fact(0.042))
    bundle = json.loads(json.dumps(figures.say(rose, "All is well.").as_json()))
    read = figures.sentences_from_json(bundle)
    assert read.texts == ("Revenue rose 4%.", "All is well.")
    assert [each.value for each in read.messages[0].told] == [0.042]
    assert read.messages[0].claims == (Claim(0.042, 0.042, 0.042),)
    assert read.messages[1] == figures.Message()


def test_a_name_in_a_sentence_cannot_act():
    said = figures.say("Of <script>x</script> [a](javascript:b) *c*")._repr_mimebundle_()
    assert "<" not in said["text/markdown"]
    assert "[" not in said["text/markdown"]
    assert "*" not in said["text/markdown"]
    assert said["text/plain"] == "Of <script>x</script> [a](javascript:b) *c*"


def test_where_no_claim_holds_that_is_said():
    assert figures.say([]).texts == ("Nothing here is sure enough to be said.",)
    assert figures.say([], otherwise="No price differs clearly.").texts == (
        "No price differs clearly.",
    )


def test_a_note_says_what_is_missing_and_why():
    bundle = figures.say_missing("competitor prices.", why="Only 3 of 30.")._repr_mimebundle_()
    assert bundle[figures.NOTE_MIME] == {
        "kind": "missing",
        "title": "Not enough data: competitor prices",
        "text": "Only 3 of 30.",
    }
    assert bundle["text/plain"] == "Not enough data: competitor prices. Only 3 of 30."
    assert bundle["text/markdown"].startswith("> **Not enough data")
