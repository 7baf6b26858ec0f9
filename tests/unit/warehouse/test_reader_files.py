"""What the file of one reader holds, on a company small enough to be drawn."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from drawn import snapshot_of

from clientlib.config import ReaderRule, Settings
from clientlib.errors import ConfigError, InputError
from clientlib.warehouse import (
    ONLY_FILE,
    Editions,
    Reader,
    cut_issued,
    open_warehouse,
)
from clientlib.warehouse.readers import check_rule

AS_OF = date(2025, 12, 31)


def list_readers(snapshot, kind, rule, **asked):
    with Editions(snapshot, kind, rule, **asked) as editions:
        return editions.readers


# C-1 and C-5 are one client; C-2 moved from M-1 to M-2 in July; C-3 is the head of C-1; C-4 is nobody's.
COMPANY = {
    "managers": "manager_id name weekly_hours\nM-1 Asta 40\nM-2 Jonas 20\nM-3 Idle 40",
    "clients": """
        client_id name   region parent_id referred_by_id manager_id first_contact_on
        C-1       Alfa   North  C-3       C-4            M-1        2025-01-02
        C-2       Beta   South  -         C-1            M-2        2025-01-02
        C-3       Gama   South  -         -              M-2        2025-01-02
        C-4       Delta  -      -         -              -          2025-01-02
        C-5       Alfa   North  -         -              M-1        2025-01-02
    """,
    "assignments": """
        client_id starts_on  manager_id ends_on
        C-2       2025-01-02 M-1        2025-06-30
        C-2       2025-07-01 M-2        -
    """,
    "orders": """
        order_id client_id ordered_on status    version known_on   known_until
        O-1      C-1       2025-03-03 delivered 1       2025-03-03 -
        O-2      C-2       2025-03-04 delivered 1       2025-03-04 -
        O-3      C-3       2025-03-05 delivered 1       2025-03-05 -
        O-4      C-4       2025-03-06 delivered 1       2025-03-06 -
        O-5      C-5       2025-03-07 delivered 1       2025-03-07 -
        O-6      -         2025-03-08 delivered 1       2025-03-08 -
        O-7      C-1       2025-04-01 delivered 1       2025-04-01 2025-05-10
        O-7      C-3       2025-04-01 delivered 2       2025-05-10 -
    """,
    "order_lines": """
        order_id line_no product_id quantity unit_price known_on
        O-1      1       P-1        1        10         2025-03-03
        O-2      1       P-1        1        20         2025-03-04
        O-3      1       P-2        1        40         2025-03-05
        O-4      1       P-2        1        80         2025-03-06
        O-5      1       P-1        1        160        2025-03-07
        O-6      1       P-1        1        320        2025-03-08
        O-7      1       P-3        1        640        2025-04-01
    """,
    "deals": """
        deal_id client_id manager_id opened_on  outcome
        D-1     C-1       M-1        2025-02-01 open
        D-3     C-3       M-2        2025-02-01 open
    """,
    "interactions": """
        interaction_id client_id deal_id happened_on channel
        I-1            C-1       D-1     2025-02-02  call
        I-2            C-1       D-3     2025-02-03  call
    """,
    "invoices": """
        invoice_id client_id issued_on  due_on     amount
        V-1        C-1       2025-03-10 2025-04-10 10
        V-3        C-3       2025-03-10 2025-04-10 40
    """,
    "payments": """
        payment_id invoice_id paid_on    amount
        Y-1        V-1        2025-04-01 10
        Y-3        V-3        2025-04-20 40
        Y-9        V-9        2025-04-20 90
    """,
    "referrals": """
        referral_id client_id referred_by_id referred_on
        R-1         C-1       C-4            2025-01-02
        R-2         C-3       C-1            2025-01-02
    """,
    "products": "product_id name\nP-1 Soap\nP-2 Foam\nP-3 Wax",
    "product_costs": "product_id starts_on unit_cost\nP-1 2025-01-01 3",
    "approval_limits": """
        manager_id kind     starts_on  limit_value
        M-1        discount 2025-01-01 0.1
        M-2        discount 2025-01-01 0.2
    """,
    "campaigns": "campaign_id name kind starts_on cost\nK-1 Fair exhibition 2025-02-01 900",
}  # fmt: skip


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    return snapshot_of(tmp_path_factory.mktemp("drawn"), COMPANY, merged=(("C-1", "C-5"),))


@pytest.fixture(scope="module")
def rules(tmp_path_factory) -> dict[str, ReaderRule]:
    return Settings(root=tmp_path_factory.mktemp("empty")).readers


@pytest.fixture(scope="module")
def opened(snapshot, rules, tmp_path_factory):
    """Open the file of a manager of the drawn company."""
    folder = tmp_path_factory.mktemp("editions")
    with Editions(snapshot, "manager", rules["manager"], as_of=AS_OF) as editions:
        for reader in editions.readers:
            editions.write(reader, folder / f"{reader.key}.duckdb")
    return lambda key: open_warehouse(folder / f"{key}.duckdb")


def values(warehouse, table: str, column: str) -> list:
    found = warehouse.query(f"select {column} as value from {table} order by all")["value"]
    return [None if pd.isna(value) else value for value in found]


def test_readers_are_managers_with_clients_in_the_order_of_their_keys(snapshot, rules):
    with Editions(snapshot, "manager", rules["manager"], as_of=AS_OF) as editions:
        found = [(each.key, each.title, each.clients_count) for each in editions.readers]
        assert found == [("M-1", "Asta", 1), ("M-2", "Jonas", 2)]
        assert editions.unassigned_count == 1


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2025, 6, 30), {"M-1": 2, "M-2": 1}, id="last day under the first manager"),
        pytest.param(date(2025, 7, 1), {"M-1": 1, "M-2": 2}, id="first day under the second"),
        pytest.param(date(2025, 1, 1), {}, id="before any client was known"),
    ],
)  # fmt: skip
def test_dated_assignment_decides_who_holds_a_client(snapshot, rules, day, expected):
    found = list_readers(snapshot, "manager", rules["manager"], as_of=day)
    assert {each.key: each.clients_count for each in found} == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("region", {"North": 1, "South": 2}, id="a client without a region is nobody's"),
        pytest.param("client", {"C-1": 1, "C-2": 1, "C-3": 1, "C-4": 1}, id="merged clients are one"),
    ],
)  # fmt: skip
def test_kinds_need_no_configuration(snapshot, rules, kind, expected):
    found = list_readers(snapshot, kind, rules[kind], as_of=AS_OF)
    assert {each.key: each.clients_count for each in found} == expected


@pytest.mark.parametrize(
    ("table", "column", "first", "second"),
    [
        ("staging.clients", "client_id", ["C-1", "C-5"], ["C-2", "C-3"]),
        ("marts.clients", "client_id", ["C-1"], ["C-2", "C-3"]),
        ("marts.client_ids", "source_client_id", ["C-5"], []),
        ("staging.orders", "order_id", ["O-1", "O-5"], ["O-2", "O-3", "O-7"]),
        ("staging.order_lines", "order_id", ["O-1", "O-5"], ["O-2", "O-3", "O-7"]),
        ("staging.invoices", "invoice_id", ["V-1"], ["V-3"]),
        ("staging.payments", "payment_id", ["Y-1"], ["Y-3"]),
        ("staging.referrals", "referral_id", ["R-1"], ["R-2"]),
        ("staging.managers", "manager_id", ["M-1", "M-2", "M-3"], ["M-1", "M-2", "M-3"]),
        ("staging.managers", "weekly_hours", [None] * 3, [None] * 3),
        ("staging.approval_limits", "manager_id", ["M-1"], ["M-2"]),
        ("staging.products", "product_id", ["P-1", "P-2", "P-3"], ["P-1", "P-2", "P-3"]),
        ("staging.product_costs", "product_id", [], []),
        ("staging.campaigns", "cost", [None], [None]),
        ("marts.load_history", "load_id", [], []),
    ],
)
def test_reader_sees_own_rows_and_what_is_of_nobody(opened, table, column, first, second):
    for key, expected in (("M-1", first), ("M-2", second)):
        with opened(key) as warehouse:
            assert values(warehouse, table, column) == expected


@pytest.mark.parametrize(
    ("table", "column", "first", "second"),
    [
        ("staging.clients", "parent_id", [None, None], [None, None]),
        ("staging.clients", "referred_by_id", [None, None], [None, None]),
        ("marts.clients", "parent_id", [None], [None, None]),
        ("staging.referrals", "referred_by_id", [None], [None]),
        ("staging.interactions", "deal_id", ["D-1", None], []),
        ("marts.client_groups", "state", ["alone"], ["alone", "alone"]),
    ],
)
def test_client_or_row_of_another_reader_is_not_named(opened, table, column, first, second):
    for key, expected in (("M-1", first), ("M-2", second)):
        with opened(key) as warehouse:
            assert values(warehouse, table, column) == expected


def test_order_that_was_corrected_to_another_client_is_seen_by_each_while_it_was_theirs(opened):
    with opened("M-1") as first, opened("M-2") as second:
        then = {"month_end": "2025-04-30", "known_by": "2025-05-09"}
        theirs, ours = (each.remake("marts.client_orders", **then) for each in (first, second))
        assert theirs["revenue_amount"].tolist() == [10 + 160 + 640]
        assert ours["revenue_amount"].tolist() == [20, 40]
        now = first.remake("marts.client_orders", month_end="2025-04-30")
        assert now["revenue_amount"].tolist() == [170]
        read = first.read("marts.client_orders", as_of="2025-04-30")
        assert read["revenue_amount"].tolist() == [0, 170, 810]


def test_products_are_counted_over_the_clients_of_the_reader(opened):
    with opened("M-1") as warehouse:
        months = warehouse.read("marts.product_months", as_of="2025-03-31")
    assert months[["product_id", "revenue_12m_amount"]].values.tolist() == [["P-1", 170.0]]


def test_file_says_whose_it_is_and_which_snapshot_it_was_cut_from(opened, snapshot):
    with opened("M-1") as warehouse, open_warehouse(snapshot) as whole:
        assert warehouse.about.build_id == whole.about.build_id
        assert (warehouse.about.reader_kind, warehouse.about.reader_key) == ("manager", "M-1")
        assert whole.about.reader_key is None
        assert warehouse.month_ends() == whole.month_ends()
        assert [found for found in warehouse.check() if found.severity == "broken"] == []


def test_file_tells_its_clients_and_rows_and_stands_alone(snapshot, rules, tmp_path):
    (_, reader) = list_readers(snapshot, "manager", rules["manager"], as_of=AS_OF)
    with Editions(snapshot, "manager", rules["manager"], as_of=AS_OF) as editions:
        file = editions.write(reader, tmp_path / "m.duckdb")
    assert (file.clients, file.clients_count) == (("C-2", "C-3"), 2)
    assert (file.rows["raw.orders"], file.rows["marts.clients"]) == (3, 2)
    assert "raw.products" not in file.rows
    assert [path.name for path in tmp_path.iterdir()] == ["m.duckdb"]


def test_cleared_table_is_shown_whole_and_withheld_wins(snapshot, tmp_path):
    costs, limits = "staging.product_costs", "staging.approval_limits"
    rule = ReaderRule(
        column="region",
        cleared=frozenset({costs, limits, "staging.campaigns", "staging.products"}),
        withheld=frozenset({"staging.products", "marts.order_facts"}),
    )
    with Editions(snapshot, "region", rule, as_of=AS_OF) as editions:
        editions.write(editions.readers[0], tmp_path / "north.duckdb")
    with open_warehouse(tmp_path / "north.duckdb") as warehouse:
        assert values(warehouse, costs, "unit_cost") == [3]
        assert values(warehouse, limits, "manager_id") == ["M-1", "M-2"]
        assert values(warehouse, "staging.campaigns", "cost") == [900]
        assert values(warehouse, "staging.products", "product_id") == []
        assert values(warehouse, "marts.order_facts", "order_id") == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"column": "regin"}, "did you mean 'region'", id="misspelt column"),
        pytest.param({"cleared": {"staging.order"}}, "did you mean 'staging.orders'", id="table"),
        pytest.param({"withheld": {"zzz"}}, "there is no 'zzz' among the tables", id="nothing near"),
        pytest.param({"cleared": {"staging.orders"}}, "rows of single clients", id="client column"),
        pytest.param({"cleared": {"staging.payments"}}, "rows of single", id="follows an invoice"),
        pytest.param({"cleared": {"marts.line_months"}}, "rows of single", id="made again"),
    ],
)  # fmt: skip
def test_rule_that_cannot_be_kept_is_refused(changes, message):
    with pytest.raises(ConfigError, match=message):
        check_rule("region", ReaderRule(**({"column": "region"} | changes)))


def test_segment_readers_are_those_that_an_earlier_report_issued(snapshot, rules, tmp_path):
    members = pd.DataFrame({"client_id": ["C-1", "C-3"], "segment": ["large", "small"]})
    found = list_readers(snapshot, "segment", rules["segment"], as_of=AS_OF, members=members)
    assert [(each.key, each.clients_count) for each in found] == [("large", 1), ("small", 1)]
    members.to_parquet(tmp_path / "segments.parquet")
    path = tmp_path / "segments.parquet"
    assert list_readers(snapshot, "segment", rules["segment"], as_of=AS_OF, members=path) == found


@pytest.mark.parametrize(
    ("members", "message"),
    [
        pytest.param(None, "need the rows of issued.client_segments", id="none given"),
        pytest.param({"client_id": ["C-1"]}, "has no column 'segment'", id="no segment"),
        pytest.param(
            {"client_id": ["C-1", "C-5"], "segment": ["a", "b"]}, "more than one segment", id="two"
        ),
    ],
)
def test_members_that_do_not_say_who_belongs_to_whom_are_refused(snapshot, rules, members, message):
    frame = None if members is None else pd.DataFrame(members)
    with pytest.raises(InputError, match=message):
        list_readers(snapshot, "segment", rules["segment"], as_of=AS_OF, members=frame)


def test_file_of_a_reader_is_not_cut_again(opened, rules):
    with opened("M-1") as warehouse, pytest.raises(InputError, match="cannot be cut again"):
        list_readers(warehouse.path, "manager", rules["manager"], as_of=AS_OF)


def test_writing_that_fails_leaves_the_old_file_and_no_draft(
    snapshot, rules, tmp_path, monkeypatch
):
    target = tmp_path / "m.duckdb"
    target.write_text("old")
    with Editions(snapshot, "manager", rules["manager"], as_of=AS_OF) as editions:
        monkeypatch.setattr(Editions, "_write_reader", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            editions.write(editions.readers[0], target)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("m.duckdb", "old")]


def test_draft_and_log_of_a_killed_process_do_not_come_into_a_file(snapshot, rules, tmp_path):
    for name in ("m.duckdb.draft", "m.duckdb.draft.wal"):
        (tmp_path / name).write_text("half a file")
    with Editions(snapshot, "manager", rules["manager"], as_of=AS_OF) as editions:
        editions.write(editions.readers[0], tmp_path / "m.duckdb")
    with open_warehouse(tmp_path / "m.duckdb") as warehouse:
        assert values(warehouse, "marts.clients", "client_id") == ["C-1"]
    assert [path.name for path in tmp_path.iterdir()] == ["m.duckdb"]


def test_reader_of_another_list_gets_no_file(snapshot, rules, tmp_path):
    nobody = Reader("manager", "M-3", "Idle", 1)
    with (
        Editions(snapshot, "manager", rules["manager"], as_of=AS_OF) as editions,
        pytest.raises(InputError, match="there is no manager 'M-3' with 1 client"),
    ):
        editions.write(nobody, tmp_path / "m.duckdb")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param("drop table marts.portfolio_months", "lacks marts.portfolio_months", id="older"),
        pytest.param("create table main.notes as select 'C-4' as note", None, id="no contract"),
    ],
)  # fmt: skip
def test_snapshot_with_other_tables_is_refused_or_cut_without_them(
    snapshot, rules, tmp_path, change, message
):
    other = tmp_path / "other.duckdb"
    shutil.copyfile(snapshot, other)
    with duckdb.connect(other) as connection:
        connection.execute(change)
    if message:
        with pytest.raises(InputError, match=message):
            list_readers(other, "manager", rules["manager"], as_of=AS_OF)
        return
    with Editions(other, "manager", rules["manager"], as_of=AS_OF) as editions:
        editions.write(editions.readers[0], tmp_path / "m.duckdb")
    with open_warehouse(tmp_path / "m.duckdb") as warehouse:
        assert values(warehouse, "main.notes", "note") == []


def test_snapshot_that_is_not_there_is_named(rules, tmp_path):
    with pytest.raises(InputError, match="there is no snapshot none.duckdb"):
        list_readers(tmp_path / "none.duckdb", "manager", rules["manager"], as_of=AS_OF)


def test_issued_rows_are_cut_to_the_clients_of_the_reader(tmp_path):
    source, target = tmp_path / "scores.parquet", tmp_path / "mine.parquet"
    rows = {"client_id": ["C-1", "C-3"], "head_id": ["C-3", "C-3"], "score": [0.1, 0.3]}
    pd.DataFrame(rows).to_parquet(source)
    assert cut_issued(source, target, ["C-1"]) == 1
    with duckdb.connect() as own:  # the one that all tests share may be busy with another's result
        assert own.sql(f"from '{target}'").fetchall() == [("C-1", None, 0.1)]


def test_issued_table_without_clients_is_shown_only_where_it_is_cleared(tmp_path):
    source, target = tmp_path / "summary.parquet", tmp_path / "mine.parquet"
    pd.DataFrame({"segment": ["large", "small"], "clients_count": [7, 9]}).to_parquet(source)
    assert cut_issued(source, target, ["C-1"]) is None
    assert not target.exists()
    assert cut_issued(source, target, ["C-1"], is_cleared=True) == 2


def test_edition_opens_no_file_but_its_own(opened, snapshot, monkeypatch):
    with opened("M-1") as warehouse:
        monkeypatch.setenv(ONLY_FILE, str(warehouse.path))
        with open_warehouse(warehouse.path) as again:
            assert again.about.reader_key == "M-1"
    for other in (snapshot, snapshot.parent):
        with pytest.raises(InputError, match=f"may not open {snapshot.name}"):
            open_warehouse(other)


def test_figures_of_all_clients_are_not_made_again_from_those_of_one_reader(opened):
    with opened("M-1") as warehouse, pytest.raises(InputError, match="in the file of one reader"):
        warehouse.remake("marts.portfolio_months", month_end="2025-03-31")
