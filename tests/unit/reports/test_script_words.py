"""What the script of a page says is told by Python, in the language of the page."""

import json
import re
from pathlib import Path

import clientlib.reports
from clientlib.language import speaking
from clientlib.reports.words import script_words

SCRIPTS = Path(clientlib.reports.__file__).parent / "templates" / "scripts"


def test_counted_words_come_in_every_form_of_the_language():
    found = script_words()["rowsFound"]
    assert found["one"] == "{found} of {total} row"
    assert found["other"] == "{found} of {total} rows"
    with speaking("lt"):
        endings = [text.split()[-1] for text in script_words()["rowsFound"].values()]
    assert endings == ["eilutės", "eilučių", "eilučių"]


def test_every_word_that_the_script_asks_for_is_given():
    text = "".join(path.read_text("utf-8") for path in SCRIPTS.glob("*.js"))
    asked = set(re.findall(r"\bsay\(\"(\w+)\"", text)) | {"csv", "xlsx"}
    assert len(asked) >= 8
    assert asked == set(script_words())


def test_a_page_names_its_language_and_carries_the_words(write, prose):
    with speaking("lt"):
        page = write(prose("Words"))
        expected = script_words()
    assert '<html lang="lt">' in page
    assert json.loads(re.search(r'id="words">(.*?)</script>', page)[1]) == expected
