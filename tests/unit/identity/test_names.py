import pytest

from clientlib.identity.comparing import compare_names
from clientlib.identity.names import read_name
from clientlib.identity.spelling import fold, is_within


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("UAB „Šilo baldai“", id="short form and quotes"),
        pytest.param("Silo Baldai, UAB", id="form behind, no marks"),
        pytest.param("UŽDAROJI AKCINĖ BENDROVĖ ŠILO BALDAI", id="form in full words"),
        pytest.param("U.A.B. Šilo-baldai", id="form with points, hyphen"),
        pytest.param("УАБ Шило балдаи", id="Cyrillic letters"),
    ],
)
def test_spellings_of_one_company_give_one_name(text):
    name = read_name(text)
    assert (name.words, name.form) == (("silo", "baldai"), "uab")


@pytest.mark.parametrize(
    ("text", "words", "form"),
    [
        ("SIA „Rīgas meble“", ("rigas", "meble"), "sia"),
        ("Sabiedrība ar ierobežotu atbildību Rīgas meble", ("rigas", "meble"), "sia"),
        ("OÜ Tööriist", ("tooriist",), "ou"),
        ("Müller & Söhne GmbH & Co. KG", ("muller", "sohne"), "gmbh co kg"),
        ("Drewno Sp. z o.o.", ("drewno",), "spzoo"),
        ("Nordvind A/S", ("nordvind",), "as"),
        ("VšĮ Poliklinika", ("poliklinika",), "vsi"),
        ("AB", ("ab",), ""),
    ],
)
def test_legal_form_is_taken_off_but_never_the_whole_name(text, words, form):
    name = read_name(text)
    assert (name.words, name.form) == (words, form)


def test_umlauts_are_one_word_with_and_without_their_e():
    assert fold("Müller") == fold("Mueller") == fold("MULLER") == "muller"


def test_branch_is_told_from_its_company():
    branch = read_name("UAB „Šilas“ Kauno filialas")
    assert branch.is_branch
    assert not read_name("UAB „Šilas“").is_branch


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        pytest.param("Šilo baldai", "baldai SILO", "same", id="order and marks"),
        pytest.param("Baltic Trade", "Baltictrade", "same", id="space left out"),
        pytest.param("Vilkenė", "Vilknė", "slip", id="letter left out"),
        pytest.param("Vilkenė", "Vlikenė", "slip", id="letters exchanged"),
        pytest.param("Žulvinas", "Žulvina", "ending", id="ending: may be another company"),
        pytest.param("Žulvina statyba", "Žulvina stat.", "short", id="shortened word"),
        pytest.param("Baltic Trade Group", "BTG", "short", id="first letters"),
        pytest.param("Žulvina", "Žulvina Logistika", "more", id="a further word: a unit or group"),
        pytest.param("Parduotuvė 12", "Parduotuvė 13", "other", id="numbers are never slips"),
        pytest.param("Namai", "Medis", "other", id="different words"),
    ],
)
def test_names_are_compared_by_what_may_have_happened_to_them(left, right, level):
    assert compare_names(read_name(left), read_name(right)) == level
    assert compare_names(read_name(right), read_name(left)) == level


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [("silas", "silas", 0), ("silas", "sials", 1), ("silas", "sila", 1), ("silas", "solos", 2)],
)
def test_slips_are_counted_as_a_hand_makes_them(left, right, edits):
    assert is_within(left, right, edits)
    assert edits == 0 or not is_within(left, right, edits - 1)
