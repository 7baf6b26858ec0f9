"""Complete extracts: rows that vanish, come back, or may stand among lines that nobody can read."""

from pathlib import Path

import pytest
from test_load import GOOD, HEADING

from clientlib.errors import ConfigError, InputError

VERSIONS = """
    select version, known_on::varchar, known_until::varchar from orders
    where order_id = 'O-2' order by version
"""
WITHOUT_2 = HEADING + "O-1;C-1;2025-06-01;delivered;2025-06-10\n"
BELIEVED = "select order_id from orders where known_until is null order by order_id"
OTHER = HEADING + "O-3;C-3;2025-06-03;open;\n"


def rows_of(count: int) -> str:
    return HEADING + "".join(f"O-{n:03};C-1;2025-06-01;open;\n" for n in range(count))


@pytest.fixture
def complete(project):
    project.table["complete"] = True
    return project


def vanished(counts) -> list[tuple[int, int]]:
    return [(c.vanished_count, c.believed_count) for c in counts if c.file_name == "all files"]


def test_row_that_a_complete_extract_no_longer_holds_ends_on_the_day_of_loading(complete):
    complete.write(GOOD)
    complete.load("2025-07-01")
    complete.write(WITHOUT_2)
    assert vanished(complete.load("2025-07-15")) == [(1, 2)]
    assert complete.raw_rows(VERSIONS) == [(1, "2025-06-02", "2025-07-15")]
    assert complete.raw_rows(BELIEVED) == [("O-1",)]


def test_row_that_an_incomplete_extract_no_longer_holds_stays(project):
    project.write(GOOD)
    project.load("2025-07-01")
    project.write(WITHOUT_2)
    assert vanished(project.load("2025-07-15")) == []
    assert project.raw_rows(BELIEVED) == [("O-1",), ("O-2",)]


@pytest.mark.parametrize(
    ("returns_as", "day", "known_on"),
    [
        pytest.param("open", "2025-08-01", "2025-08-01", id="as it was"),
        pytest.param("delivered", "2025-08-01", "2025-08-01", id="changed"),
        pytest.param("open", "2025-07-15", "2025-07-15", id="on the day it vanished"),
        pytest.param("open", "2025-07-02", "2025-07-15", id="by a clock that was set back"),
    ],
)
def test_row_that_comes_back_is_a_later_version_known_after_its_end(
    complete, returns_as, day, known_on
):
    complete.write(GOOD)
    complete.load("2025-07-01")
    complete.write(WITHOUT_2)
    complete.load("2025-07-15")
    complete.write(GOOD.replace("02;open", f"02;{returns_as}"))
    complete.load(day)
    assert complete.raw_rows(VERSIONS) == [
        (1, "2025-06-02", "2025-07-15"),
        (2, known_on, None),
    ]


def test_row_that_vanishes_and_comes_back_often_has_versions_that_never_overlap(complete):
    for month, text in enumerate([GOOD, WITHOUT_2, GOOD, WITHOUT_2, GOOD], start=7):
        complete.write(text)
        complete.load(f"2025-{month:02}-01")
    assert complete.raw_rows(VERSIONS) == [
        (1, "2025-06-02", "2025-08-01"),
        (2, "2025-09-01", "2025-10-01"),
        (3, "2025-11-01", None),
    ]


def test_bad_row_of_a_complete_extract_has_not_vanished(complete):
    complete.write(GOOD)
    complete.load("2025-07-01")
    complete.write(WITHOUT_2 + "O-2;C-2;soon;open;\n")
    assert vanished(complete.load("2025-07-15")) == [(0, 2)]
    assert complete.raw_rows(BELIEVED) == [("O-1",), ("O-2",)]


def test_nothing_ends_while_the_extract_has_a_line_that_may_be_the_missing_row(complete):
    complete.write(GOOD)
    complete.load("2025-07-01")
    complete.write(WITHOUT_2 + "O-2;C-2;2025-06-02\n")
    assert vanished(complete.load("2025-07-15")) == [(0, 2)]
    complete.write(WITHOUT_2)
    assert vanished(complete.load("2025-07-16")) == [(1, 2)]


def test_row_whose_key_is_read_in_part_stands_for_every_row_with_that_part(complete):
    columns = {"order_id": "No", "line_no": "Line", "product_id": "P", "quantity": "Q", "unit_price": "Q"}  # fmt: skip
    complete.table |= {"table": "order_lines", "columns": columns}
    heading = "No;Line;P;Q\n"
    complete.write(heading + "O-1;1;P-1;1\nO-1;2;P-1;1\nO-2;1;P-1;1\n")
    complete.load("2025-07-01")
    complete.write(heading + "O-1;1;P-1;1\nO-1;x;P-1;1\n;;P-1;1\n")
    assert vanished(complete.load("2025-07-15")) == [(1, 3)]
    ended = "select order_id, line_no from order_lines where known_until is not null"
    assert complete.raw_rows(ended) == [("O-2", 1)]


def test_all_files_of_a_source_are_one_complete_extract(complete):
    complete.write(GOOD, "orders_1.csv")
    complete.write(OTHER, "orders_2.csv")
    complete.load("2025-07-01")
    complete.write(WITHOUT_2, "orders_1.csv")
    assert vanished(complete.load("2025-07-15")) == [(1, 3)]
    assert complete.raw_rows(BELIEVED) == [("O-1",), ("O-3",)]


def test_rows_of_a_file_that_is_gone_have_vanished_though_the_others_are_unchanged(complete):
    complete.write(GOOD, "orders_1.csv")
    complete.write(OTHER, "orders_2.csv").unlink()
    complete.load("2025-07-01")
    path = complete.write(OTHER, "orders_2.csv")
    complete.load("2025-07-02")
    path.unlink()
    assert vanished(complete.load("2025-07-15")) == [(1, 3)]
    assert vanished(complete.load("2025-07-16")) == []
    assert complete.raw_rows(BELIEVED) == [("O-1",), ("O-2",)]


def test_row_that_a_later_source_still_holds_stays_known_from_there(complete):
    complete.write(GOOD)
    settings = complete.settings()
    (complete.root / "crm").mkdir()
    (complete.root / "crm" / "orders.csv").write_text(GOOD)
    incomplete = [
        file.model_copy(update={"tables": [file.tables[0].model_copy(update={"complete": False})]})
        for file in settings.sources["erp"].files
    ]
    crm = settings.sources["erp"].model_copy(update={"path": Path("crm"), "files": incomplete})
    both = settings.model_copy(update={"sources": {**settings.sources, "crm": crm}})
    complete.settings = lambda: both
    complete.load("2025-07-01")
    complete.write(WITHOUT_2)
    complete.load("2025-07-15")
    rows = complete.raw_rows(f"select source, {VERSIONS.strip().removeprefix('select')}")
    assert rows == [
        ("erp", 1, "2025-06-02", "2025-07-15"),
        ("crm", 2, "2025-07-15", None),
    ]


def test_one_table_of_a_source_cannot_be_complete_in_one_mapping_only(project):
    project.write(GOOD)
    settings = project.settings()
    (file,) = settings.sources["erp"].files
    other = file.model_copy(
        update={"tables": [file.tables[0].model_copy(update={"complete": True})]}
    )
    source = settings.sources["erp"].model_copy(update={"files": [file, other]})
    project.settings = lambda: settings.model_copy(update={"sources": {"erp": source}})
    with pytest.raises(ConfigError, match="complete extract in one mapping only"):
        project.load()


def test_too_many_vanished_rows_keep_the_load_out_unless_that_is_accepted(complete):
    complete.write(rows_of(40))
    complete.load("2025-07-01")
    complete.write(rows_of(30))
    with pytest.raises(InputError, match="10 of 40 rows of orders have vanished"):
        complete.load("2025-07-15")
    assert complete.raw_rows("select count(*) from orders where known_until is null") == [(40,)]
    complete.load("2025-07-15", accept_excess=True)
    assert complete.raw_rows("select count(*) from orders where known_until is null") == [(30,)]
    ((excess,),) = complete.raw_rows("select accepted_excesses from loads where load_id = 2")
    assert excess == [
        "10 of 40 rows of orders have vanished from the complete extract, more than 20%"
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(50, 40, id="10 of 50 are just 20 %"),
        pytest.param(12, 3, id="9 rows are no broken export, whatever their share"),
    ],
)
def test_vanished_rows_up_to_the_limit_end(complete, before, after):
    complete.write(rows_of(before))
    complete.load("2025-07-01")
    complete.write(rows_of(after))
    assert vanished(complete.load("2025-07-15")) == [(before - after, before)]
