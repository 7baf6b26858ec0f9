"""Which pairs are proposed, on small lists; how well, on simulated ones."""

import pandas as pd
import pytest
from client_lists import simulate_list

from clientlib.errors import InputError
from clientlib.identity import join_pairs, match_clients

ONE, OTHER = "110053842", "303299016"  # register codes whose check digits fit
CARD = {"country": "LT", "region": "Vilnius", "industry": "trade"}


def pairs_of(*clients: dict) -> list[tuple[str, str, str]]:
    rows = [{"client_id": f"C-{n}", **CARD, **client} for n, client in enumerate(clients, start=1)]
    pairs = match_clients(pd.DataFrame(rows)).pairs
    return list(pairs[["left_id", "right_id", "proposed"]].itertuples(index=False, name=None))


def test_same_valid_code_and_like_names_are_one_company():
    found = pairs_of(
        {"name": "UAB „Žulvina“", "register_code": ONE},
        {"name": "Zulvinna", "register_code": ONE, "region": "Kaunas"},
    )
    assert found == [("C-1", "C-2", "same")]


def test_same_code_is_not_enough_where_the_names_contradict_it():
    found = pairs_of(
        {"name": "UAB „Žulvina“", "register_code": ONE},
        {"name": "SIA Merkento", "register_code": ONE, "country": "LV", "region": "Rīga"},
    )
    assert "same" not in [proposed for *_, proposed in found]


def test_two_valid_codes_of_one_country_are_never_merged():
    found = pairs_of(
        {"name": "UAB „Žulvina“", "register_code": ONE},
        {"name": "UAB „Žulvina“", "register_code": OTHER},
    )
    assert found == []


def test_same_rare_name_in_the_same_town_is_one_company_without_a_code():
    found = pairs_of({"name": "UAB „Žulvina“", "register_code": ONE}, {"name": "ZULVINA UAB"})
    assert found == [("C-1", "C-2", "same")]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"name": "Žulvina", "region": "Kaunas"}, id="another town"),
        pytest.param({"name": "UAB Žulvinė"}, id="another ending"),
    ],
)
def test_person_decides_where_name_alone_speaks_with_something_against_it(other):
    found = pairs_of({"name": "UAB „Žulvina“", "industry": "transport"}, other)
    assert found == [("C-1", "C-2", "")]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"name": "MB Žulvina"}, id="another legal form"),
        pytest.param({"name": "UAB Žulvina, Kauno filialas"}, id="branch"),
        pytest.param({"name": "UAB Žulvina", "parent_id": "C-1"}, id="member of its group"),
        pytest.param({"name": "UAB Žulvina Logistika"}, id="unit with a name of its own"),
        pytest.param({"name": "SIA Žulvina", "country": "LV", "region": "Rīga"}, id="abroad"),
    ],
)
def test_relatives_are_not_merged(other):
    found = pairs_of({"name": "UAB „Žulvina“"}, other)
    assert "same" not in [proposed for *_, proposed in found]


def test_entry_that_could_be_either_of_two_companies_is_left_to_a_person():
    found = pairs_of(
        {"name": "UAB „Žulvina“", "register_code": ONE},
        {"name": "UAB „Žulvina“", "register_code": OTHER},
        {"name": "UAB „Žulvina“"},
    )
    assert found == [("C-1", "C-3", ""), ("C-2", "C-3", "")]


def test_evidence_is_told_in_words():
    cards = [{"client_id": f"C-{n}", "name": "UAB Žulvina", "register_code": ONE} for n in (1, 2)]
    pairs = match_clients(pd.DataFrame(cards)).pairs
    assert pairs["evidence"].tolist() == [
        "same name; same register code, check digit not confirmed"
    ]


def test_order_of_the_list_does_not_matter():
    listed = simulate_list(400, seed=5).clients
    turned = listed.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(match_clients(listed).pairs, match_clients(turned).pairs)


@pytest.mark.parametrize("count", [0, 1])
def test_list_without_pairs_has_none(count):
    clients = pd.DataFrame({"client_id": ["C-1"], "name": ["UAB Žulvina"]}).head(count)
    assert match_clients(clients).pairs.empty


def test_list_without_names_is_refused():
    with pytest.raises(InputError, match="lacks columns"):
        match_clients(pd.DataFrame({"client_id": ["C-1"]}))


@pytest.mark.parametrize("seed", [21, 22])
def test_simulated_duplicates_are_merged_with_few_mistakes(seed):
    listed = simulate_list(3_000, seed)
    matches = match_clients(listed.clients)
    sure = matches.pairs[matches.pairs["proposed"] == "same"]
    merges = join_pairs(sure, matches.codes)
    groups = listed.company.groupby(merges.kept_id).groups.values()
    found = {(a, b) for ids in groups for a in ids for b in ids if a < b}
    truth = listed.true_pairs()
    assert len(truth) > 240
    assert len(found & truth) / len(found) >= 0.985
    assert len(found & truth) / len(truth) >= 0.90


def test_probabilities_are_right_on_lists_that_they_were_not_fitted_on():
    listed = simulate_list(6_000, seed=23)
    pairs = match_clients(listed.clients).pairs
    truth = listed.true_pairs()
    is_true = pd.Series(zip(pairs["left_id"], pairs["right_id"], strict=True)).isin(truth)
    doubtful = pairs["probability"] < 0.9
    assert doubtful.sum() > 60
    assert abs(is_true[doubtful].mean() - pairs.loc[doubtful, "probability"].mean()) < 0.12
    assert abs(is_true[~doubtful].mean() - pairs.loc[~doubtful, "probability"].mean()) < 0.02
