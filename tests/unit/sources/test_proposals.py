"""Proposals for exports that no preset knows: what is found, what is doubted, what is left out."""

import codecs
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter
from agreements import PUBLISHED, compare

from clientlib.cli.projects import canonical_shapes
from clientlib.config import load_settings
from clientlib.errors import ConfigError, InputError
from clientlib.sample import write_sample
from clientlib.sources import list_presets, read_preset
from clientlib.sources.proposals import (
    ProposedFile,
    open_points,
    propose_tables,
    read_samples,
    write_mappings,
)
from clientlib.sources.proposals.headings import read_vocabulary, words_of
from clientlib.sources.proposals.sampling import find_encoding
from clientlib.starter.proposed import write_proposed_project
from clientlib.warehouse import load_sources

SHAPES = canonical_shapes()
NOW = datetime(2026, 1, 5, tzinfo=UTC)
AGREED = {  # shares of a preset's columns that the proposal reads from the same heading
    "cfpb_complaints": 0.9,
    "ibm_receivables": 1.0,
    "maven_crm": 0.75,
    "online_retail": 0.8,
    "retail_price": 0.65,  # whom competitor 1 of a category stands for, nobody can guess
    "sample_company": 0.98,
    "scms_delivery": 0.8,
}


def propose(folder: Path) -> list[ProposedFile]:
    return propose_tables(read_samples(folder), SHAPES)


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def table(files: list[ProposedFile], name: str) -> dict[str, str]:
    """Columns of a proposed table with what each is read from."""
    (found,) = [table for file in files for table in file.tables if table.table == name]
    assert not found.missing
    return {column.name: column.source for column in found.columns}


def unsure(files: list[ProposedFile]) -> set[str]:
    return {
        f"{table.table}.{column.name}"
        for file in files
        for table in file.tables
        for column in table.columns
        if not column.is_sure
    }


def test_vocabulary_knows_every_table_and_no_column_that_none_has():
    vocabulary = read_vocabulary()
    shared = set.intersection(*(set(words.headings) for words in vocabulary.values()))
    assert set(vocabulary) == set(SHAPES)
    for name, words in vocabulary.items():
        columns = {column.name for column in SHAPES[name].columns}
        assert columns <= set(words.headings)
        assert set(words.headings) <= columns | shared


def test_words_for_states_and_flags_stand_for_values_that_a_column_may_have():
    allowed = {value for shape in SHAPES.values() for c in shape.columns for value in c.allowed}
    flags = {c.name for shape in SHAPES.values() for c in shape.columns if c.type == "flag"}
    for words in read_vocabulary().values():
        assert {state for states in words.states.values() for state in states} <= allowed
        assert set(words.flags) <= flags


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("customerID", ("customer", "id")),
        ("Sell-to Customer No.", ("sell", "to", "customer", "no")),
        ("Užsakymo Nr.", ("uzsakymo", "nr")),
        ("PO / SO #", ("po", "so", "no")),
        ("date_order", ("date", "order")),
        ("KUNNR", ("kunnr",)),
        ("Sales", ("sale",)),
    ],
)
def test_case_accents_and_punctuation_of_a_heading_do_not_count(heading, words):
    assert words_of(heading) == words


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        pytest.param(
            "Užsakymo Nr.;Kliento kodas;Užsakymo data;Būsena",
            ["order_id", "client_id", "ordered_on", "status"], id="Lithuanian"),
        pytest.param("VBELN;KUNNR;AUDAT;Status",
                     ["order_id", "client_id", "ordered_on", "status"], id="SAP"),
        pytest.param("Order No.;Sell-to Customer No.;Order Date;Status",
                     ["order_id", "client_id", "ordered_on", "status"], id="Navision"),
        pytest.param("order_ref;partner_id;date_order;state",
                     ["order_id", "client_id", "ordered_on", "status"], id="Odoo"),
        pytest.param("Num;Customer;Txn Date;Status",
                     ["order_id", "client_id", "ordered_on", "status"], id="QuickBooks"),
    ],
)  # fmt: skip
def test_headings_of_known_systems_are_recognised(tmp_path, headings, columns):
    rows = "".join(f"O-{n};C-{n % 3};{n + 12}.03.2025;open\n" for n in range(1, 9))
    write(tmp_path, "orders.csv", f"{headings}\n{rows}")
    assert table(propose(tmp_path), "orders") == dict(
        zip(columns, headings.split(";"), strict=True)
    )


def test_delimiter_decimal_sign_thousands_and_form_of_dates_are_found(tmp_path):
    write(
        tmp_path,
        "saskaitos.csv",
        "Sąskaitos Nr.;Klientas;Sąskaitos data;Terminas;Suma\n"
        "S-1;K-1;01.02.2025;15.02.2025;1.234,50\nS-2;K-2;03.02.2025;28.02.2025;99,90\n",
    )
    (file,) = propose(tmp_path)
    assert file.written == {
        "delimiter": ";",
        "date_format": "%d.%m.%Y",
        "decimal": ",",
        "thousands": ".",
    }


def test_day_and_month_that_can_be_swapped_are_to_be_confirmed(tmp_path):
    write(
        tmp_path,
        "orders.csv",
        "Order No,Customer,Order Date\nO-1,C-1,03/04/2025\nO-2,C-2,05/06/2025\n",
    )
    files = propose(tmp_path)
    doubts = [point for point in open_points(files) if "date_format" in point]
    assert doubts == ["orders.csv: date_format %d/%m/%Y: %m/%d/%Y reads the same cells"]
    assert "# confirm: date_format" in write_mappings("shop", files)


def test_number_that_can_be_read_both_ways_is_to_be_confirmed(tmp_path):
    write(tmp_path, "lines.csv", "Order No;Item;Qty;Unit Price\nO-1;P-1;2;1,234\nO-2;P-2;3;5,678\n")
    assert any("decimal" in point for point in open_points(propose(tmp_path)))


@pytest.mark.parametrize(
    ("text", "encoding", "found", "is_doubtful"),
    [
        pytest.param("Šiaulių gatvė", "utf-8", "utf-8", False, id="utf-8"),
        pytest.param("Šiaulių gatvė", "utf-16", "utf-16", False, id="utf-16"),
        pytest.param("Šiaulių gatvė", "windows-1257", "windows-1257", True, id="Lithuanian"),
        pytest.param("Café Müller Straße", "windows-1252", "windows-1252", True, id="Western"),
    ],
)
def test_encoding_is_found_and_doubted_where_bytes_do_not_prove_it(
    tmp_path, text, encoding, found, is_doubtful
):
    path = write(tmp_path, "clients.csv", f"Name\n{text}\n", encoding)
    assert codecs.lookup(find_encoding(path)[0]) == codecs.lookup(found)
    assert bool(find_encoding(path)[1]) is is_doubtful


def test_baltic_letters_of_one_file_speak_for_the_others(tmp_path):
    write(tmp_path, "clients.csv", "Client No;Name\nC-1;Šarūnas\n", "windows-1257")
    write(tmp_path, "products.csv", "Item No;Name\nP-1;Gėlė\n", "windows-1257")
    assert {file.written["encoding"] for file in propose(tmp_path)} == {"windows-1257"}


def clients(count: int) -> str:
    return "Client No,Name\n" + "".join(f"C-{n},Client {n}\n" for n in range(count))


def test_reference_is_confirmed_by_values_that_stand_in_the_other_file(tmp_path):
    write(tmp_path, "clients.csv", clients(20))
    rows = "".join(f"O-{n},C-{n % 20},2025-03-{n % 28 + 1:02}\n" for n in range(40))
    write(tmp_path, "orders.csv", "Order No,Client No,Order Date\n" + rows)
    (column,) = [
        column
        for file in propose(tmp_path)
        for found in file.tables
        for column in found.columns
        if (found.table, column.name) == ("orders", "client_id")
    ]
    assert column.is_sure
    assert "100% of its values stand in clients" in column.evidence


def test_reference_is_doubted_where_values_stand_nowhere(tmp_path):
    write(tmp_path, "clients.csv", clients(20))
    rows = "".join(f"O-{n},X-{n % 20},2025-03-{n % 28 + 1:02}\n" for n in range(40))
    write(tmp_path, "orders.csv", "Order No,Client No,Order Date\n" + rows)
    assert "orders.client_id" in unsure(propose(tmp_path))


def test_reference_without_a_telling_heading_is_found_by_its_values_and_doubted(tmp_path):
    write(tmp_path, "clients.csv", clients(20))
    rows = "".join(f"O-{n},C-{n % 20},2025-03-{n % 28 + 1:02}\n" for n in range(40))
    write(tmp_path, "orders.csv", "Order No,Whoever,Order Date\n" + rows)
    files = propose(tmp_path)
    assert table(files, "orders")["client_id"] == "Whoever"
    assert "orders.client_id" in unsure(files)
    assert '# client_id = "Whoever"' in write_mappings("shop", files)


def test_lines_are_folded_to_the_tables_that_they_refer_to_with_what_the_key_decides(tmp_path):
    rows = "".join(
        f"O-{n // 2},C-{n // 4},Client {n // 4},2025-03-01,P-{n % 3},{n + 1},{n + 2}.50\n"
        for n in range(24)
    )
    write(tmp_path, "order_lines.csv",
          "Order No,Customer No,Customer Name,Order Date,Item No,Qty,Unit Price\n" + rows)  # fmt: skip
    files = propose(tmp_path)
    folded = {t.table: t.one_per_key for file in files for t in file.tables}
    assert folded == {"order_lines": False, "orders": True, "clients": True, "products": True}
    assert table(files, "clients") == {"client_id": "Customer No", "name": "Customer Name"}
    assert "list_price" not in table(files, "products")


def test_states_become_those_that_a_table_knows_and_unknown_ones_are_asked_about(tmp_path):
    rows = "O-1,C-1,2025-03-01,Shipped\nO-2,C-1,2025-03-02,Void\nO-3,C-1,2025-03-03,Zebra\n"
    write(tmp_path, "orders.csv", "Order No,Client,Order Date,Status\n" + rows)
    files = propose(tmp_path)
    assert table(files, "orders")["status"] == (
        """case "Status" when 'Shipped' then 'delivered' when 'Void' then 'cancelled' else "Status" end"""
    )
    assert any("what does 'Zebra' mean?" in point for point in open_points(files))


def test_value_of_a_file_cannot_end_a_line_or_a_text_of_the_configuration(tmp_path):
    heading = 'Status"\n[company]\nname = "x'
    rows = "".join(f"O-{n},2025-03-0{n + 1},it's\n" for n in range(3))
    quoted = heading.replace('"', '""')
    write(tmp_path, "orders.csv", f'Order No,Order Date,"{quoted}"\n{rows}')
    root = tmp_path / "shop"
    write_proposed_project(root, tmp_path / "orders.csv", SHAPES)
    assert load_settings(root).company.name == "Our company"


def test_files_of_one_family_are_one_mapping(tmp_path):
    for year in (2024, 2025):
        rows = f"O-{year},C-1,{year}-03-01\n"
        write(tmp_path, f"orders_{year}.csv", "Order No,Client,Order Date\n" + rows)
    (file,) = propose(tmp_path)
    assert (file.sample.glob, file.sample.files, len(file.sample.rows)) == ("orders_*.csv", 2, 2)


def test_file_that_looks_otherwise_is_a_mapping_of_its_own(tmp_path):
    write(tmp_path, "orders_2024.csv", "Order No,Client,Order Date\nO-1,C-1,2024-03-01\n")
    write(tmp_path, "orders_2025.csv", "Order No,Client,Order Date\nO-2,C-1,2025-03-01\n")
    write(tmp_path, "orders_2026.csv", "OrderNo,Client,Ordered\nO-3,C-1,2026-03-01\n")
    assert [file.sample.glob for file in propose(tmp_path)] == [
        "orders_2024.csv",
        "orders_2025.csv",
        "orders_2026.csv",
    ]


def test_workbook_is_read_and_its_other_sheets_are_told(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "clients.xlsx") as book:
        sheet = book.add_worksheet("Clients")
        sheet.write_row(0, 0, ["Client No", "Name", "Country"])
        sheet.write_row(1, 0, ["C-1", "Acme", "LT"])
        book.add_worksheet("Old")
    files = propose(tmp_path)
    assert table(files, "clients")["country"] == "Country"
    assert any("not Old" in point for point in open_points(files))


def test_file_that_is_no_table_of_ours_is_left_out_and_said_so(tmp_path):
    write(tmp_path, "clients.csv", clients(3))
    write(tmp_path, "weather.csv", "Station,Rain\n1,2\n")
    files = propose(tmp_path)
    assert "weather.csv is left out: it has Station, Rain" in write_mappings("x", files)
    assert "weather.csv: no canonical table was recognised" in open_points(files)


def test_table_without_a_required_column_is_commented_out_and_named(tmp_path):
    write(tmp_path, "invoices.csv", "Invoice No,Customer,Amount\nI-1,C-1,5\nI-2,C-2,6\n")
    files = propose(tmp_path)
    assert any("invoices lacks issued_on, due_on" in point for point in open_points(files))


def test_project_of_nothing_recognised_is_not_written(tmp_path):
    export = write(tmp_path, "weather.csv", "Station,Rain\n1,2\n")
    with pytest.raises(InputError, match=r"nothing in weather.csv was recognised[\s\S]*Station"):
        write_proposed_project(tmp_path / "shop", export, SHAPES)
    assert not (tmp_path / "shop").exists()


def test_project_is_never_written_over_by_a_proposal(tmp_path):
    export = write(tmp_path, "clients.csv", clients(3))
    write_proposed_project(tmp_path / "shop", export, SHAPES)
    with pytest.raises(ConfigError, match="shop is a project already"):
        write_proposed_project(tmp_path / "shop", export, SHAPES)


@pytest.mark.parametrize("preset", PUBLISHED)
def test_proposals_agree_with_the_presets_made_by_hand(shared_data, preset):
    assert compare(preset, shared_data / PUBLISHED[preset]).share >= AGREED[preset]


def test_proposals_agree_with_the_preset_of_the_sample_company(tmp_path):
    write_sample(tmp_path, seed=7, clients=60)
    assert compare("sample_company", tmp_path).share >= AGREED["sample_company"]


def test_every_preset_is_compared_with_a_proposal():
    files_only = [name for name in list_presets() if read_preset(name).files[0].file]
    assert set(files_only) == set(AGREED)


@pytest.mark.parametrize("preset", [name for name in PUBLISHED if name != "online_retail"])
def test_proposed_project_loads_as_it_is_written(shared_data, tmp_path, preset):
    export = shared_data / PUBLISHED[preset]
    project = write_proposed_project(tmp_path / "shop", export, SHAPES)
    counts = load_sources(load_settings(tmp_path / "shop"), now=NOW, accept_excess=True)
    assert {count.table for count in counts} == {t for ts in project.tables.values() for t in ts}
    assert sum(count.loaded_count for count in counts) > 0
    assert all(c.quarantined_count <= 0.06 * c.read_count for c in counts)


def test_proposed_project_of_the_sample_company_loads_every_table(tmp_path):
    write_sample(tmp_path / "exports", seed=7, clients=60)
    write_proposed_project(tmp_path / "shop", tmp_path / "exports", SHAPES)
    counts = load_sources(load_settings(tmp_path / "shop"), now=NOW, accept_excess=True)
    assert {count.table for count in counts} == set(SHAPES)
    assert sum(c.quarantined_count for c in counts) <= 0.01 * sum(c.read_count for c in counts)
