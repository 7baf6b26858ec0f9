"""Presets on the files as they are published: every row accounted for, totals as their publishers say."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from clientlib.config import Settings, SourceSettings
from clientlib.sources import find_files, read_preset
from clientlib.warehouse import LoadCount, load_sources

NOW = datetime(2026, 1, 5, tzinfo=UTC)
FOLDERS = {"scms_delivery": "scms_delivery_history", "cfpb_complaints": "cfpb_complaints_sample"}
ROWS = {
    "scms_delivery": {
        "clients": (10_324, 142),
        "managers": (10_324, 4),
        "products": (10_324, 184),
        "orders": (10_324, 6_233),
        "order_lines": (10_324, 10_324),
        "deliveries": (10_324, 10_324),
    },
    "cfpb_complaints": {
        "complaints": (8_340, 8_339),
        "clients": (8_339, 813),
        "products": (8_339, 9),
    },
}


@pytest.fixture(scope="module")
def loaded(shared_data, tmp_path_factory) -> dict[str, tuple[Path, list[LoadCount]]]:
    """Give for each preset the project that it was loaded into, and the counts."""
    made = {}
    for preset, folder in FOLDERS.items():
        root = tmp_path_factory.mktemp(preset)
        source = SourceSettings(path=shared_data / folder, preset=preset, outside_project=True)
        settings = Settings(root=root, sources={preset: source})
        made[preset] = root, load_sources(settings, now=NOW)
    return made


def read(loaded, preset: str, query: str) -> tuple:
    with duckdb.connect(loaded[preset][0] / "data/warehouse/raw.duckdb") as connection:
        return connection.execute(query).fetchone()


@pytest.mark.parametrize("preset", FOLDERS)
def test_rows_read_are_new_changed_same_or_in_quarantine(loaded, preset):
    _, counts = loaded[preset]
    for count in counts:
        kept = count.loaded_count + count.same_count + count.quarantined_count
        assert count.read_count == kept
    assert {c.table: (c.read_count, c.loaded_count) for c in counts} == ROWS[preset]


def test_no_row_of_scms_goes_to_quarantine(loaded):
    assert {count.quarantined_count for count in loaded["scms_delivery"][1]} == {0}


def test_scms_keeps_its_money(loaded):
    (value,) = read(loaded, "scms_delivery", "select sum(quantity * unit_price) from order_lines")
    assert float(value) == pytest.approx(1_627_584_457, abs=1_000)  # of a price's fourth decimal


def delays(loaded, condition: str) -> tuple[float, float, float]:
    """Shares of deliveries that came late, on the day and early, by their order's promise."""
    days = "datediff('day', promised_on, delivered_on)"
    return read(
        loaded,
        "scms_delivery",
        f"""select avg(({days} > 0)::int), avg(({days} = 0)::int), avg(({days} < 0)::int)
        from deliveries inner join orders using (order_id) where {condition}""",
    )


def test_scms_deliveries_are_late_as_published(loaded, shared_data):
    path = shared_data / FOLDERS["scms_delivery"] / "SCMS_Delivery_History_Dataset.csv"
    promised, came = (
        f"""strptime("{day}", '%d-%b-%y')"""
        for day in ("Scheduled Delivery Date", "Delivered to Client Date")
    )
    several = [
        name
        for (name,) in duckdb.execute(
            f"""select "PO / SO #" from read_csv(?, all_varchar = true)
            group by all having count(distinct {promised}) > 1""",
            [str(path)],
        ).fetchall()
    ]
    published = duckdb.execute(
        f"""select avg(({came} > {promised})::int), avg(({came} = {promised})::int),
        avg(({came} < {promised})::int) from read_csv(?, all_varchar = true)
        where not list_contains(?, "PO / SO #")""",
        [str(path), several],
    ).fetchone()
    names = ", ".join(f"'{name}'" for name in several)
    assert len(several) == 37
    assert delays(loaded, f"order_id not in ({names})") == pytest.approx(published)
    assert published[0] == pytest.approx(0.115, abs=0.001)


def test_scms_orders_of_several_promised_days_move_the_late_share_little(loaded):
    assert delays(loaded, "true") == pytest.approx((0.115, 0.613, 0.273), abs=0.008)


def test_scms_span_is_as_published(loaded):
    span = read(
        loaded,
        "scms_delivery",
        "select min(delivered_on)::varchar, max(delivered_on)::varchar from deliveries",
    )
    assert span == ("2006-05-02", "2015-09-14")


def test_not_applicable_stays_the_value_that_it_is(shared_data, tmp_path):
    (mapping,) = read_preset("scms_delivery").files
    (file,) = find_files(shared_data / FOLDERS["scms_delivery"], mapping)
    with file.reading(tmp_path) as reading:
        (count,) = duckdb.execute(
            f"""select count(*) from {reading.relation} where "Shipment Mode" = 'N/A'""",
            reading.parameters,
        ).fetchone()
    assert count == 360


def test_line_of_complaints_that_was_cut_off_waits_in_quarantine(loaded):
    bad = read(
        loaded,
        "cfpb_complaints",
        """select count(*), min(source_row), min(reasons[1]."rule") from quarantine""",
    )
    assert bad == (1, 8_341, "line_shape")


def test_complaints_span_as_published_and_no_company_knew_before_they_came(loaded):
    span = read(
        loaded,
        "cfpb_complaints",
        """select min(opened_on)::varchar, max(opened_on)::varchar,
        count(*) filter (where known_on < opened_on) from complaints""",
    )
    assert span == ("2014-10-10", "2014-11-13", 0)
