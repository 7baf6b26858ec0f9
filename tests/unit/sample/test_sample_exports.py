"""The exports: same seed, same bytes; each file reads in its dialect; the mess is as counted."""

import hashlib
import json
from datetime import date

import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.sample import make_plan, rivals, simulate_company, write_sample


def digests(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.csv")
    }


def small(folder, **options):
    return write_sample(folder, **({"clients": 60, "end": date(2024, 6, 30)} | options))


def test_same_seed_gives_the_same_bytes(tmp_path):
    first = small(tmp_path / "a", truth_path=tmp_path / "a.json")
    second = small(tmp_path / "b", truth_path=tmp_path / "b.json")
    assert first.rows_by_file == second.rows_by_file
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_another_seed_gives_another_company(tmp_path):
    small(tmp_path / "a", seed=7)
    small(tmp_path / "b", seed=8)
    first, second = digests(tmp_path / "a"), digests(tmp_path / "b")
    assert first.keys() == second.keys()
    assert all(first[name] != second[name] for name in first.keys() - {"crm_managers.csv"})


def test_changing_one_subject_does_not_reshuffle_the_others(monkeypatch):
    plan = make_plan(7, 60, date(2023, 1, 1), date(2024, 6, 30))
    before = simulate_company(plan).tables
    monkeypatch.setattr(rivals, "SEEN_PER_MONTH", 0.2)
    after = simulate_company(plan).tables
    assert len(after["competitor_prices"]) < len(before["competitor_prices"])
    for table in ("orders", "order_lines", "payments", "deals"):
        pd.testing.assert_frame_equal(
            before[table].drop(columns=["known_on", "stage_lots"], errors="ignore"),
            after[table].drop(columns=["known_on", "stage_lots"], errors="ignore"),
        )


@pytest.mark.parametrize("clients", [50, 800])
def test_company_of_any_size_within_the_bounds_can_be_written(tmp_path, clients):
    summary = write_sample(tmp_path / "raw", clients=clients, truth_path=tmp_path / "truth.json")
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert len(truth["clients"]) == clients
    assert summary.rows_count == sum(part["rows"] for part in truth["mess"].values())
    assert {client["habit"] for client in truth["clients"]} == set(truth["habits"])


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"clients": 49}, id="too few clients"),
        pytest.param({"clients": 5001}, id="too many clients"),
        pytest.param({"end": date(2023, 6, 30)}, id="less than a year"),
        pytest.param({"start": date(2026, 1, 1)}, id="ends before it starts"),
        pytest.param({"seed": -1}, id="seed below 0"),
    ],
)
def test_option_out_of_bounds_is_refused(tmp_path, options):
    with pytest.raises(InputError, match=r"sample company|seed"):
        write_sample(tmp_path / "raw", **options)
    assert not (tmp_path / "raw").exists()


def test_truth_may_not_lie_among_the_exports(tmp_path):
    with pytest.raises(InputError, match="among the exports"):
        write_sample(tmp_path / "raw", truth_path=tmp_path / "raw" / "truth.json")
    assert not (tmp_path / "raw").exists()


def test_size_is_that_of_a_mid_sized_wholesaler(tables):
    assert 20_000 <= len(tables["orders"]) <= 30_000
    assert 60_000 <= len(tables["order_lines"]) <= 90_000
    assert len(tables["managers"]) == 6
    assert len(tables["products"]) == 250
    assert tables["products"]["family"].nunique() == 11
    assert len(tables["competitors"]) == 4


def test_every_file_belongs_to_one_family_of_the_preset(export, preset):
    for path in export.folder.iterdir():
        families = [rules["name"] for rules in preset["files"] if path.match(rules["file"])]
        assert len(families) == 1, f"{path.name} is read as {families}"


def test_first_year_of_invoices_has_the_old_heading(export):
    heads = {
        path.name: path.read_text(encoding="utf-8").split(",", 1)[0]
        for path in export.folder.glob("erp_invoices_*.csv")
    }
    assert heads == {
        "erp_invoices_2023.csv": "InvoiceNo",
        "erp_invoices_2024.csv": "Invoice",
        "erp_invoices_2025.csv": "Invoice",
    }


def test_crm_is_not_utf8_and_holds_lithuanian_letters(export):
    content = (export.folder / "crm_clients.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert set("ąčęėįšųūž„“") <= set(content.decode("windows-1257"))


def test_quarantine_holds_the_planted_bad_rows_and_no_others(export, loaded):
    planted = {table: part["quarantined"] for table, part in export.truth["mess"].items()}
    found = {table: len(loaded[table]["bad"]) for table in planted}
    assert found == planted
    assert sum(planted.values()) >= 25


def test_exact_repeats_and_good_rows_are_as_counted(export, loaded):
    for table, part in export.truth["mess"].items():
        assert loaded[table]["same"] == part["same"], table
        assert len(loaded[table]["good"]) == part["good"], table
        assert loaded[table]["repeats"] == part["repeated_keys"], table


def test_nothing_refers_to_a_bad_row(tables):
    assert set(tables["order_lines"]["order_id"]) <= set(tables["orders"]["order_id"])
    assert set(tables["orders"]["client_id"]) <= set(tables["clients"]["client_id"])
    assert set(tables["orders"]["deal_id"].dropna()) <= set(tables["deals"]["deal_id"])
    assert set(tables["deliveries"]["order_id"]) <= set(tables["orders"]["order_id"])
    assert set(tables["invoices"]["order_id"]) <= set(tables["orders"]["order_id"])
    assert set(tables["payments"]["invoice_id"]) <= set(tables["invoices"]["invoice_id"])
    assert set(tables["clients"]["parent_id"].dropna()) <= set(tables["clients"]["client_id"])


def test_mapping_mends_the_spellings(tables):
    assert set(tables["clients"]["country"]) == {"LT", "LV", "EE", "DE"}
    assert set(tables["competitor_products"]["family"]) == set(tables["products"]["family"])


def test_clients_entered_twice_are_spelt_otherwise_under_their_own_key(export, tables):
    names = tables["clients"].set_index("client_id")["name"]
    assert len(export.truth["twins"]) == 6
    for twin in export.truth["twins"]:
        assert names[twin["client_id"]] != names[twin["twin_id"]]
        orders = (tables["orders"]["client_id"] == twin["twin_id"]).sum()
        assert orders == twin["orders_count"]


@pytest.mark.parametrize(
    ("table", "happened"),
    [
        ("clients", "first_contact_on"),
        ("deals", "opened_on"),
        ("orders", "ordered_on"),
        ("deliveries", "delivered_on"),
        ("invoices", "issued_on"),
        ("payments", "paid_on"),
        ("competitor_prices", "observed_on"),
    ],
)
def test_a_row_is_entered_within_two_days_and_before_the_end(export, tables, table, happened):
    delay = (tables[table]["known_on"] - tables[table][happened]).dt.days
    assert delay.between(0, 2).all()
    assert 0.12 < (delay > 0).mean() < 0.4
    assert tables[table]["known_on"].max() <= pd.Timestamp(export.truth["end"])


def test_no_row_is_known_before_the_row_it_belongs_to(tables):
    entered = tables["orders"].set_index("order_id")["known_on"]
    for table in ("order_lines", "deliveries", "invoices"):
        rows = tables[table]
        assert (rows["known_on"] >= entered.reindex(rows["order_id"]).to_numpy()).all()


def test_a_rival_is_known_from_its_first_product(tables):
    first = tables["competitor_products"].groupby("competitor_id")["known_on"].min()
    known = tables["competitors"].set_index("competitor_id")["known_on"]
    assert known.sort_index().equals(first.sort_index().rename("known_on"))
