"""`clientlib release` as a user calls it: the export is gone, the mapping is mended."""

import json
from pathlib import Path

import pytest

SETTINGS = """
[sources.erp]
path = "data/raw/erp"

[[sources.erp.files]]
name = "invoices"
file = "invoices*.csv"
delimiter = ";"

[[sources.erp.files.tables]]
table = "invoices"
columns = { invoice_id = "No", client_id = "Client", issued_on = "Date", due_on = "Due", amount = "Sum" }
"""
HEADING = "No;Client;Date;Due;Sum\n"
ROWS = "I-1;C-1;2025-06-01;2025-07-01;80\nI-2;C-1;2025-06-02;2025-07-02;99,90\n"
SOON = "I-3;C-1;soon;2025-07-02;10\n"


@pytest.fixture
def company(call, tmp_path) -> Path:
    """Give a project that was loaded with the wrong decimal sign; the export is gone."""
    raw = tmp_path / "data/raw/erp"
    raw.mkdir(parents=True)
    (tmp_path / "clientlib.toml").write_text(SETTINGS)
    (raw / "invoices.csv").write_text(HEADING + ROWS + SOON)
    assert call("load", folder=tmp_path).code == 0
    (raw / "invoices.csv").unlink()
    return tmp_path


def mend(company: Path) -> None:
    mended = SETTINGS.replace('delimiter = ";"', 'delimiter = ";"\ndecimal = ","')
    (company / "clientlib.toml").write_text(mended)


def test_release_tells_what_became_of_the_rows_and_the_next_snapshot_shows_it(call, company):
    mend(company)
    answer = call("release", folder=company)
    assert (answer.code, answer.error) == (0, "")
    released, reason, sums, follows = answer.out.splitlines()
    told = "released invoices read 2 new 1 changed 0 same 0 quarantined 1 invoices.csv"
    assert " ".join(released.split()) == told
    assert reason.split(maxsplit=1)[1].startswith("issued_on cannot be read as date")
    assert sums.startswith(
        "rows judged 2 = loaded 1 + still bad 1 + same as known 0; not judged 0 "
    )
    assert follows == "make a snapshot with them: clientlib build"
    assert call("build", folder=company).code == 0
    assert "soon cannot be read" in call("show", "quarantine", folder=company).out
    moves = call("show", "quarantine", "--over-time", "--json", folder=company).out
    assert [(move["released"], move["open"]) for move in json.loads(moves)] == [(0, 2), (1, 1)]


def test_release_that_is_only_tried_says_the_same_and_does_nothing(call, company):
    mend(company)
    tried = [call("release", "--dry-run", folder=company).out for _ in range(2)]
    assert all("tried    invoices" in out and "nothing was written" in out for out in tried)
    done = call("release", "--dry-run", "--json", folder=company).out
    assert json.loads(done) == json.loads(call("release", "--json", folder=company).out)


def test_rows_that_cannot_be_judged_are_told_with_the_reason(call, company):
    (company / "clientlib.toml").write_text(SETTINGS.replace("sources.erp", "sources.crm"))
    answer = call("release", "invoices", folder=company)
    left, sums = answer.out.splitlines()
    assert answer.code == 0
    assert left.split(maxsplit=5) == [
        "left", "invoices", "2", "rows", "invoices.csv", "the source 'erp' is no longer configured"
    ]  # fmt: skip
    assert sums.startswith("rows judged 0 ")
    assert "not judged 2" in sums


def test_empty_quarantine_and_unknown_table_are_said(call, company):
    nothing = call("release", "orders", folder=company)
    assert (nothing.code, nothing.out) == (0, "nothing waits in quarantine of orders\n")
    unknown = call("release", "invoice", folder=company)
    assert (unknown.code, unknown.out) == (1, "")
    assert "did you mean 'invoices'?" in unknown.error
