"""Poor payers planted in sample companies: ranked how well, beside the best that could be known.

Of one company also: every score replayed from what is issued, and the page of every client whole.
"""

import json
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[2] / "recovery"))

from habits_in_truth import auc, is_poor, probability_of_poor
from projects import fill

from clientlib.config import load_settings
from clientlib.language import speaking
from clientlib.reliability import portfolio
from clientlib.reliability.timing import join_outcomes
from clientlib.reliability.timing.habits import count_delays, fit_habits
from clientlib.sample import write_sample
from clientlib.starter import write_project
from clientlib.warehouse import Warehouse, open_warehouse

COLUMNS = ["measure", "protocol", "figure", "spread", "must", "aim"]
SEEDS, CLIENTS, LAST_DAY = (7, 11, 23), 600, "2025-12-31"
RANKED = (
    "sample companies of 600 clients, seeds 7, 11, 23, as of 2025-12-31, clients with a payment"
)


def measure_planted_payers() -> pd.DataFrame:
    """Rank the clients of three companies, and hold the first to replay and whole pages."""
    found, rows = [], []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            truth = make_company(Path(folder), seed)
            with open_warehouse(Path(folder) / "data/warehouse") as warehouse:
                found.append(rank(warehouse, truth))
                rows += hold(warehouse) if seed == SEEDS[0] else []
    ours, best = np.array(found).T
    ranked = [
        ("poor payers, AUC", RANKED, ours.mean(), ours.std(ddof=1), None, None),
        ("poor payers, AUC, best possible", RANKED, best.mean(), best.std(ddof=1), None, None),
        ("below the best possible, furthest", RANKED, (best - ours).max(), None, 0.02, None),
    ]
    return pd.DataFrame([*ranked, *rows], columns=COLUMNS)


def make_company(root: Path, seed: int) -> pd.DataFrame:
    """Make a company, and give its clients as they are in truth."""
    write_project(root)
    path = root / "truth.json"
    write_sample(root / "data/raw/sample", seed=seed, clients=CLIENTS, truth_path=path)
    fill(load_settings(root))
    truth = json.loads(path.read_text(encoding="utf-8"))
    twice = {name for twin in truth["twins"] for name in (twin["client_id"], twin["twin_id"])}
    clients = pd.DataFrame(truth["clients"]).set_index("client_id")
    return clients[~clients.index.isin(twice)]


def rank(warehouse: Warehouse, truth: pd.DataFrame) -> tuple[float, float]:
    """Give our AUC of poor habits and that of Bayes with the planted forms."""
    histories, outcomes = (
        warehouse.read(f"marts.invoice_{name}", as_of=LAST_DAY)
        for name in ("histories", "outcomes")
    )
    invoices = join_outcomes(histories, outcomes, LAST_DAY)
    counts = count_delays(invoices, LAST_DAY)
    habits = fit_habits(counts)
    assert habits is not None
    paid = invoices.dropna(subset=["paid_days"])
    best = probability_of_poor(paid[paid["client_id"].isin(truth.index)])
    ours = habits.describe(counts).set_index("client_id")["late_14_share"].reindex(best.index)
    flags = is_poor(truth, LAST_DAY).reindex(best.index)
    return auc(ours, flags), auc(best, flags)


def hold(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """Replay every score of a company, and read the page of every client in both languages."""
    assessment = portfolio.assess_clients(warehouse.read, as_of=LAST_DAY, seed=7)
    answer = portfolio.answer_for_all(warehouse.read, assessment)
    issued = {**answer.tables, **portfolio.keep_models(assessment)}
    replayed = portfolio.replay_scores(issued)
    equal = replayed.scores_count - len(replayed.differing)
    clients = warehouse.read("marts.clients")

    def find(name: str, *, as_of: str) -> SimpleNamespace:
        assert as_of == LAST_DAY
        return SimpleNamespace(rows=issued.get(name, pd.DataFrame()), missing="")

    whole = 0
    for language in ("en", "lt"):
        with speaking(language):
            for client_id in clients["client_id"]:
                page = portfolio.read_decision_page(
                    find, clients, as_of=LAST_DAY, currency="EUR", client_id=client_id
                )
                whole += bool(page.headline and page.payment_note and len(page.risks))
    scores = f"seed 7, {replayed.scores_count:,} scores of 5 events"
    pages = f"seed 7, {len(clients)} clients in 2 languages"
    return [
        ("scores replayed equal, share", scores, equal / replayed.scores_count, None, 1.0, None),
        ("pages of decision that are whole, share", pages, whole / (2 * len(clients)), None, 1.0,
         None),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(measure_planted_payers().to_string(index=False) + "\n")
