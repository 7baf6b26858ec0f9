import json

import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.risks.places import PlacePrior, fit_place_prior


def draw(cells, seed=0):
    """Clients by cell: (industry, region, size): (clients, events)."""
    rows, happened = [], []
    for place, (count, events) in cells.items():
        rows += [place] * count
        happened += [1] * events + [0] * (count - events)
    clients = pd.DataFrame(rows, columns=["industry", "region", "size_band"])
    order = np.random.default_rng(seed).permutation(len(clients))
    return clients.iloc[order].reset_index(drop=True), pd.Series(happened).iloc[order]


BOOK = {
    ("building", "north", "small"): (60, 24),
    ("building", "south", "small"): (60, 18),
    ("trade", "north", "small"): (200, 10),
    ("trade", "south", "large"): (2, 2),
    ("care", "south", "large"): (100, 2),
}


@pytest.fixture(scope="module")
def prior():
    return fit_place_prior(*draw(BOOK))


def ask(prior, *places):
    return prior.predict(pd.DataFrame(places, columns=["industry", "region", "size_band"]))


def test_a_place_of_many_clients_keeps_its_own_share(prior):
    found = ask(prior, ("building", "north", "small"), ("care", "south", "large"))
    assert found["probability"].tolist() == pytest.approx([0.4, 0.02], abs=0.05)
    assert found["cell_count"].tolist() == [60, 100]


def test_two_clients_do_not_make_a_place_bad(prior):
    found = ask(prior, ("trade", "south", "large"))
    assert 0.05 < found["probability"].iloc[0] < 0.6


def test_a_place_never_seen_gets_the_share_of_the_place_around_it(prior):
    found = ask(prior, ("building", "east", "small"), ("mining", "north", "small"))
    industry = (42 + prior.weights[0] * prior.share) / (120 + prior.weights[0])
    assert found["probability"].tolist() == pytest.approx([industry, prior.share])


def test_unknown_is_a_value_of_its_own():
    clients, happened = draw(BOOK)
    clients.loc[clients["industry"] == "care", "industry"] = None
    found = ask(fit_place_prior(clients, happened), (None, "south", "large"))
    assert found["probability"].iloc[0] < 0.1


def test_restored_prior_gives_the_same_shares_bit_by_bit(prior):
    again = PlacePrior.from_record(json.loads(json.dumps(prior.to_record())))
    places = [*BOOK, ("mining", "north", "small")]
    pd.testing.assert_frame_equal(ask(again, *places), ask(prior, *places), check_exact=True)


def test_cells_that_are_alike_are_drawn_together():
    random = np.random.default_rng(3)
    clients = pd.DataFrame(random.integers(0, 5, (2000, 3)).astype(str),
                           columns=["industry", "region", "size_band"])  # fmt: skip
    prior = fit_place_prior(clients, pd.Series(random.random(2000) < 0.1).astype(int))
    spread = prior.predict(clients)["probability"].std()
    raw = pd.Series(random.random(2000) < 0.1).groupby(clients["industry"].to_numpy()).mean().std()
    assert spread < max(raw, 0.01) * 2
    assert prior.share == pytest.approx(0.1, abs=0.03)


def test_no_clients_and_a_missing_column_are_refused():
    with pytest.raises(InputError):
        fit_place_prior(pd.DataFrame({"industry": []}), pd.Series(dtype=float))
    with pytest.raises(InputError):
        fit_place_prior(
            pd.DataFrame({"industry": [], "region": [], "size_band": []}), pd.Series(dtype=float)
        )
