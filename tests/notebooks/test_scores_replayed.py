"""Past scores made again from the ledger, also after the company has mended its records."""

import pytest
from projects import correct_exports, fill, hasten, run
from typer.testing import CliRunner

from clientlib.cli import app
from clientlib.config import load_settings
from clientlib.reliability.portfolio import replay_scores
from clientlib.runs.ledger import Ledger
from clientlib.sample import write_sample
from clientlib.starter import write_project

NEEDED = ("client_risks", "client_signs", "risk_models", "risk_tests")


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    """Give a company whose scores were issued, corrected and issued again."""
    root = tmp_path_factory.mktemp("corrected")
    write_project(root)
    hasten(root)
    write_sample(root / "data/raw/sample", seed=3, clients=80)
    settings = load_settings(root)
    fill(settings)
    first = run(settings, "risk_models")["risk_models"]
    assert correct_exports(root / "data/raw/sample") > 100
    fill(settings)
    return settings, first, run(settings, "risk_models")["risk_models"]


def issued(settings, ended):
    ledger = Ledger(settings.ledger_folder)
    return {name: ledger.issued(name, [ended]) for name in NEEDED}


def test_every_score_comes_out_equal_before_and_after_the_correction(corrected):
    settings, first, second = corrected
    for ended in (first, second):
        found = replay_scores(issued(settings, ended))
        assert found.scores_count > 100
        assert found.is_equal


def test_the_correction_had_changed_scores(corrected):
    settings, first, second = corrected
    assert first.snapshot != second.snapshot
    old, new = (issued(settings, ended)["client_risks"] for ended in (first, second))
    both = old.merge(new, on=["client_id", "event"], suffixes=("_old", "_new"))
    told = both.dropna(subset=["probability_old", "probability_new"])
    assert (told["probability_old"] != told["probability_new"]).sum() > 10


def test_command_replays_all_runs_and_shows_a_client(corrected, monkeypatch):
    settings, first, second = corrected
    monkeypatch.chdir(settings.root)
    client_id = issued(settings, first)["client_risks"]["client_id"].iloc[0]
    done = CliRunner().invoke(app, ["replay", client_id])
    assert done.exit_code == 0, done.output
    lines = [line for line in done.output.splitlines() if line.startswith("replayed")]
    assert [line.split()[1] for line in lines] == [first.run_id, second.run_id]
    for line in lines:
        scores, equal = line.split()[2], line.split()[4]
        assert scores == equal
    assert f"{client_id}  defaults" in done.output


def test_command_says_what_a_tampered_score_should_have_been(corrected, monkeypatch):
    settings, first, _ = corrected
    path = settings.ledger_folder / first.run_id / "issued/client_risks.parquet"
    kept = path.read_bytes()
    monkeypatch.chdir(settings.root)
    rows = issued(settings, first)["client_risks"]
    place = rows.index[rows["state"] == "foretold"][0]
    rows.loc[place, "probability"] = 0.123456
    rows.to_parquet(path)
    try:
        done = CliRunner().invoke(app, ["replay"])
    finally:
        path.write_bytes(kept)
    assert done.exit_code != 0
    assert "0.123456" in str(done.exception)
