import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.identity import match_contacts

COLUMNS = ("contact_id", "client_id", "name", "email", "phone")
RUTA = ("P-1", "C-1", "Rūta Petraitė", "ruta@silas.example", "+370 612 34567")


def pairs_of(*others: tuple, kept: dict | None = None) -> list[tuple[str, str, str]]:
    contacts = pd.DataFrame([RUTA, *others], columns=list(COLUMNS))
    pairs = match_contacts(contacts, kept or {})
    return list(pairs[["left_id", "right_id", "proposed"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("name", "email", "phone"),
    [
        pytest.param("PETRAITE RUTA", "RUTA@silas.example", None, id="same e-mail"),
        pytest.param("Ruta Petraitte", None, "8 612 34567", id="same telephone, a slip"),
        pytest.param("R. Petraitė", "ruta@silas.example", None, id="initial, same e-mail"),
        pytest.param("Ruta Petraite", None, None, id="same full name, nothing against it"),
    ],
)
def test_person_entered_twice_at_one_client_is_found(name, email, phone):
    assert pairs_of(("P-2", "C-1", name, email, phone)) == [("P-1", "P-2", "same")]


@pytest.mark.parametrize(
    ("name", "email", "phone"),
    [
        pytest.param("Rūta Petraitė", "r@other.example", None, id="same name, another e-mail"),
        pytest.param("R. Petraitė", None, None, id="initial only"),
        pytest.param(None, "ruta@silas.example", None, id="no name, same e-mail"),
    ],
)
def test_person_decides_where_little_speaks(name, email, phone):
    assert pairs_of(("P-2", "C-1", name, email, phone)) == [("P-1", "P-2", "")]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            ("P-2", "C-1", "Jonas Kalnas", "ruta@silas.example", None), id="shared e-mail"
        ),
        pytest.param(("P-2", "C-2", *RUTA[2:]), id="same person at another client"),
        pytest.param(("P-2", "C-1", "Rūta Jonaitė", None, None), id="same first name"),
        pytest.param(("P-2", None, *RUTA[2:]), id="of no client"),
    ],
)
def test_other_people_are_no_pair(other):
    assert pairs_of(other) == []


def test_merged_clients_are_one_client_to_their_contacts():
    assert pairs_of(("P-2", "C-2", *RUTA[2:]), kept={"C-2": "C-1"}) == [("P-1", "P-2", "same")]


def test_contacts_without_ways_to_reach_them_are_compared_by_name():
    contacts = pd.DataFrame([RUTA[:3], ("P-2", *RUTA[1:3])], columns=list(COLUMNS[:3]))
    assert match_contacts(contacts, {})["evidence"].tolist() == ["same full name"]


def test_contacts_without_clients_are_refused():
    with pytest.raises(InputError, match="list of contacts lacks columns"):
        match_contacts(pd.DataFrame({"contact_id": ["P-1"]}), {})
