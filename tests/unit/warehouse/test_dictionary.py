from pathlib import Path

import pytest

from clientlib.warehouse.contracts import parse_contract, read_contracts
from clientlib.warehouse.dictionary import PAGE, render_dictionary, write_dictionary

ROOT = Path(__file__).parents[3]
ORDERS = """-- One row per order.
-- grain:    order_id
-- readers:  all
-- happened: ordered_on
-- column:   order_id   text  | key, as ERP|CRM has it
-- column:   ordered_on date? | day it was placed
-- check:    happened ordered_on
select order_id, ordered_on from raw.orders where known_until is null
"""
COUNTS = """-- One row per month end.
-- grain:  month_end
-- readers: all
-- as_of:  month_end
-- until:  known_until
-- column: month_end | last day
with m as (select ordered_on from staging.orders) select ordered_on as month_end from m
"""
DRAWN = {
    "marts.counts": parse_contract("marts", "counts", COUNTS),
    "staging.orders": parse_contract("staging", "orders", ORDERS),
}


@pytest.fixture(scope="module")
def page() -> str:
    return render_dictionary(DRAWN)


def test_committed_dictionary_is_that_of_the_contracts(tmp_path):
    write_dictionary(tmp_path / "page.md")
    written = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert (ROOT / PAGE).read_text(encoding="utf-8") == written, (
        "run: python -m clientlib.warehouse.dictionary"
    )


def test_order_of_the_files_does_not_matter():
    backwards = dict(reversed(read_contracts().items()))
    assert render_dictionary(backwards) == render_dictionary(read_contracts())


def test_canonical_table_shows_types_required_columns_and_rules(page):
    canonical = page.partition("### staging.orders\n")[2].partition("##")[0]
    assert canonical == (
        "\nOne row per order. Grain: `order_id`.\n\n"
        "| column | type | required | meaning |\n|---|---|---|---|\n"
        "| `order_id` | text | yes | key, as ERP\\|CRM has it |\n"
        "| `ordered_on` | date | | day it was placed |\n\n"
        "* Happened: `ordered_on`\n* Readers see: all rows\n* Rules: `happened ordered_on`\n* Reads: `raw.orders`\n"
        "* Read by: `marts.counts`\n\n"
    )


def test_mart_shows_the_dates_it_is_read_as_of_and_what_it_reads(page):
    mart = page.partition("### marts.counts\n")[2].partition("##")[0]
    assert "| `month_end` | last day |" in mart
    assert mart.endswith(
        "* As of: `month_end`\n* Believed until: `known_until`\n* Readers see: all rows\n* Reads: `staging.orders`\n\n"
    )


def test_canonical_tables_come_before_marts(page):
    places = [page.index(heading) for heading in
              ("## Canonical tables", "### staging.orders", "## Marts", "### marts.counts")]  # fmt: skip
    assert places == sorted(places)


@pytest.mark.parametrize("name", sorted(read_contracts()))
def test_every_table_and_column_is_there(name):
    section = (ROOT / PAGE).read_text(encoding="utf-8").partition(f"### {name}\n")[2]
    section = section.partition("\n##")[0]
    missing = [c for c in read_contracts()[name].column_names if f"| `{c}` |" not in section]
    assert section
    assert missing == []
