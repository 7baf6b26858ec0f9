"""Rules by which proposals choose among tables, take headings, read values and make up keys."""

from pathlib import Path

import pytest

from clientlib.cli.projects import canonical_shapes
from clientlib.sources.proposals import (
    ProposedColumn,
    ProposedFile,
    open_points,
    propose_tables,
    read_samples,
    write_mappings,
)

SHAPES = canonical_shapes()
ORDERS = "Order No,Customer No,Order Date,Valid Until,Rep,Status,Amount\n"


def propose(folder: Path) -> list[ProposedFile]:
    return propose_tables(read_samples(folder), SHAPES)


def propose_one(folder: Path, name: str, text: str) -> ProposedFile:
    (folder / name).write_text(text, encoding="utf-8")
    (file,) = propose(folder)
    return file


def columns(file: ProposedFile, name: str) -> dict[str, ProposedColumn]:
    (found,) = [table for table in file.tables if table.table == name and not table.missing]
    return {column.name: column for column in found.columns}


def rows(form: str, count: int = 12) -> str:
    return "".join(form.format(n=n, day=n + 10, third=n % 3) + "\n" for n in range(count))


@pytest.mark.parametrize(
    "name", ["orders.csv", "data.csv", "quotes.csv", "contracts.csv", "targets.csv"]
)
def test_orders_are_taken_for_orders_whatever_the_file_is_named(tmp_path, name):
    text = ORDERS + rows("O-{n},C-{third},2025-03-{day},2025-04-{day},R-{third},open,99.5")
    assert propose_one(tmp_path, name, text).tables[0].table == "orders"


def test_two_tables_that_fit_nearly_as_well_are_to_be_confirmed(tmp_path):
    text = "No,Customer,Date,Channel,Status\n" + rows("{n},C-{third},2025-03-{day},web,open")
    file = propose_one(tmp_path, "data.csv", text)
    assert file.doubts == ("taken for orders, but interactions fits nearly as well",)
    assert "# confirm: taken for orders" in write_mappings("shop", [file])


def test_table_that_the_file_is_named_like_is_pointed_out(tmp_path):
    text = "Id,Campaign Id,Name,Country,Industry\n" + rows("{n},CA-{third},Acme {n},LT,trade")
    file = propose_one(tmp_path, "campaign_members.csv", text)
    assert file.doubts == (
        "taken for clients; it is named like touches, which lacks client_id, touched_on",
    )


def test_table_that_fits_better_but_for_a_column_is_pointed_out(tmp_path):
    text = "No,Name,Campaign,Contact No,Account,Responded,Response,Held out\n" + rows(
        "{n},Acme {n},CA-1,CT-{n},C-{n},2025-03-{day},asked,no"
    )
    file = propose_one(tmp_path, "data.csv", text)
    assert file.doubts == ("taken for contacts; more speaks for touches, which lacks touched_on",)


def test_little_that_speaks_for_a_table_is_said(tmp_path):
    text = "Competitor,Name\n" + rows("K-{n},Rival {n}", 4)
    file = propose_one(tmp_path, "data.csv", text)
    assert file.doubts == ("little speaks for competitors: Competitor, Name",)


def test_file_whose_rows_repeat_the_key_of_its_table_is_proposed_and_said(tmp_path):
    text = "Item No,Location,Count Date,On Hand\n" + rows("P-{third},L-{n},2025-03-01,{n}")
    file = propose_one(tmp_path, "stock.csv", text)
    assert file.tables[0].table == "stock"
    assert file.doubts == ("stock repeats its key product_id, counted_on",)


def test_rows_are_of_a_second_table_only_if_it_needs_a_heading_of_its_own(tmp_path):
    text = "Contract No,Client No,Manager No,From,Until\n" + rows(
        "K-{n},C-{n},M-{third},2025-03-{day},2026-03-{day}"
    )
    file = propose_one(tmp_path, "contracts.csv", text)
    assert "assignments" not in {table.table for table in file.tables}


def test_table_is_left_to_the_file_that_names_its_rows(tmp_path):
    catalogue = "Rival No,Rival,Rival Item,Name\n" + rows("K-{third},Rival {third},I-{n},Item {n}")
    named = "Deal No,Rival No,Named on\n" + rows("D-{n},K-{third},2025-03-{day}")
    (tmp_path / "rival_catalogue.csv").write_text(catalogue, encoding="utf-8")
    (tmp_path / "deal_rivals.csv").write_text(named, encoding="utf-8")
    givers = {
        f.sample.name for f in propose(tmp_path) for t in f.tables if t.table == "competitors"
    }
    assert givers == {"rival_catalogue.csv"}


def test_only_heading_of_a_required_column_is_not_given_to_an_optional_one(tmp_path):
    text = "Id,CampaignId,AccountId,CreatedDate\n" + rows("T-{n},CA-{third},C-{n},2025-03-{day}")
    found = columns(propose_one(tmp_path, "campaign_members.csv", text), "touches")
    assert found["touched_on"].source == "CreatedDate"
    assert not found["touched_on"].is_sure


def test_plural_over_whole_numbers_counts_and_refers_to_nothing(tmp_path):
    text = "Order No,Customers,Order Date\n" + rows("O-{n},{n},2025-03-{day}")
    assert "client_id" not in columns(propose_one(tmp_path, "orders.csv", text), "orders")


def test_days_are_no_text(tmp_path):
    text = "Case No,Opened,Kind\n" + rows("CP-{n},2025-03-{day},2025-04-{day}")
    assert "kind" not in columns(propose_one(tmp_path, "cases.csv", text), "complaints")


def test_blanks_where_each_row_must_have_a_value_are_to_be_confirmed(tmp_path):
    blanks = "".join(f"I-{n},{'C-1' if n > 2 else ''},2025-03-01,2025-04-01,5\n" for n in range(12))
    text = "Invoice No,Customer No,Invoice Date,Due Date,Amount\n" + blanks
    client = columns(propose_one(tmp_path, "invoices.csv", text), "invoices")["client_id"]
    assert not client.is_sure
    assert client.evidence == "25% of its cells are blank: such rows go to quarantine"


@pytest.mark.parametrize(
    ("heading", "first", "is_divided"),
    [
        pytest.param("Discount", "0.15", False, id="shares"),
        pytest.param("Discount", "15", True, id="values above 1"),
        pytest.param("Nuolaida, %", "0", True, id="the heading says so"),
    ],
)
def test_per_cents_become_shares_to_be_confirmed(tmp_path, heading, first, is_divided):
    text = f'Order No,Line No,Item No,Qty,Price,"{heading}"\n' + rows(
        "O-{n},1,P-{third},{n},9.5," + first
    )
    share = columns(propose_one(tmp_path, "order_lines.csv", text), "order_lines")["discount_share"]
    assert share.source.endswith("/ 100") is is_divided
    assert share.is_sure is not is_divided


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        pytest.param("Amount EUR", "amount", id="a currency is no word of a heading"),
        pytest.param("Amount (LCY)", "amount", id="nor is Navision's local currency"),
        pytest.param("Amount__c", "amount", id="nor Salesforce's mark of own fields"),
    ],
)
def test_units_and_marks_of_a_heading_do_not_count(tmp_path, heading, column):
    text = f"Invoice No,Customer No,Invoice Date,Due Date,{heading}\n" + rows(
        "I-{n},C-{third},2025-03-{day},2025-04-{day},5.5"
    )
    assert columns(propose_one(tmp_path, "invoices.csv", text), "invoices")[column].is_sure


def test_flags_in_other_words_become_true_and_false_and_unknown_ones_are_asked_about(tmp_path):
    text = "Activity No,Client,Activity date,Activity type,Direction\n" + rows(
        "A-{n},C-{third},2025-03-{day},Phone,{third}"
    ).replace(",0\n", ",Inbound\n").replace(",1\n", ",Outbound\n").replace(",2\n", ",Sideways\n")
    file = propose_one(tmp_path, "activities.csv", text)
    flag = columns(file, "interactions")["is_inbound"]
    assert flag.source == (
        "case \"Direction\" when 'Inbound' then 'true' when 'Outbound' then 'false'"
        ' else "Direction" end'
    )
    assert any("what does 'Sideways' mean?" in point for point in open_points([file]))


def test_word_for_a_state_means_what_it_means_in_its_table(tmp_path):
    text = "Quote No,Quote Date,Item No,Price,State\n" + rows("Q-{n},2025-03-{day},P-1,9.5,sale")
    outcome = columns(propose_one(tmp_path, "quotes.csv", text), "quotes")["outcome"]
    assert "when 'sale' then 'accepted'" in outcome.source


def test_key_of_what_nothing_refers_to_is_made_of_what_tells_rows_apart(tmp_path):
    text = "Client No,Day,Aspect,Score\n" + rows("C-{third},2025-03-01,aspect {n},{third}")
    answer = columns(propose_one(tmp_path, "survey.csv", text), "surveys")["answer_id"]
    assert answer.source == """concat_ws(' ', "Client No", "Day", "Aspect")"""
    assert not answer.is_sure


def test_no_key_is_made_up_in_a_file_that_has_one_of_something_else(tmp_path):
    text = "Balance Id,Client No,Day,Aspect,Score\n" + rows("{n},C-{third},2025-03-{day},a,{n}")
    assert propose_one(tmp_path, "data.csv", text).tables == ()


@pytest.mark.parametrize(
    ("who", "key"),
    [
        pytest.param("Customer No", """concat_ws(' ', "Customer No", "Order Date")""",
                     id="what a client buys on a day is an order"),
        pytest.param("Shop", """concat_ws(' ', "Item No", "Order Date")""",
                     id="without clients each product and day is one"),
    ],
)  # fmt: skip
def test_orders_without_a_number_are_made_of_who_and_when(tmp_path, who, key):
    text = f"{who},Order Date,Item No,Qty,Unit Price\n" + rows("C-{third},2025-03-{day},P-{n},1,9")
    file = propose_one(tmp_path, "sales.csv", text)
    assert columns(file, "order_lines")["order_id"].source == key
    assert columns(file, "orders")["order_id"].source == key
    assert not columns(file, "orders")["order_id"].is_sure


BESIDE = "Item No,Order Date,Qty,Unit Price,Competitor A,Competitor B,Rating A\n"


def test_prices_of_competitors_beside_ours_become_their_prices_to_be_confirmed(tmp_path):
    text = BESIDE + rows("P-{n},2025-03-{day},2,10,11.5,9.{n},4")
    file = propose_one(tmp_path, "prices.csv", text)
    prices = [table for table in file.tables if table.table == "competitor_prices"]
    sources = [{column.name: column.source for column in table.columns} for table in prices]
    assert [source["price"] for source in sources] == ["Competitor A", "Competitor B"]
    assert sources[0]["competitor_id"] == "'Competitor A'"
    doubted = {c.name for table in prices for c in table.columns if not c.is_sure}
    assert doubted == {"competitor_id", "price"}
    assert "Rating A" in file.unused


def test_doubt_that_several_tables_share_is_listed_once(tmp_path):
    text = BESIDE + rows("P-{n},2025-03-{day},2,10,11.5,9.{n},4")
    points = open_points([propose_one(tmp_path, "prices.csv", text)])
    (point,) = [point for point in points if "is Competitor A one competitor" in point]
    assert "competitors.competitor_id" in point
    assert "competitor_prices.competitor_id" in point


def test_prices_beside_ours_that_equal_them_are_pointed_out(tmp_path):
    text = BESIDE + rows("P-{n},2025-03-{day},2,10,10,9,4")
    points = open_points([propose_one(tmp_path, "prices.csv", text)])
    assert any("100% of them equal ours to the cent: filled in?" in point for point in points)


def test_numbers_that_are_not_of_the_size_of_our_prices_are_no_prices(tmp_path):
    text = BESIDE + rows("P-{n},2025-03-{day},2,10,1150,900,4")
    found = {table.table for table in propose_one(tmp_path, "prices.csv", text).tables}
    assert "competitor_prices" not in found
