"""The Lithuanian catalogues know every text, with its places, and none that nobody says."""

from datetime import date
from pathlib import Path
from string import Formatter

import keys
import pytest
from babel.messages.pofile import read_po

from clientlib.language import speaking, tell, translate
from clientlib.language.compiling import compile_catalogue, compile_folder

OWN = keys.PACKAGE / "language/catalogues/lt/LC_MESSAGES/clientlib.po"
PROSE = keys.ROOT / "notebooks/locale/lt/LC_MESSAGES/notebooks.po"


def entries(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def places(template: str) -> set[str]:
    return {place for _, place, _, _ in Formatter().parse(template) if place}


def test_every_text_of_code_and_notebooks_is_translated_and_no_entry_is_stale():
    said, known = keys.code_keys() | keys.notebook_keys(), set(entries(OWN))
    assert len(said) > 400
    assert sorted(said - known) == []
    assert sorted(known - said) == []


def test_every_block_of_the_notebooks_is_translated_and_no_entry_is_stale():
    said, known = keys.prose_keys(), set(entries(PROSE))
    assert len(said) > 60
    assert sorted(said - known) == []
    assert sorted(known - said) == []


def test_what_is_told_comes_from_known_places():
    assert sorted(keys.unresolved() - set(keys.FROM_ELSEWHERE)) == []
    assert sorted(set(keys.FROM_ELSEWHERE) - keys.unresolved()) == []


@pytest.mark.parametrize("path", [OWN, PROSE], ids=lambda path: path.stem)
def test_translations_have_the_places_of_their_texts(path):
    found = entries(path)
    wrong = {text: said for text, said in found.items() if places(text) != places(said)}
    assert wrong == {}
    assert all(said.strip() for said in found.values())


@pytest.mark.parametrize("path", [OWN, PROSE], ids=lambda path: path.stem)
def test_compiled_catalogue_is_what_its_source_says(path):
    assert path.with_suffix(".mo").read_bytes() == compile_catalogue(path)


def test_every_translation_can_be_told():
    with speaking("lt"):
        left = [text for text, said in entries(OWN).items() if "{" in _told(said)]
    assert left == []


def _told(template: str) -> str:
    """Tell a template with a number or a day at each of its places."""
    given = {
        place: date(2025, 6, 30) if way in ("day", "month", "iso") else 21
        for _, place, way, _ in Formatter().parse(template)
        if place
    }
    return tell(template, **given) if given else template


def test_folder_of_catalogues_is_compiled_at_once(tmp_path):
    folder = tmp_path / "lt/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "notebooks.po").write_bytes(PROSE.read_bytes())
    (written,) = compile_folder(tmp_path)
    assert written.read_bytes() == PROSE.with_suffix(".mo").read_bytes()


def test_text_that_the_catalogue_lacks_stays_english():
    with speaking("lt"):
        assert translate("nobody says this") == "nobody says this"
        assert translate("") == ""
