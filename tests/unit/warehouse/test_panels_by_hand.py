"""Panels equal what plain Python finds in the raw rows that were believed at a month end."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from books import Books, read_online_retail, read_store
from by_hand import (
    Counted,
    client_months_by_hand,
    client_orders_by_hand,
    client_punctuality_by_hand,
    grouped,
    months_back,
    price_pairs_by_hand,
    product_months_by_hand,
)

from clientlib.config import Settings, SourceSettings
from clientlib.sample import write_sample
from clientlib.warehouse import build_snapshot, load_sources, open_warehouse

ONLINE_RETAIL = "online_retail_2009_2010/online_retail_II_2009_2010.parquet"
FIRST_LOAD, SECOND_LOAD, THIRD_LOAD = "2026-01-05", "2026-02-10", "2026-03-05"
MID_MONTH = date(2025, 12, 10)
CORRECTED = ("erp_orders_2025.csv", "erp_invoices_2025.csv", "erp_payments_2025.csv")
CORRECTED += ("erp_orders_2024.csv", "erp_invoices_2024.csv", "erp_payments_2024.csv")
CORRECTED += ("erp_order_lines_2025.csv", "erp_order_lines_2024.csv")
HALF_A_DIGIT = 0.00005  # sums are decimals of four places, so that less than this is none


@dataclass(frozen=True)
class Company:
    """What was written down, and the warehouse that was built of it."""

    books: Books
    warehouse_path: Path
    month_ends: list[date]

    def panel(self, name: str) -> dict[tuple[str, date], dict]:
        """Give the rows of a panel by the key of its rows and the month end."""
        with duckdb.connect(self.warehouse_path, read_only=True) as warehouse:
            found = warehouse.execute(f"select * from marts.{name}")
            names = [column[0] for column in found.description]
            return {row[:2]: dict(zip(names, row, strict=True)) for row in found.fetchall()}

    def pairs_seen_by(self, day: str) -> list[tuple]:
        """Give the pairs that were known on a day: their keys and our price."""
        with duckdb.connect(self.warehouse_path, read_only=True) as warehouse:
            return warehouse.execute(
                """select product_id, competitor_id, competitor_product_id, observed_on, our_price
                from marts.price_pairs
                where observed_on <= $day and coalesce(known_on <= $day, true)
                and coalesce(known_until > $day, true) order by all""",
                {"day": day},
            ).fetchall()


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def correct(folder: Path, *, first: int) -> None:
    """Give every thirtieth row of eight exports the fields of another row, its key kept."""
    for name in CORRECTED:
        path, keys = folder / name, 2 if "lines" in name else 1
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        for number in range(first, len(lines) - 9, 30):
            fields, donor = lines[number].split(","), lines[number + 8].split(",")
            if len(fields) == len(donor):
                lines[number] = ",".join([*fields[:keys], *donor[keys:]])
        path.write_text("".join(lines), encoding="utf-8")


def sample_settings(root: Path) -> Settings:
    source = SourceSettings(path=Path("data/raw/sample"), preset="sample_company")
    return Settings(root=root, sources={"sample": source})


def load_up_to_mid_month(root: Path) -> Settings:
    settings = sample_settings(root)
    write_sample(root / "data/raw/sample", seed=5, clients=80, end=MID_MONTH)
    load_sources(settings, now=at(FIRST_LOAD))
    return settings


def load_three_times(root: Path) -> Settings:
    settings, folder = sample_settings(root), root / "data/raw/sample"
    write_sample(folder, seed=5, clients=80)
    load_sources(settings, now=at(FIRST_LOAD))
    shutil.copytree(folder, root / "first")
    correct(folder, first=30)
    load_sources(settings, now=at(SECOND_LOAD))
    shutil.copytree(root / "first", folder, dirs_exist_ok=True)
    correct(folder, first=45)
    load_sources(settings, now=at(THIRD_LOAD))
    return settings


def load_online_retail(root: Path, export: Path) -> Settings:
    source = SourceSettings(path=export, preset="online_retail", outside_project=True)
    settings = Settings(root=root, sources={"shop": source})
    load_sources(settings, now=at(FIRST_LOAD))
    return settings


def built(settings: Settings, books: Books) -> Company:
    folder = settings.warehouse_folder
    build_snapshot(settings, now=at(THIRD_LOAD))
    with open_warehouse(folder) as warehouse:
        return Company(books, warehouse.path, [day for day, _ in warehouse.month_ends()])


SAMPLES = {
    "sample, one load up to the middle of a month": load_up_to_mid_month,
    "sample, three loads": load_three_times,
}


@pytest.fixture(scope="module", params=[*SAMPLES, "Online Retail"])
def company(request, tmp_path_factory) -> Company:
    """Give a company as it wrote its rows down, and as the warehouse counts them."""
    root = tmp_path_factory.mktemp("by_hand")
    if request.param in SAMPLES:
        settings = SAMPLES[request.param](root)
        return built(settings, read_store(root / "data/warehouse/raw.duckdb"))
    export = request.getfixturevalue("shared_data") / ONLINE_RETAIL
    return built(load_online_retail(root, export), read_online_retail(export))


def differences(panel: dict[tuple[str, date], dict], by_hand: Counted) -> list[tuple]:
    """List rows that only one side has, and values that are not the same to four decimals."""
    assert len(by_hand) > 1000
    return [
        *((key, "only in the panel") for key in panel.keys() - by_hand.keys()),
        *((key, "only by hand") for key in by_hand.keys() - panel.keys()),
        *(
            (key, column, panel[key][column], value)
            for key in panel.keys() & by_hand.keys()
            for column, value in by_hand[key].items()
            if not is_same(panel[key][column], value)
        ),
    ]


def is_same(built: object, value: object) -> bool:
    if built is None or value is None or isinstance(value, date):
        return built == value
    return abs(float(built) - float(value)) < HALF_A_DIGIT


def test_client_has_rows_from_the_month_of_the_first_business_on(company):
    by_hand = client_months_by_hand(company.books, company.month_ends)
    assert differences(company.panel("client_months"), by_hand) == []


def test_orders_revenue_and_rhythm_are_those_of_the_believed_rows(company):
    by_hand = client_orders_by_hand(company.books, company.month_ends)
    assert differences(company.panel("client_orders"), by_hand) == []


def test_due_late_open_and_overdue_are_those_of_the_believed_rows(company):
    by_hand = client_punctuality_by_hand(company.books, company.month_ends)
    assert differences(company.panel("client_punctuality"), by_hand) == []


def test_sales_and_price_of_products_are_those_of_the_believed_rows(company):
    by_hand = product_months_by_hand(company.books, company.month_ends)
    assert differences(company.panel("product_months"), by_hand) == []


@pytest.mark.parametrize("company", SAMPLES, indirect=True)
@pytest.mark.parametrize("day", ["2025-06-30", "2025-12-10"])
def test_our_price_beside_a_rivals_is_of_our_last_month_with_sales_in_half_a_year(company, day):
    prices = grouped(
        ((*key, row["price"]) for key, row in sorted(company.panel("product_months").items())),
        lambda each: each[0],
    )
    pairs = company.pairs_seen_by(day)
    assert len(pairs) > 100
    for product, *_, observed_on, our_price in pairs:
        usable = [
            price
            for _, month_end, price in prices[product]
            if price is not None and 0 <= months_back(month_end, observed_on) <= 6
        ]
        assert our_price == (usable[-1] if usable else None), (product, observed_on)


@pytest.mark.parametrize("company", SAMPLES, indirect=True)
@pytest.mark.parametrize("day", ["2025-06-30", "2025-12-10"])
def test_pairs_are_all_observed_prices_with_a_judged_match(company, day):
    expected = price_pairs_by_hand(company.books, date.fromisoformat(day))
    assert len(expected) > 100
    assert [pair[:-1] for pair in company.pairs_seen_by(day)] == expected
