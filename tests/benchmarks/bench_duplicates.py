"""How well duplicates are found on simulated client lists with a known truth.

``make bench-duplicates`` prints precision and recall of what is merged by itself, what goes to
review, whether the probabilities are right, and the time. ``--fit`` fits the weights anew.
"""

import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))

from client_lists import ClientList, simulate_list

from clientlib.identity.clients import compare_clients, match_clients
from clientlib.identity.clusters import join_pairs
from clientlib.identity.weights import vetoes

CLIENTS = 10_000
SEEDS = (1, 2, 3, 4, 5)
FIT_SEEDS = tuple(range(101, 109))
LARGE = 100_000
NOISY = 1.4
BANDS = (0.2, 0.5, 0.8, 0.9, 0.95, 1.0)


def say(line: str) -> None:
    """Print a line of the answer."""
    sys.stdout.write(line + "\n")


def measure(listed: ClientList) -> dict[str, float]:
    """Match one list and hold what came of it against the truth, pair by pair."""
    begun = time.perf_counter()
    matches = match_clients(listed.clients)
    seconds = time.perf_counter() - begun
    sure = matches.pairs[matches.pairs["proposed"] == "same"]
    merges = join_pairs(sure, matches.codes)
    members = listed.company.groupby(merges.kept_id).groups.values()
    found = {(a, b) for ids in members for a in ids for b in ids if a < b}
    truth = listed.true_pairs()
    doubtful = matches.pairs[matches.pairs["proposed"] == ""]
    asked = set(zip(doubtful["left_id"], doubtful["right_id"], strict=True))
    return {
        "precision": len(found & truth) / max(len(found), 1),
        "recall": len(found & truth) / len(truth),
        "recall_with_review": len((found | asked) & truth) / len(truth),
        "merged": len(found),
        "asked": len(asked),
        "true": len(truth),
        "seconds": seconds,
    }


def main() -> None:
    """Measure the seeds and a large list."""
    results = []
    for seed in SEEDS:
        results.append(measure(simulate_list(CLIENTS, seed)))
        say(f"seed {seed}: " + in_words(results[-1]))
    mean = {key: float(np.mean([result[key] for result in results])) for key in results[0]}
    say("mean:   " + in_words(mean))
    say_calibration()
    say(f"noise {NOISY}: " + in_words(measure(simulate_list(CLIENTS, 1, noise=NOISY))))
    for count in (50, 1_000, LARGE):
        say(f"{count:,} clients: " + in_words(measure(simulate_list(count, 1))))


def in_words(result: dict[str, float]) -> str:
    """Write the figures of one list in a line."""
    return (
        f"precision {result['precision']:.4f}  recall {result['recall']:.4f}  "
        f"with review {result['recall_with_review']:.4f}  merged {result['merged']:.0f} of "
        f"{result['true']:.0f} true pairs  to review {result['asked']:.0f}  "
        f"{result['seconds']:.1f} s"
    )


def say_calibration() -> None:
    """Hold probabilities against what is true, by bands."""
    shares, truths = [], []
    for seed in SEEDS:
        listed = simulate_list(CLIENTS, seed)
        pairs = match_clients(listed.clients).pairs
        truth = listed.true_pairs()
        shares += pairs["probability"].tolist()
        truths += [pair in truth for pair in zip(pairs["left_id"], pairs["right_id"], strict=True)]
    probability, is_true = np.array(shares), np.array(truths)
    for low, high in pairwise(BANDS):
        inside = (probability >= low) & (probability < high)
        say(f"probability {low:.2f} to {high:.2f}: {inside.sum()} pairs, "
            f"mean {probability[inside].mean():.3f}, true {is_true[inside].mean():.3f}")  # fmt: skip


def fit() -> None:
    """Fit the weights on lists that the measurement does not use, and print them."""
    rows: list[list[tuple[str, str]]] = []
    truths: list[bool] = []
    for seed in FIT_SEEDS:
        listed = simulate_list(CLIENTS, seed)
        truth = listed.true_pairs()
        for found in compare_clients(listed.clients):
            if not vetoes(found):
                rows.append([level for level in found.levels if not is_reference(level)])
                truths.append((found.left.client_id, found.right.client_id) in truth)
    names = sorted({level for row in rows for level in row})
    place = {level: number for number, level in enumerate(names)}
    at = [(n, place[level]) for n, row in enumerate(rows) for level in row]
    table = csr_matrix((np.ones(len(at)), tuple(zip(*at, strict=True))), (len(rows), len(names)))
    model = LogisticRegression(C=3.0, max_iter=2000).fit(table, truths)
    say(f"base {model.intercept_[0]:.1f}")
    for level, weight in zip(names, model.coef_[0], strict=True):
        say(f"{level[0]}: {level[1]!r}: {weight:.1f}")


def is_reference(level: tuple[str, str]) -> bool:
    """Tell whether a level weighs nothing: nothing is known, or the group says nothing."""
    return level[1] in ("missing", "other") or level[0] == "group"


if __name__ == "__main__":
    fit() if "--fit" in sys.argv else main()
