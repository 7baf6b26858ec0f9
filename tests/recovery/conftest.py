"""The whole sample company, from its messy exports to a snapshot, and the truth behind it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from clientlib.config import Settings, SourceSettings
from clientlib.sample import write_sample
from clientlib.warehouse import (
    LoadCount,
    Warehouse,
    build_snapshot,
    find_duplicates,
    load_sources,
    open_warehouse,
)

LAST_DAY = "2025-12-31"


@dataclass(frozen=True)
class Recovered:
    """What a test compares: the truth, the counts of the load, the warehouse."""

    truth: dict
    counts: list[LoadCount]
    warehouse: Warehouse

    @property
    def clients(self) -> pd.DataFrame:
        """True clients by id, those entered twice left out."""
        twins = {
            name for twin in self.truth["twins"] for name in (twin["client_id"], twin["twin_id"])
        }
        clients = pd.DataFrame(self.truth["clients"]).set_index("client_id")
        return clients[~clients.index.isin(twins)]


@pytest.fixture(scope="session")
def recovered(tmp_path_factory) -> Recovered:
    root = tmp_path_factory.mktemp("sample_company")
    truth_path = root / "truth.json"
    write_sample(root / "data/raw/sample", seed=7, clients=600, truth_path=truth_path)
    source = SourceSettings(path=Path("data/raw/sample"), preset="sample_company")
    settings = Settings(root=root, sources={"sample": source})
    now = datetime(2026, 1, 5, tzinfo=UTC)
    counts = load_sources(settings, now=now)
    find_duplicates(settings, now=now)
    build_snapshot(settings, now=now)
    truth = json.loads(truth_path.read_text(encoding="utf-8"))
    return Recovered(truth, counts, open_warehouse(settings.warehouse_folder))
